import { expect, test } from "vitest";
import { type RateLimitSnapshot, toAccountRateLimits } from "../src/index.js";
import { rateLimitsUpdatedSchema } from "../src/schemas/index.js";

const empty: RateLimitSnapshot = {
  limit_id: null,
  limit_name: null,
  primary: null,
  secondary: null,
  credits: null,
  individual_limit: null,
  plan_type: null,
  rate_limit_reached_type: null,
};

const emptyReport = {
  limitId: null,
  limitName: null,
  primary: null,
  secondary: null,
  credits: null,
  individualLimit: null,
  planType: null,
  rateLimitReachedType: null,
};

test("spells a full snapshot like the app server", () => {
  const report = toAccountRateLimits({
    limit_id: "codex",
    limit_name: "Codex",
    primary: { used_percent: 24.5, window_minutes: 15, resets_at: 123 },
    secondary: { used_percent: 0, window_minutes: null, resets_at: null },
    credits: { has_credits: true, unlimited: false, balance: "5" },
    individual_limit: { limit: "50.00", used: "12.50", remaining_percent: 75, resets_at: 1_760_000_000 },
    plan_type: "plus",
    rate_limit_reached_type: "rate_limit_reached",
  });
  expect(report).toStrictEqual({
    limitId: "codex",
    limitName: "Codex",
    primary: { usedPercent: 25, windowDurationMins: 15, resetsAt: 123 },
    secondary: { usedPercent: 0, windowDurationMins: null, resetsAt: null },
    credits: { hasCredits: true, unlimited: false, balance: "5" },
    individualLimit: { limit: "50.00", used: "12.50", remainingPercent: 75, resetsAt: 1_760_000_000 },
    planType: "plus",
    rateLimitReachedType: "rate_limit_reached",
  });
  expect(rateLimitsUpdatedSchema.parse({ rateLimits: report })).toStrictEqual({ rateLimits: report });
});

test("keeps every member of an empty snapshot, as null", () => {
  expect(toAccountRateLimits(empty)).toStrictEqual(emptyReport);
});

test.each([
  [12.5, 13],
  [12.49, 12],
  [-0.5, -1],
  [-0.2, 0],
  [1e12, 2 ** 31 - 1],
  [-1e12, -(2 ** 31)],
  [Number.NaN, 0],
])("rounds %d percent to %d", (used_percent, usedPercent) => {
  const primary = { used_percent, window_minutes: null, resets_at: null };
  expect(toAccountRateLimits({ ...empty, primary }).primary?.usedPercent).toBe(usedPercent);
});

test("reads a sparse notification: what is missing is null, what is new is left out", () => {
  expect(
    rateLimitsUpdatedSchema.parse({ rateLimits: { planType: "ent26", spendControlReached: true } }),
  ).toStrictEqual({
    rateLimits: { ...emptyReport, planType: "unknown" },
  });
});

test.each([
  { rateLimits: null },
  { rateLimits: { primary: { usedPercent: 0.5 } } },
  { rateLimits: { credits: { hasCredits: true } } },
  { rateLimits: { rateLimitReachedType: "new_type" } },
])("refuses %j", (notification) => {
  expect(rateLimitsUpdatedSchema.safeParse(notification).success).toBe(false);
});
