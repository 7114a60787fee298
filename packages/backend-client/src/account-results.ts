import type { AccountRateLimits, WorkspaceMessageType } from "@codex-ts/protocol";

// The names are those of the app server's protocol, `account/…`.

/** How much of the limits is used up. */
export interface AccountRateLimitsResult {
  /** The limits of Codex itself. */
  readonly rateLimits: AccountRateLimits;
  /** All limits by their id; of several with the same id the last. */
  readonly rateLimitsByLimitId: Readonly<Record<string, AccountRateLimits>>;
  readonly rateLimitResetCredits: { readonly availableCount: number } | null;
}

/** What became of a credit that starts limits anew. */
export interface ConsumeResetCreditResult {
  readonly outcome: "reset" | "nothingToReset" | "noCredit" | "alreadyRedeemed";
}

/** How much a user has used so far. What the server does not say is `null`. */
export interface AccountUsageResult {
  readonly summary: {
    readonly lifetimeTokens: number | null;
    readonly peakDailyTokens: number | null;
    readonly longestRunningTurnSec: number | null;
    readonly currentStreakDays: number | null;
    readonly longestStreakDays: number | null;
  };
  readonly dailyUsageBuckets: readonly { readonly startDate: string; readonly tokens: number }[] | null;
}

/** What a workspace tells its members. */
export interface WorkspaceMessagesResult {
  /** False when the workspace has no such messages. */
  readonly featureEnabled: boolean;
  readonly messages: readonly {
    readonly messageId: string;
    readonly messageType: WorkspaceMessageType;
    readonly messageBody: string;
    /** Unix seconds. */
    readonly createdAt: number | null;
    /** Unix seconds. */
    readonly archivedAt: number | null;
  }[];
}

/** Whether a mail went out, or the last one is not long ago. */
export interface NudgeEmailResult {
  readonly status: "sent" | "cooldown_active";
}
