import { expect, test } from "vitest";
import type { z } from "zod";
import { toAccountRateLimits } from "../src/index.js";
import * as schemas from "../src/schemas/index.js";

const limits = toAccountRateLimits({
  limit_id: "codex",
  limit_name: null,
  primary: { used_percent: 24.5, window_minutes: 15, resets_at: 123 },
  secondary: null,
  credits: null,
  individual_limit: null,
  plan_type: "plus",
  rate_limit_reached_type: null,
});
const bucket = { startDate: "2026-06-01", tokens: 5 };
const summary = {
  lifetimeTokens: 1,
  peakDailyTokens: 2,
  longestRunningTurnSec: 3,
  currentStreakDays: null,
  longestStreakDays: 5,
};
const message = {
  messageId: "m",
  messageType: "headline",
  messageBody: "Hi",
  createdAt: 1_780_000_000,
  archivedAt: null,
};

type Case = readonly [name: string, schema: z.ZodType, value: object];

// What the app server sends and takes, every member set.
const messages: readonly Case[] = [
  [
    "account/login/completed",
    schemas.loginCompletedSchema,
    { loginId: "l", success: false, error: "cancelled" },
  ],
  [
    "account/login/completed at once",
    schemas.loginCompletedSchema,
    { loginId: null, success: true, error: null },
  ],
  ["account/read params", schemas.accountReadParamsSchema, { refreshToken: true }],
  ["account/read params, none", schemas.accountReadParamsSchema, {}],
  ...[
    null,
    { type: "apiKey" },
    { type: "chatgpt", email: null, planType: "unknown" },
    { type: "chatgpt", email: "a@b.c", planType: "edu" },
    { type: "amazonBedrock", credentialSource: "awsManaged" },
  ].map(
    (account): Case => [
      `account/read ${account?.type}`,
      schemas.accountReadResultSchema,
      { account, requiresOpenaiAuth: true },
    ],
  ),
  [
    "account/rateLimits/read",
    schemas.rateLimitsReadResultSchema,
    {
      rateLimits: limits,
      rateLimitsByLimitId: { codex: limits },
      rateLimitResetCredits: { availableCount: 2 },
    },
  ],
  ["consume params", schemas.resetCreditConsumeParamsSchema, { idempotencyKey: "k" }],
  ["consume", schemas.resetCreditConsumeResultSchema, { outcome: "alreadyRedeemed" }],
  ["account/usage/read", schemas.accountUsageResultSchema, { summary, dailyUsageBuckets: [bucket] }],
  [
    "account/workspaceMessages/read",
    schemas.workspaceMessagesResultSchema,
    { featureEnabled: true, messages: [message] },
  ],
  ["nudge params", schemas.creditsNudgeParamsSchema, { creditType: "usage_limit" }],
  ["nudge", schemas.creditsNudgeResultSchema, { status: "cooldown_active" }],
  [
    "tokens params",
    schemas.authTokensRefreshParamsSchema,
    { reason: "unauthorized", previousAccountId: "acct-1" },
  ],
  [
    "tokens",
    schemas.authTokensRefreshResultSchema,
    { accessToken: "t", chatgptAccountId: "acct-1", chatgptPlanType: null },
  ],
];

test.each(messages)("%s passes unchanged, and what is new is left out", (_name, schema, value) => {
  expect(schema.parse({ ...value, somethingNew: 1 })).toStrictEqual(value);
});

test("what is missing is null", () => {
  expect(schemas.loginCompletedSchema.parse({ success: true })).toStrictEqual({
    loginId: null,
    success: true,
    error: null,
  });
  expect(schemas.accountUsageResultSchema.parse({ summary: {} })).toStrictEqual({
    summary: Object.fromEntries(Object.keys(summary).map((name) => [name, null])),
    dailyUsageBuckets: null,
  });
});

test("what is new among plans and messages is unknown", () => {
  const account = { type: "chatgpt", email: null, planType: "ent26" };
  expect(schemas.accountReadResultSchema.parse({ account, requiresOpenaiAuth: false }).account).toStrictEqual(
    { ...account, planType: "unknown" },
  );
  const messages = [{ ...message, messageType: "banner" }];
  expect(
    schemas.workspaceMessagesResultSchema.parse({ featureEnabled: true, messages }).messages,
  ).toStrictEqual([{ ...message, messageType: "unknown" }]);
});

test.each<Case>([
  ["an account of another type", schemas.accountReadResultSchema, { account: { type: "x" } }],
  ["an empty key", schemas.resetCreditConsumeParamsSchema, { idempotencyKey: "" }],
  ["another outcome", schemas.resetCreditConsumeResultSchema, { outcome: "no_credit" }],
  ["tokens that are no integer", schemas.accountUsageResultSchema, { summary: { lifetimeTokens: 0.5 } }],
  [
    "a time as text",
    schemas.workspaceMessagesResultSchema,
    { featureEnabled: true, messages: [{ ...message, createdAt: "2026-06-14T00:00:00Z" }] },
  ],
  ["another credit", schemas.creditsNudgeParamsSchema, { creditType: "beer" }],
  ["another reason", schemas.authTokensRefreshParamsSchema, { reason: "expired" }],
  ["tokens without account", schemas.authTokensRefreshResultSchema, { accessToken: "t" }],
])("refuses %s", (_name, schema, value) => {
  expect(schema.safeParse(value).success).toBe(false);
});
