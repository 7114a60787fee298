import { expect, test } from "vitest";
import { createStaticModelsManager, modelLimits } from "../src/index.js";
import { Login } from "./support/login.js";
import { model, settingOfTest } from "./support/setting.js";

const catalog = [
  model("gpt-5"),
  model("gpt-5.4", {
    context_window: 200_000,
    max_context_window: 300_000,
    model_messages: { instructions_template: "t" },
  }),
  model("gpt-5.4-mini"),
  model("small", { truncation_policy: { mode: "bytes", limit: 10 }, supports_reasoning_summaries: false }),
  model(""),
];
const manager = createStaticModelsManager(catalog, {
  auth: new Login(),
  baseInstructions: "Be careful.",
});

test.each([
  ["gpt-5.4", "gpt-5.4"],
  ["gpt-5.4-mini-2026-06-01", "gpt-5.4-mini"],
  ["gpt-5.4m", "gpt-5.4"],
  ["gpt-5.6-with-a-long-suffix-that-nobody-knows", "gpt-5"],
  ["openai/gpt-5.4-mini", "gpt-5.4-mini"],
  ["my-team_2/gpt-5.4", "gpt-5.4"],
])("%s is %s by its longest beginning, and keeps its own name", async (name, slug) => {
  const found = await manager.find(name);
  expect(found).toMatchObject({ isFallback: false, model: { slug: name, display_name: slug } });
});

test.each(["claude", "GPT-5", "a/b/gpt-5", "my.team/gpt-5", "/gpt-5", "openai/", ""])(
  "%j is not known, and gets careful defaults",
  async (name) => {
    expect(await manager.find(name)).toMatchObject({
      isFallback: true,
      model: {
        slug: name,
        display_name: name,
        supported_reasoning_levels: [],
        supports_reasoning_summaries: false,
        service_tiers: [],
        context_window: 272_000,
        max_context_window: 272_000,
        priority: 99,
        visibility: "none",
        supported_in_api: true,
        truncation_policy: { mode: "bytes", limit: 10_000 },
        shell_type: "default",
        supports_parallel_tool_calls: false,
        support_verbosity: false,
        base_instructions: "Be careful.",
      },
    });
  },
);

test.each([
  ["small", true, true],
  ["small", false, false],
  ["gpt-5", false, true],
])("of %s with summaries %s it says %s", async (name, supportsReasoningSummaries, expected) => {
  const found = await manager.find(name, { supportsReasoningSummaries });
  expect(found.model.supports_reasoning_summaries).toBe(expected);
});

test.each([
  [undefined, 200_000],
  [250_000, 250_000],
  [100, 100],
  [1_000_000, 300_000],
])("a window of %s tokens is one of %i", async (contextWindow, expected) => {
  expect((await manager.find("gpt-5.4", { contextWindow })).model.context_window).toBe(expected);
});

test.each([
  ["gpt-5", undefined, { mode: "tokens", limit: 10_000 }],
  ["gpt-5", 500, { mode: "tokens", limit: 500 }],
  ["small", 500, { mode: "bytes", limit: 2000 }],
])("outputs of tools for %s with a limit of %s are cut at %j", async (name, toolOutputTokenLimit, policy) => {
  expect((await manager.find(name, { toolOutputTokenLimit })).model.truncation_policy).toEqual(policy);
});

test("instructions of the configuration take the place of the model's texts", async () => {
  const { model: found } = await manager.find("gpt-5.4", { baseInstructions: "Mine." });
  expect(found.base_instructions).toBe("Mine.");
  expect(found).not.toHaveProperty("model_messages");
});

test("without a personality the texts for it are left out, and else they stay", async () => {
  expect((await manager.find("gpt-5.4", { personality: false })).model).not.toHaveProperty("model_messages");
  expect((await manager.find("gpt-5.4", { personality: true })).model).toHaveProperty("model_messages");
});

test("the catalogue itself is not changed by what was asked of it", async () => {
  const before = structuredClone(catalog);
  await manager.find("gpt-5.4", { contextWindow: 1, baseInstructions: "x", toolOutputTokenLimit: 1 });
  expect(catalog).toEqual(before);
});

test("the provider is not asked, but the cache file is read", async () => {
  const setting = await settingOfTest();
  const first = setting.open();
  expect((await first.find("live")).isFallback).toBe(true);
  await first.list();
  expect((await setting.open().find("live-2")).isFallback).toBe(false);
  expect(setting.fetches()).toBe(1);
});

test.each([
  [{ context_window: 1000 }, { contextWindow: 1000, usableContextWindow: 950, autoCompactTokenLimit: 900 }],
  [
    { context_window: undefined, max_context_window: 2000 },
    { contextWindow: 2000, usableContextWindow: 1900, autoCompactTokenLimit: 1800 },
  ],
  [{ context_window: 1000, auto_compact_token_limit: 500 }, { autoCompactTokenLimit: 500 }],
  [{ context_window: 1000, auto_compact_token_limit: 950 }, { autoCompactTokenLimit: 900 }],
  [{ context_window: 272_000, effective_context_window_percent: 95 }, { usableContextWindow: 258_400 }],
  [
    { context_window: undefined, max_context_window: undefined, auto_compact_token_limit: 5 },
    { contextWindow: undefined, usableContextWindow: undefined, autoCompactTokenLimit: 5 },
  ],
])("the limits of %j are %j", (facts, limits) => {
  expect(modelLimits(model("m", facts))).toMatchObject(limits);
});
