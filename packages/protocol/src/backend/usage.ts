import type { PlanType } from "../plan-type.js";
import type { RateLimitReachedType } from "../rate-limit-snapshot.js";

/** The answer of `GET …/usage`. What the server does not say is `null`. */
export interface BackendUsage {
  /** A name that is not known is `unknown`. */
  readonly plan_type: PlanType;
  readonly rate_limit: UsageRateLimit | null;
  readonly credits: UsageCredits | null;
  readonly spend_control: SpendControl | null;
  /** Limits of single features, in the order of the server. */
  readonly additional_rate_limits: readonly AdditionalRateLimit[] | null;
  /** Also `null` when the server names a type that is not known. */
  readonly rate_limit_reached_type: RateLimitReachedType | null;
  readonly rate_limit_reset_credits: { readonly available_count: number } | null;
}

/** The state of one family of limits. */
export interface UsageRateLimit {
  readonly allowed: boolean;
  readonly limit_reached: boolean;
  readonly primary_window: UsageWindow | null;
  readonly secondary_window: UsageWindow | null;
}

/** How much of one window is used up. */
export interface UsageWindow {
  /** Whole percent. */
  readonly used_percent: number;
  readonly limit_window_seconds: number;
  readonly reset_after_seconds: number;
  /** Unix seconds. */
  readonly reset_at: number;
}

/** What is left of bought credits. */
export interface UsageCredits {
  readonly has_credits: boolean;
  readonly unlimited: boolean;
  /** An amount as text, such as `12.50`. */
  readonly balance: string | null;
  /** About how many messages the credits are worth: a range. */
  readonly approx_local_messages: readonly unknown[] | null;
  readonly approx_cloud_messages: readonly unknown[] | null;
}

/** Whether the spending limits of a workspace are reached. */
export interface SpendControl {
  readonly reached: boolean;
  readonly individual_limit: SpendLimit | null;
}

/** The spending limit of one member. Amounts are texts, such as `50.00`. */
export interface SpendLimit {
  readonly source: string | null;
  readonly limit: string;
  readonly used: string;
  readonly remaining: string;
  readonly used_percent: number;
  readonly remaining_percent: number;
  readonly reset_after_seconds: number;
  /** Unix seconds. */
  readonly reset_at: number;
}

/** The limit of one feature. */
export interface AdditionalRateLimit {
  readonly limit_name: string;
  /** The id of the limit, such as `codex_spark`. */
  readonly metered_feature: string;
  readonly rate_limit: UsageRateLimit | null;
}
