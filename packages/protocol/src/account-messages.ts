import type { PlanType } from "./plan-type.js";
import type { AccountRateLimits } from "./rate-limits-updated.js";

/** Parameters of the notification `account/login/completed`: how a sign-in ended. */
export interface LoginCompletedNotification {
  /** The id that `account/login/start` gave; `null` for logins that were complete at once. */
  readonly loginId: string | null;
  readonly success: boolean;
  /** Why it failed, for people. */
  readonly error: string | null;
}

/** Parameters of `account/read`. */
export interface AccountReadParams {
  /** Refreshes the tokens first. Of no effect for tokens that a host handed in. */
  readonly refreshToken?: boolean | undefined;
}

/** Whose login a host sees. Every login to ChatGPT is `chatgpt`, an Agent Identity and an access token too. */
export type Account =
  | { readonly type: "apiKey" }
  | {
      readonly type: "chatgpt";
      readonly email: string | null;
      /** `unknown` when the login names no plan. */
      readonly planType: PlanType;
    }
  | {
      readonly type: "amazonBedrock";
      readonly credentialSource: BedrockCredentialSource;
    };

/** Who looks after the credentials of Amazon Bedrock. */
export type BedrockCredentialSource = "codexManaged" | "awsManaged";

/** Result of `account/read`. */
export interface AccountReadResult {
  /** `null`: nobody is signed in, none is needed, or the tokens can never be refreshed again. */
  readonly account: Account | null;
  /** Whether the provider of models needs an OpenAI login. */
  readonly requiresOpenaiAuth: boolean;
}

/** Result of `account/rateLimits/read`. */
export interface RateLimitsReadResult {
  /** The family that is shown where there is room for one. */
  readonly rateLimits: AccountRateLimits;
  /** All families by their id. */
  readonly rateLimitsByLimitId: Readonly<Record<string, AccountRateLimits>> | null;
  readonly rateLimitResetCredits: { readonly availableCount: number } | null;
}

/** Parameters of `account/rateLimitResetCredit/consume`. */
export interface ResetCreditConsumeParams {
  /** The same text is the same order: repeating it uses up nothing more. Not empty. */
  readonly idempotencyKey: string;
}

/** What came of using up a credit that resets rate limits. */
export type ResetCreditOutcome = "reset" | "nothingToReset" | "noCredit" | "alreadyRedeemed";

/** Result of `account/rateLimitResetCredit/consume`. */
export interface ResetCreditConsumeResult {
  readonly outcome: ResetCreditOutcome;
}

/** Result of `account/usage/read`: how many tokens were used. */
export interface AccountUsageResult {
  readonly summary: {
    readonly lifetimeTokens: number | null;
    readonly peakDailyTokens: number | null;
    readonly longestRunningTurnSec: number | null;
    readonly currentStreakDays: number | null;
    readonly longestStreakDays: number | null;
  };
  readonly dailyUsageBuckets:
    | readonly {
        /** Such as `2026-06-01`. */
        readonly startDate: string;
        readonly tokens: number;
      }[]
    | null;
}

/** A message of the owners of a workspace to its members. */
export interface AccountWorkspaceMessage {
  readonly messageId: string;
  readonly messageType: "headline" | "announcement" | "unknown";
  readonly messageBody: string;
  /** Unix seconds. */
  readonly createdAt: number | null;
  /** Unix seconds. */
  readonly archivedAt: number | null;
}

/** Result of `account/workspaceMessages/read`. */
export interface WorkspaceMessagesResult {
  /** False when the backend has no such messages. */
  readonly featureEnabled: boolean;
  readonly messages: readonly AccountWorkspaceMessage[];
}

/** Parameters of `account/sendAddCreditsNudgeEmail`: what the owner of the workspace is asked for. */
export interface CreditsNudgeParams {
  readonly creditType: "credits" | "usage_limit";
}

/** Result of `account/sendAddCreditsNudgeEmail`. */
export interface CreditsNudgeResult {
  /** `cooldown_active`: one was sent a short while ago. */
  readonly status: "sent" | "cooldown_active";
}

/** Parameters of `account/chatgptAuthTokens/refresh`, which the host is asked. */
export interface AuthTokensRefreshParams {
  readonly reason: "unauthorized";
  /** The account whose token was refused. */
  readonly previousAccountId?: string | null | undefined;
}

/** Result of `account/chatgptAuthTokens/refresh`. Holds a secret. */
export interface AuthTokensRefreshResult {
  readonly accessToken: string;
  readonly chatgptAccountId: string;
  readonly chatgptPlanType: string | null;
}
