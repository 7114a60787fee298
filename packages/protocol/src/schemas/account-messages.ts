import { z } from "zod";
import type {
  Account,
  AccountReadParams,
  AccountReadResult,
  AccountUsageResult,
  AuthTokensRefreshParams,
  AuthTokensRefreshResult,
  CreditsNudgeParams,
  CreditsNudgeResult,
  LoginCompletedNotification,
  RateLimitsReadResult,
  ResetCreditConsumeParams,
  ResetCreditConsumeResult,
  WorkspaceMessagesResult,
} from "../account-messages.js";
import { parsePlanType } from "../plan-type.js";
import { int64, orAbsent, orNull, withoutUnset } from "./optional.js";
import { accountRateLimitsSchema } from "./rate-limits-updated.js";

/** Reads the parameters of `account/login/completed`. */
export const loginCompletedSchema: z.ZodType<LoginCompletedNotification> = z.object({
  loginId: orNull(z.string()),
  success: z.boolean(),
  error: orNull(z.string()),
});

/** Reads the parameters of `account/read`. */
export const accountReadParamsSchema: z.ZodType<AccountReadParams> = z
  .object({ refreshToken: orAbsent(z.boolean()) })
  .transform(withoutUnset);

const accountSchema: z.ZodType<Account> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("apiKey") }),
  z.object({
    type: z.literal("chatgpt"),
    email: orNull(z.string()),
    planType: z.string().transform(parsePlanType),
  }),
  z.object({
    type: z.literal("amazonBedrock"),
    credentialSource: z.enum(["codexManaged", "awsManaged"]),
  }),
]);

/** Reads the result of `account/read`. A plan that is not known is `unknown`. */
export const accountReadResultSchema: z.ZodType<AccountReadResult> = z.object({
  account: orNull(accountSchema),
  requiresOpenaiAuth: z.boolean(),
});

/** Reads the result of `account/rateLimits/read`. */
export const rateLimitsReadResultSchema: z.ZodType<RateLimitsReadResult> = z.object({
  rateLimits: accountRateLimitsSchema,
  rateLimitsByLimitId: orNull(z.record(z.string(), accountRateLimitsSchema)),
  rateLimitResetCredits: orNull(z.object({ availableCount: int64 })),
});

/** Reads the parameters of `account/rateLimitResetCredit/consume`. */
export const resetCreditConsumeParamsSchema: z.ZodType<ResetCreditConsumeParams> = z.object({
  idempotencyKey: z.string().min(1, "idempotencyKey must not be empty"),
});

/** Reads the result of `account/rateLimitResetCredit/consume`. */
export const resetCreditConsumeResultSchema: z.ZodType<ResetCreditConsumeResult> = z.object({
  outcome: z.enum(["reset", "nothingToReset", "noCredit", "alreadyRedeemed"]),
});

/** Reads the result of `account/usage/read`. */
export const accountUsageResultSchema: z.ZodType<AccountUsageResult> = z.object({
  summary: z.object({
    lifetimeTokens: orNull(int64),
    peakDailyTokens: orNull(int64),
    longestRunningTurnSec: orNull(int64),
    currentStreakDays: orNull(int64),
    longestStreakDays: orNull(int64),
  }),
  dailyUsageBuckets: orNull(z.array(z.object({ startDate: z.string(), tokens: int64 }))),
});

/** Reads the result of `account/workspaceMessages/read`. A type of message that is not known is `unknown`. */
export const workspaceMessagesResultSchema: z.ZodType<WorkspaceMessagesResult> = z.object({
  featureEnabled: z.boolean(),
  messages: z.array(
    z.object({
      messageId: z.string(),
      messageType: z.enum(["headline", "announcement"]).or(z.string().transform(() => "unknown" as const)),
      messageBody: z.string(),
      createdAt: orNull(int64),
      archivedAt: orNull(int64),
    }),
  ),
});

/** Reads the parameters of `account/sendAddCreditsNudgeEmail`. */
export const creditsNudgeParamsSchema: z.ZodType<CreditsNudgeParams> = z.object({
  creditType: z.enum(["credits", "usage_limit"]),
});

/** Reads the result of `account/sendAddCreditsNudgeEmail`. */
export const creditsNudgeResultSchema: z.ZodType<CreditsNudgeResult> = z.object({
  status: z.enum(["sent", "cooldown_active"]),
});

/** Reads the parameters of `account/chatgptAuthTokens/refresh`. */
export const authTokensRefreshParamsSchema: z.ZodType<AuthTokensRefreshParams> = z
  .object({ reason: z.literal("unauthorized"), previousAccountId: orAbsent(z.string()) })
  .transform(withoutUnset);

/** Reads the result of `account/chatgptAuthTokens/refresh`. */
export const authTokensRefreshResultSchema: z.ZodType<AuthTokensRefreshResult> = z.object({
  accessToken: z.string(),
  chatgptAccountId: z.string(),
  chatgptPlanType: orNull(z.string()),
});
