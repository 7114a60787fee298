/** The answer of `GET …/profiles/me`. */
export interface TokenUsageProfile {
  readonly stats: TokenUsageStats;
}

/** What a user has used so far. What the server does not say is `null`. */
export interface TokenUsageStats {
  readonly lifetime_tokens: number | null;
  readonly peak_daily_tokens: number | null;
  readonly longest_running_turn_sec: number | null;
  readonly current_streak_days: number | null;
  readonly longest_streak_days: number | null;
  readonly daily_usage_buckets: readonly DailyUsage[] | null;
}

/** What was used on one day. */
export interface DailyUsage {
  /** `2026-06-01`. */
  readonly start_date: string;
  readonly tokens: number;
}

/** The answer of `GET …/settings/user`. */
export interface UserSettings {
  readonly commit_attribution_enabled: boolean;
}
