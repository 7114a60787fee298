import { expect, test } from "vitest";
import {
  configBundleCacheSchema,
  configRequirementsCacheSchema,
  managedRequirementsSchema,
} from "../src/schemas/index.js";

const facts = { cached_at: "2026-06-25T10:00:00Z", expires_at: "2026-06-25T11:00:00Z" };
const nobody = { chatgpt_user_id: null, account_id: null, base_url: null };
const fragment = { id: "a", name: "A", contents: "" };
const bundle = {
  config_toml: { enterprise_managed: [fragment] },
  requirements_toml: { enterprise_managed: [] },
};

test("reads cached policies: what is new is left out, who is missing is null", () => {
  const payload = { version: 1, ...facts, bundle: { ...bundle, more: 1 }, more: 1 };
  expect(configBundleCacheSchema.parse({ signed_payload: payload, signature: "x", more: 1 })).toStrictEqual({
    signed_payload: { version: 1, ...facts, ...nobody, bundle },
    signature: "x",
  });
  expect(configRequirementsCacheSchema.parse({ signed_payload: facts, signature: "x" })).toStrictEqual({
    signed_payload: { ...facts, ...nobody, contents: null },
    signature: "x",
  });
});

test.each([
  { version: 1.5 },
  { version: -1 },
  { version: "1" },
  { cached_at: null },
  { account_id: 1 },
  { bundle: { config_toml: bundle.config_toml } },
  { bundle: { ...bundle, requirements_toml: {} } },
  { bundle: { ...bundle, requirements_toml: null } },
  { bundle: { ...bundle, config_toml: { enterprise_managed: [{ id: "a", name: "A" }] } } },
])("refuses a cached bundle with %j", (change) => {
  const signed_payload = { version: 1, ...facts, bundle, ...change };
  expect(configBundleCacheSchema.safeParse({ signed_payload, signature: "x" }).success).toBe(false);
  expect(
    configBundleCacheSchema.safeParse({ signed_payload: { version: 1, ...facts, bundle } }).success,
  ).toBe(false);
});

test("keeps requirements as they are, known or not", () => {
  const requirements = {
    allowed_approval_policies: ["never", { granular: {} }],
    allowed_sandbox_modes: ["read-only"],
    allow_remote_control: false,
    enforce_residency: "us",
    features: { a: true },
    rules: { prefix_rules: [{ pattern: [] }], more: 1 },
    remote_sandbox_config: [{ hostname_patterns: ["*"], allowed_sandbox_modes: [], more: 1 }],
    hooks: { managed_dir: "/x" },
    something_new: [1],
  };
  expect(managedRequirementsSchema.parse(requirements)).toEqual(requirements);
});

test.each([
  [],
  { allowed_sandbox_modes: null },
  { allowed_sandbox_modes: [1] },
  { allow_appshots: "yes" },
  { features: { a: "on" } },
  { permissions: [] },
])("refuses requirements %j", (requirements) => {
  expect(managedRequirementsSchema.safeParse(requirements).success).toBe(false);
});
