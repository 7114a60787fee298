import type { PlanType } from "./plan-type.js";

/** How much of one window is used up. */
export interface RateLimitWindow {
  /** 0 to 100, with fractions. */
  readonly used_percent: number;
  readonly window_minutes: number | null;
  /** Unix seconds. */
  readonly resets_at: number | null;
}

/** What is left of bought credits. */
export interface RateLimitCredits {
  readonly has_credits: boolean;
  readonly unlimited: boolean;
  /** An amount as text, such as `12.50`. */
  readonly balance: string | null;
}

/** The spending limit of one member of a workspace. */
export interface IndividualLimit {
  /** An amount as text, such as `50.00`. */
  readonly limit: string;
  readonly used: string;
  readonly remaining_percent: number;
  /** Unix seconds. */
  readonly resets_at: number;
}

/** Which limit was hit. */
export type RateLimitReachedType =
  | "rate_limit_reached"
  | "workspace_owner_credits_depleted"
  | "workspace_member_credits_depleted"
  | "workspace_owner_usage_limit_reached"
  | "workspace_member_usage_limit_reached";

/** Every {@link RateLimitReachedType}. */
export const rateLimitReachedTypes: readonly RateLimitReachedType[] = [
  "rate_limit_reached",
  "workspace_owner_credits_depleted",
  "workspace_member_credits_depleted",
  "workspace_owner_usage_limit_reached",
  "workspace_member_usage_limit_reached",
];

/** The state of one family of rate limits. Every member is always there; `null` where unknown. */
export interface RateLimitSnapshot {
  /** The family, such as `codex` or `codex_other`. */
  readonly limit_id: string | null;
  readonly limit_name: string | null;
  readonly primary: RateLimitWindow | null;
  readonly secondary: RateLimitWindow | null;
  readonly credits: RateLimitCredits | null;
  readonly individual_limit: IndividualLimit | null;
  readonly plan_type: PlanType | null;
  readonly rate_limit_reached_type: RateLimitReachedType | null;
}
