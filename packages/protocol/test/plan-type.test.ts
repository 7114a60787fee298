import { expect, test } from "vitest";
import {
  type AuthPlanType,
  isBusinessPlan,
  isKnownPlanType,
  isTeamPlan,
  isWorkspacePlan,
  type PlanType,
  parsePlanClaim,
  parsePlanType,
  parseRawPlan,
  planDisplayName,
  planTypes,
} from "../src/index.js";

// plan · name to show · team · business · workspace
const plans: readonly (readonly [PlanType, string, boolean, boolean, boolean])[] = [
  ["free", "Free", false, false, false],
  ["go", "Go", false, false, false],
  ["plus", "Plus", false, false, false],
  ["pro", "Pro", false, false, false],
  ["prolite", "Pro Lite", false, false, false],
  ["team", "Team", true, false, true],
  ["self_serve_business_usage_based", "Self Serve Business Usage Based", true, false, true],
  ["business", "Business", false, true, true],
  ["enterprise_cbp_usage_based", "Enterprise CBP Usage Based", false, true, true],
  ["enterprise", "Enterprise", false, false, true],
  ["edu", "Edu", false, false, true],
  ["unknown", "unknown", false, false, false],
];

test("lists every plan", () => {
  expect(planTypes).toEqual(plans.map(([plan]) => plan));
});

test.each(plans)("knows %s", (plan, name, isTeam, isBusiness, isWorkspace) => {
  expect(parsePlanType(plan)).toBe(plan);
  expect(parsePlanClaim(plan)).toBe(plan);
  expect(isKnownPlanType(plan)).toBe(plan !== "unknown");
  expect(planDisplayName(plan)).toBe(name);
  expect([isTeamPlan(plan), isBusinessPlan(plan), isWorkspacePlan(plan)]).toEqual([
    isTeam,
    isBusiness,
    isWorkspace,
  ]);
});

test.each([
  // text · as the plan of an account · as a claim · from elsewhere
  ["hc", "unknown", "enterprise", "enterprise"],
  ["education", "unknown", "edu", "edu"],
  ["Plus", "unknown", "Plus", "plus"],
  ["HC", "unknown", "HC", "enterprise"],
  ["Mystery-Tier", "unknown", "Mystery-Tier", "Mystery-Tier"],
  ["", "unknown", "", ""],
  ["constructor", "unknown", "constructor", "constructor"],
])("reads %j by the rules of each source", (text, account, claim, raw) => {
  expect(parsePlanType(text)).toBe(account);
  expect(parsePlanClaim(text)).toBe(claim);
  expect(parseRawPlan(text)).toBe(raw);
});

test("shows a plan that it does not know as it is", () => {
  const plan: AuthPlanType = "Mystery-Tier";
  expect(planDisplayName(plan)).toBe("Mystery-Tier");
});

test("finds no workspace without a plan", () => {
  expect([null, undefined, "hc", "toString"].some(isWorkspacePlan)).toBe(false);
});
