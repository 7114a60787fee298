import type { BackendUsage, RateLimitSnapshot, UsageRateLimit, UsageWindow } from "@codex-ts/protocol";

type Windows = Pick<RateLimitSnapshot, "primary" | "secondary">;
type RateLimitWindow = NonNullable<Windows["primary"]>;

/**
 * Puts usage in the form in which responses report limits. First comes the family `codex`, with credits and spending
 * limit, then one snapshot for each additional limit.
 */
export function toRateLimitSnapshots(
  usage: BackendUsage,
): readonly [RateLimitSnapshot, ...RateLimitSnapshot[]] {
  const { plan_type, credits, spend_control, additional_rate_limits } = usage;
  const limit = spend_control?.individual_limit ?? null;
  return [
    {
      limit_id: "codex",
      limit_name: null,
      ...toWindows(usage.rate_limit),
      credits: credits && {
        has_credits: credits.has_credits,
        unlimited: credits.unlimited,
        balance: credits.balance,
      },
      individual_limit: limit && {
        limit: limit.limit,
        used: limit.used,
        remaining_percent: limit.remaining_percent,
        resets_at: limit.reset_at,
      },
      plan_type,
      rate_limit_reached_type: usage.rate_limit_reached_type,
    },
    ...(additional_rate_limits ?? []).map(({ limit_name, metered_feature, rate_limit }) => ({
      limit_id: metered_feature,
      limit_name,
      ...toWindows(rate_limit),
      credits: null,
      individual_limit: null,
      plan_type,
      rate_limit_reached_type: null,
    })),
  ];
}

/** Chooses the snapshot that stands for all: the first of family `codex`, else the first. */
export function preferredRateLimit(
  snapshots: readonly [RateLimitSnapshot, ...RateLimitSnapshot[]],
): RateLimitSnapshot {
  return snapshots.find(({ limit_id }) => limit_id === "codex") ?? snapshots[0];
}

function toWindows(limit: UsageRateLimit | null): Windows {
  return {
    primary: toWindow(limit?.primary_window ?? null),
    secondary: toWindow(limit?.secondary_window ?? null),
  };
}

function toWindow(window: UsageWindow | null): RateLimitWindow | null {
  if (window === null) return null;
  const { used_percent, limit_window_seconds: seconds, reset_at } = window;
  return {
    used_percent,
    window_minutes: seconds > 0 ? Math.ceil(seconds / 60) : null,
    resets_at: reset_at,
  };
}
