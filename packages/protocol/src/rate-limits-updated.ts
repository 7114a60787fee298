import type { PlanType } from "./plan-type.js";
import type { RateLimitReachedType, RateLimitSnapshot, RateLimitWindow } from "./rate-limit-snapshot.js";

/**
 * Parameters of the notification `account/rateLimits/updated`. Members that are `null` do not clear what is
 * known.
 */
export interface RateLimitsUpdatedNotification {
  readonly rateLimits: AccountRateLimits;
}

/** A {@link RateLimitSnapshot} in the spelling of the app server. */
export interface AccountRateLimits {
  readonly limitId: string | null;
  readonly limitName: string | null;
  readonly primary: AccountRateLimitWindow | null;
  readonly secondary: AccountRateLimitWindow | null;
  readonly credits: {
    readonly hasCredits: boolean;
    readonly unlimited: boolean;
    readonly balance: string | null;
  } | null;
  readonly individualLimit: {
    readonly limit: string;
    readonly used: string;
    readonly remainingPercent: number;
    /** Unix seconds. */
    readonly resetsAt: number;
  } | null;
  readonly planType: PlanType | null;
  readonly rateLimitReachedType: RateLimitReachedType | null;
}

/** A {@link RateLimitWindow} in the spelling of the app server. */
export interface AccountRateLimitWindow {
  /** Whole percent. */
  readonly usedPercent: number;
  readonly windowDurationMins: number | null;
  /** Unix seconds. */
  readonly resetsAt: number | null;
}

/** Puts a snapshot in the form in which the app server reports it. */
export function toAccountRateLimits(snapshot: RateLimitSnapshot): AccountRateLimits {
  const { credits, individual_limit: individualLimit } = snapshot;
  return {
    limitId: snapshot.limit_id,
    limitName: snapshot.limit_name,
    primary: toAccountWindow(snapshot.primary),
    secondary: toAccountWindow(snapshot.secondary),
    credits: credits && {
      hasCredits: credits.has_credits,
      unlimited: credits.unlimited,
      balance: credits.balance,
    },
    individualLimit: individualLimit && {
      limit: individualLimit.limit,
      used: individualLimit.used,
      remainingPercent: individualLimit.remaining_percent,
      resetsAt: individualLimit.resets_at,
    },
    planType: snapshot.plan_type,
    rateLimitReachedType: snapshot.rate_limit_reached_type,
  };
}

function toAccountWindow(window: RateLimitWindow | null): AccountRateLimitWindow | null {
  return (
    window && {
      usedPercent: toInt32(window.used_percent),
      windowDurationMins: window.window_minutes,
      resetsAt: window.resets_at,
    }
  );
}

/** Rounds half away from zero, which `Math.round` does not do below it, and stays within 32 bits. */
function toInt32(value: number): number {
  const rounded = Math.sign(value) * Math.round(Math.abs(value));
  // Neither -0 nor NaN is a 32-bit integer.
  return Math.min(Math.max(rounded, -(2 ** 31)), 2 ** 31 - 1) || 0;
}
