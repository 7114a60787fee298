import type { RateLimitReachedType, RateLimitSnapshot } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { type UsageLimitFacts, UserError } from "../../src/index.js";

const now = Date.parse("2026-01-01T12:00:00Z");

function text(facts: Partial<UsageLimitFacts>, timeZone = "UTC"): string {
  return new UserError({ kind: "usage_limit_reached", ...facts }, { clock: () => now, timeZone }).message;
}

const pro =
  "Upgrade to Pro (https://chatgpt.com/explore/pro), visit https://chatgpt.com/codex/settings/usage to purchase more credits";
const plus = "Upgrade to Plus to continue using Codex (https://chatgpt.com/explore/plus),";
const buy = "Visit https://chatgpt.com/codex/settings/usage to purchase more credits";
const admin = "To get more access now, send a request to your admin";

test.each([
  ["plus", pro],
  ["free", plus],
  ["go", plus],
  ["pro", buy],
  ["prolite", buy],
  ["team", admin],
  ["business", admin],
  ["self_serve_business_usage_based", admin],
  ["self_serve_business_prolite", admin],
  ["enterprise_cbp_usage_based", admin],
  ["enterprise_cbp_automation", admin],
  ["ent26", admin],
])("plan %s is told what it can do", (planType, advice) => {
  expect(text({ planType })).toBe(`You've hit your usage limit. ${advice} or try again later.`);
});

test.each(["enterprise", "edu", "mystery", "Plus", undefined])("plan %s can only wait", (planType) => {
  expect(text({ planType })).toBe("You've hit your usage limit. Try again later.");
});

test.each<readonly [RateLimitReachedType, string]>([
  ["workspace_owner_credits_depleted", "Your workspace is out of credits. Add credits to continue."],
  [
    "workspace_member_credits_depleted",
    "Your workspace is out of credits. Ask your workspace owner to refill in order to continue.",
  ],
  [
    "workspace_owner_usage_limit_reached",
    "You hit your spend cap set in your workspace. Increase your spend cap to continue.",
  ],
  [
    "workspace_member_usage_limit_reached",
    "You hit your spend cap set by the owner of your workspace. " +
      "Ask an owner to increase your spend cap to continue.",
  ],
  ["rate_limit_reached", `You've hit your usage limit. ${pro} or try again later.`],
])("a workspace that reached %s", (reachedType, message) => {
  expect(text({ planType: "plus", reachedType })).toBe(message);
});

function limitNamed(limit_name: string | null): RateLimitSnapshot {
  return {
    limit_id: "codex_other",
    limit_name,
    primary: null,
    secondary: null,
    credits: null,
    individual_limit: null,
    plan_type: null,
    rate_limit_reached_type: null,
  };
}

test("a limit with a name of its own hides upsell, workspace and promotion", () => {
  const facts: Partial<UsageLimitFacts> = {
    planType: "plus",
    promoMessage: "Promo",
    reachedType: "workspace_owner_credits_depleted",
    rateLimits: limitNamed(" gpt-fast "),
    resetsAt: new Date("2026-01-01T14:05:00Z"),
  };
  expect(text(facts)).toBe(
    "You've hit your usage limit for gpt-fast. Switch to another model now, or try again at 2:05 PM.",
  );
});

test.each(["Codex", " codex ", "", null])("a limit named %j has no name of its own", (name) => {
  expect(text({ rateLimits: limitNamed(name) })).toBe("You've hit your usage limit. Try again later.");
});

test("a promotion takes the place of the plan's advice", () => {
  expect(text({ planType: "plus", promoMessage: "Promo", resetsAt: new Date("2026-01-01T12:30:00Z") })).toBe(
    "You've hit your usage limit. Promo, or try again at 12:30 PM.",
  );
});

test.each([
  ["minutes", "2026-01-01T12:31:00Z", "12:31 PM"],
  ["hours", "2026-01-01T15:02:00Z", "3:02 PM"],
  ["seconds", "2026-01-01T12:00:30Z", "12:00 PM"],
  ["days", "2026-01-08T12:00:00Z", "Jan 8th, 2026 12:00 PM"],
  ["midnight", "2026-01-02T00:00:00Z", "Jan 2nd, 2026 12:00 AM"],
  ["years", "2027-12-31T09:09:00Z", "Dec 31st, 2027 9:09 AM"],
  ["a year", "2027-01-01T12:00:00Z", "Jan 1st, 2027 12:00 PM"],
])("a reset within %s is told as a time", (_what, resetsAt, shown) => {
  expect(text({ resetsAt: new Date(resetsAt) })).toBe(`You've hit your usage limit. Try again at ${shown}.`);
});

test.each([
  ["America/Los_Angeles", "10:00 PM"],
  ["Asia/Tokyo", "Jan 2nd, 2026 3:00 PM"],
])("the day is that of %s", (timeZone, shown) => {
  const resetsAt = new Date("2026-01-02T06:00:00Z");
  expect(text({ resetsAt }, timeZone)).toBe(`You've hit your usage limit. Try again at ${shown}.`);
});

test.each([
  [1, "st"],
  [2, "nd"],
  [3, "rd"],
  [4, "th"],
  [11, "th"],
  [12, "th"],
  [13, "th"],
  [20, "th"],
  [21, "st"],
  [22, "nd"],
  [23, "rd"],
  [31, "st"],
])("day %d ends in %s", (day, suffix) => {
  const resetsAt = new Date(Date.UTC(2026, 2, day, 1, 5));
  expect(text({ resetsAt })).toContain(` at Mar ${day}${suffix}, 2026 1:05 AM.`);
});

test("without a time zone the machine's counts", () => {
  const resetsAt = new Date("2026-03-05T12:00:00Z");
  const { message } = new UserError({ kind: "usage_limit_reached", resetsAt }, { clock: () => now });
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  expect(message).toBe(text({ resetsAt }, timeZone));
});
