import { expect, test } from "vitest";
import * as namespace from "../src/schemas/index.js";

const schemas = { ...namespace };

type Name = Exclude<keyof typeof schemas, "responseItemSchema">;

const window = { used_percent: 1, limit_window_seconds: 60, reset_after_seconds: 0, reset_at: 10 };
const limit = { allowed: true, limit_reached: false };
const credit = { id: "c", reset_type: "t", status: "s", granted_at: "g" };
const item = { id: "t", title: "T", archived: false, has_unread_turn: true };
const pullRequest = { number: 1, url: "u", state: "open", merged: false, mergeable: true };
const thread = { thread_id: "t", estimated_usage_credits_micros: 1 };
const message = { message_id: "m", message_type: "headline", message_body: "b" };

const usage = (members: object): object => ({ plan_type: "plus", ...members });
const rateLimit = (members: object): object => usage({ rate_limit: { ...limit, ...members } });
const primary = (members: object): object => rateLimit({ primary_window: { ...window, ...members } });
const turn = (members: object): object => ({ current_assistant_turn: members });
const pulls = (members: object): object => ({
  items: [{ ...item, pull_requests: [{ id: "p", assistant_turn_id: "a", ...members }] }],
});

test.each<[Name, object]>([
  ["backendUsageSchema", primary({ reset_at: 2 ** 31 - 1, limit_window_seconds: -(2 ** 31) })],
  ["backendUsageSchema", usage({ rate_limit: null, credits: null, additional_rate_limits: null })],
  ["backendUsageSchema", usage({ additional_rate_limits: [] })],
  ["resetCreditListSchema", { credits: [], available_count: 0 }],
  ["consumedResetCreditSchema", { code: "reset", windows_reset: 2 ** 53 }],
  ["accountsCheckSchema", { accounts: {} }],
  ["accountsCheckSchema", { accounts: [{ id: "a", name: null }], default_account_id: null }],
  ["tokenUsageProfileSchema", { stats: { lifetime_tokens: null } }],
  ["userSettingsSchema", {}],
  ["threadUsageListSchema", { threads: [] }],
  ["workspaceMessageListSchema", { messages: [{ ...message, created_at: null }] }],
  ["taskPageSchema", { items: [{ ...item, updated_at: 1.5, task_status_display: {} }], cursor: null }],
  ["taskPageSchema", pulls({ pull_request: { ...pullRequest, draft: true }, codex_updated_sha: null })],
  ["taskDetailsSchema", { current_user_turn: null, task: 7 }],
  ["taskDetailsSchema", turn({ worklog: { messages: null }, output_items: null, error: {} })],
  ["taskDetailsSchema", turn({ output_items: [{ content: [{ more: 1 }, "text"] }] })],
  ["siblingTurnsSchema", {}],
  ["cloudEnvironmentsSchema", [{ id: "e", label: null, more: 1 }]],
  ["configBundleSchema", { config_toml: {}, requirements_toml: null }],
  ["configRequirementsSchema", { contents: null, more: 1 }],
])("%s takes %j", (name, value) => {
  expect(schemas[name].safeParse(value).error).toBeUndefined();
});

test.each<[Name, unknown]>([
  ["backendUsageSchema", {}],
  ["backendUsageSchema", null],
  ["backendUsageSchema", { plan_type: 1 }],
  ["backendUsageSchema", primary({ used_percent: 1.5 })],
  ["backendUsageSchema", primary({ reset_at: 2 ** 31 })],
  ["backendUsageSchema", primary({ reset_at: "10" })],
  ["backendUsageSchema", primary({ reset_after_seconds: null })],
  ["backendUsageSchema", rateLimit({ allowed: null })],
  ["backendUsageSchema", usage({ credits: { has_credits: true, unlimited: false, balance: 12.5 } })],
  ["backendUsageSchema", usage({ credits: { has_credits: true } })],
  ["backendUsageSchema", usage({ spend_control: {} })],
  ["backendUsageSchema", usage({ additional_rate_limits: [{ limit_name: "A" }] })],
  ["backendUsageSchema", usage({ rate_limit_reset_credits: {} })],
  ["resetCreditListSchema", { credits: [{ ...credit, id: null }], available_count: 1 }],
  ["resetCreditListSchema", { credits: [] }],
  ["consumedResetCreditSchema", {}],
  ["consumedResetCreditSchema", { code: "reset", windows_reset: 1.5 }],
  ["accountsCheckSchema", { accounts: "none" }],
  ["accountsCheckSchema", { accounts: [{ id: "a", structure: null }] }],
  ["accountsCheckSchema", { account_ordering: null }],
  ["accountsCheckSchema", { accounts: { a: {} } }],
  ["accountsCheckSchema", { accounts: [{ id: "a", account_routing_override: 1 }] }],
  ["tokenUsageProfileSchema", {}],
  ["tokenUsageProfileSchema", { stats: { lifetime_tokens: 1.5 } }],
  ["tokenUsageProfileSchema", { stats: { daily_usage_buckets: [{ start_date: "d" }] } }],
  ["userSettingsSchema", { commit_attribution_enabled: null }],
  ["threadUsageListSchema", {}],
  ["threadUsageListSchema", { threads: [{ ...thread, thread_id: 1 }] }],
  ["workspaceMessageListSchema", { messages: null }],
  ["workspaceMessageListSchema", { messages: [{ ...message, message_type: null }] }],
  ["taskPageSchema", {}],
  ["taskPageSchema", { items: [{ ...item, has_unread_turn: null }] }],
  ["taskPageSchema", pulls({})],
  ["taskPageSchema", pulls({ pull_request: { ...pullRequest, mergeable: undefined } })],
  ["taskDetailsSchema", turn({ output_items: [{ type: null }] })],
  ["taskDetailsSchema", turn({ output_items: [{ content: [7] }] })],
  ["taskDetailsSchema", turn({ attempt_placement: 1.5 })],
  ["siblingTurnsSchema", { sibling_turns: null }],
  ["siblingTurnsSchema", { sibling_turns: ["t"] }],
  ["cloudEnvironmentsSchema", { environments: [] }],
  ["cloudEnvironmentsSchema", [{ label: "e" }]],
  ["configBundleSchema", { config_toml: { enterprise_managed: [{ id: "c", name: "n" }] } }],
  ["configBundleSchema", []],
  ["configRequirementsSchema", { contents: 7 }],
])("%s refuses %j", (name, value) => {
  expect(schemas[name].safeParse(value).success).toBe(false);
});

test.each([
  ["education", "edu"],
  ["enterprise_cbp_usage_based", "enterprise_cbp_usage_based"],
  ["self_serve_business_usage_based", "self_serve_business_usage_based"],
  ["hc", "unknown"],
  ["free_workspace", "unknown"],
])("the plan %s of usage is %s", (plan_type, expected) => {
  expect(schemas.backendUsageSchema.parse({ plan_type }).plan_type).toBe(expected);
});

test("an account that is named by a key of every object is not made of thin air", () => {
  const check = { accounts: {}, account_ordering: ["constructor", "__proto__"] };
  expect(schemas.accountsCheckSchema.parse(check).accounts).toEqual([]);
});

test("members of a pull request that are not known are kept", () => {
  const page = schemas.taskPageSchema.parse(pulls({ pull_request: { ...pullRequest, draft: true } }));
  expect(page.items[0]?.pull_requests?.[0]?.pull_request).toEqual({ ...pullRequest, draft: true });
});
