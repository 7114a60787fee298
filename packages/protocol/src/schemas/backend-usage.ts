import { z } from "zod";
import type {
  AdditionalRateLimit,
  BackendUsage,
  SpendControl,
  SpendLimit,
  UsageCredits,
  UsageRateLimit,
  UsageWindow,
} from "../backend/usage.js";
import { type PlanType, parsePlanType } from "../plan-type.js";
import { type RateLimitReachedType, rateLimitReachedTypes } from "../rate-limit-snapshot.js";
import { int64, orNull } from "./optional.js";

const windowSchema: z.ZodType<UsageWindow> = z.object({
  used_percent: z.int32(),
  limit_window_seconds: z.int32(),
  reset_after_seconds: z.int32(),
  reset_at: z.int32(),
});

const rateLimitSchema: z.ZodType<UsageRateLimit> = z.object({
  allowed: z.boolean(),
  limit_reached: z.boolean(),
  primary_window: orNull(windowSchema),
  secondary_window: orNull(windowSchema),
});

const creditsSchema: z.ZodType<UsageCredits> = z.object({
  has_credits: z.boolean(),
  unlimited: z.boolean(),
  balance: orNull(z.string()),
  approx_local_messages: orNull<readonly unknown[]>(z.array(z.unknown())),
  approx_cloud_messages: orNull<readonly unknown[]>(z.array(z.unknown())),
});

const spendLimitSchema: z.ZodType<SpendLimit> = z.object({
  source: orNull(z.string()),
  limit: z.string(),
  used: z.string(),
  remaining: z.string(),
  used_percent: z.int32(),
  remaining_percent: z.int32(),
  reset_after_seconds: z.int32(),
  reset_at: z.int32(),
});

const spendControlSchema: z.ZodType<SpendControl> = z.object({
  reached: z.boolean(),
  individual_limit: orNull(spendLimitSchema),
});

const additionalSchema: z.ZodType<AdditionalRateLimit> = z.object({
  limit_name: z.string(),
  metered_feature: z.string(),
  rate_limit: orNull(rateLimitSchema),
});

/** Reads the answer of `GET …/usage`. Plans and reached types that are not known become `unknown` and `null`. */
export const backendUsageSchema: z.ZodType<BackendUsage> = z.object({
  plan_type: z.string().transform(toPlanType),
  rate_limit: orNull(rateLimitSchema),
  credits: orNull(creditsSchema),
  spend_control: orNull(spendControlSchema),
  additional_rate_limits: orNull<readonly AdditionalRateLimit[]>(z.array(additionalSchema)),
  rate_limit_reached_type: orNull<{ readonly type: string }>(z.object({ type: z.string() })).transform(
    toReachedType,
  ),
  rate_limit_reset_credits: orNull(z.object({ available_count: int64 })),
});

/** Unlike in the claims of a token `hc` is not known here. */
function toPlanType(plan: string): PlanType {
  return plan === "education" ? "edu" : parsePlanType(plan);
}

function toReachedType(reached: { readonly type: string } | null): RateLimitReachedType | null {
  return rateLimitReachedTypes.find((type) => type === reached?.type) ?? null;
}
