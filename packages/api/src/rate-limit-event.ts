import { parsePlanType, type RateLimitSnapshot, type RateLimitWindow } from "@codex-ts/protocol";
import { isInt64 } from "./int64.js";
import { isJsonObject } from "./json-object.js";
import { toLimitId } from "./rate-limits.js";

/**
 * Reads a `codex.rate_limits` event, with which the server tells limits while an answer is streaming.
 *
 * @param payload - The event as parsed JSON.
 * @returns Null for anything that is not such an event, or not of its shape.
 */
export function parseRateLimitEvent(payload: unknown): RateLimitSnapshot | null {
  if (!isRateLimitEvent(payload)) return null;
  const { credits, plan_type, rate_limits } = payload;
  return {
    limit_id: toLimitId(payload.metered_limit_name ?? payload.limit_name ?? undefined),
    limit_name: null,
    primary: toWindow(rate_limits?.primary),
    secondary: toWindow(rate_limits?.secondary),
    credits: credits
      ? { has_credits: credits.has_credits, unlimited: credits.unlimited, balance: credits.balance ?? null }
      : null,
    individual_limit: null,
    plan_type: typeof plan_type === "string" ? parsePlanType(plan_type) : null,
    rate_limit_reached_type: null,
  };
}

type Optional<Value> = Value | null | undefined;

interface RateLimitEvent {
  readonly type: "codex.rate_limits";
  readonly plan_type?: Optional<string>;
  readonly rate_limits?: Optional<{
    readonly primary?: Optional<WireWindow>;
    readonly secondary?: Optional<WireWindow>;
  }>;
  readonly credits?: Optional<{
    readonly has_credits: boolean;
    readonly unlimited: boolean;
    readonly balance?: Optional<string>;
  }>;
  readonly metered_limit_name?: Optional<string>;
  readonly limit_name?: Optional<string>;
}

interface WireWindow {
  readonly used_percent: number;
  readonly window_minutes?: Optional<number>;
  readonly reset_at?: Optional<number>;
}

function isRateLimitEvent(value: unknown): value is RateLimitEvent {
  return (
    isJsonObject(value) &&
    value["type"] === "codex.rate_limits" &&
    isMissingOr(isString, value["plan_type"]) &&
    isMissingOr(areLimits, value["rate_limits"]) &&
    isMissingOr(areCredits, value["credits"]) &&
    isMissingOr(isString, value["metered_limit_name"]) &&
    isMissingOr(isString, value["limit_name"])
  );
}

function areLimits(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    isMissingOr(isWindow, value["primary"]) &&
    isMissingOr(isWindow, value["secondary"])
  );
}

function isWindow(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    typeof value["used_percent"] === "number" &&
    isMissingOr(isInt64, value["window_minutes"]) &&
    isMissingOr(isInt64, value["reset_at"])
  );
}

function areCredits(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    typeof value["has_credits"] === "boolean" &&
    typeof value["unlimited"] === "boolean" &&
    isMissingOr(isString, value["balance"])
  );
}

function isMissingOr(isValid: (value: unknown) => boolean, value: unknown): boolean {
  return value === undefined || value === null || isValid(value);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function toWindow(window: Optional<WireWindow>): RateLimitWindow | null {
  if (!window) return null;
  return {
    used_percent: window.used_percent,
    window_minutes: window.window_minutes ?? null,
    resets_at: window.reset_at ?? null,
  };
}
