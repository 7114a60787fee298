import { expect, test } from "vitest";
import { bundledModels } from "../src/index.js";
import { loginOf } from "./support/login.js";
import { known, model, settingOfTest, slugs } from "./support/setting.js";

const human = ["chatgpt", "chatgptAuthTokens", "personalAccessToken"];

test.each(human)("with a login of mode %s the provider's list stands alone", async (mode) => {
  const setting = await settingOfTest();
  setting.login.snapshot = loginOf({ mode });
  expect(slugs(await setting.open().list())).toEqual(["live"]);
});

test("a known model that the provider's list has left out is not known any more", async () => {
  const setting = await settingOfTest();
  const manager = setting.open();
  expect((await manager.find("known")).isFallback).toBe(false);
  await manager.list();
  expect((await manager.find("known")).isFallback).toBe(true);
  // The same from the cache file.
  expect(slugs(await setting.open().list({ strategy: "offline" }))).toEqual(["live"]);
});

test.each([
  ["of an agent identity", "agentIdentity", [model("live")]],
  ["whose list only hides models", "chatgpt", [model("live", { visibility: "hide" })]],
])("with a login %s, models that are not known are added, and none is lost", async (_name, mode, models) => {
  const setting = await settingOfTest({ models });
  setting.login.snapshot = loginOf({ mode });
  expect(slugs(await setting.open().list())).toEqual(["live", "known"]);
});

test("an empty list leaves what is known", async () => {
  const setting = await settingOfTest({ models: [] });
  expect(slugs(await setting.open().list())).toEqual(["known"]);
});

test("a model of the list takes the place of the known one", async () => {
  const setting = await settingOfTest({ models: [model("known", { display_name: "Newer", priority: 1 })] });
  setting.login.snapshot = loginOf({ mode: "agentIdentity" });
  const list = await setting.open().list();
  expect(list.map(({ model: { display_name } }) => display_name)).toEqual(["Newer"]);
});

test("a model that the provider lists no more is gone", async () => {
  const setting = await settingOfTest();
  setting.login.snapshot = loginOf({ mode: "agentIdentity" });
  const manager = setting.open();
  await manager.list();
  setting.backend.setModels([model("other")]);
  expect(slugs(await manager.list({ strategy: "online" }))).toEqual(["other", "known"]);
});

test("lists by priority; equals stay as they came", async () => {
  const models = ["c", "a", "b", "d"].map((slug, index) => model(slug, { priority: index === 3 ? 0 : 1 }));
  const setting = await settingOfTest({ models });
  expect(slugs(await setting.open().list())).toEqual(["d", "c", "a", "b"]);
});

test("a hidden model is listed, but neither shown nor the default", async () => {
  const models = [model("hidden", { visibility: "hide", priority: 0 }), model("shown", { priority: 1 })];
  const setting = await settingOfTest({ models });
  const manager = setting.open();
  expect((await manager.list()).map(({ model: { slug }, ...facts }) => ({ slug, ...facts }))).toEqual([
    { slug: "hidden", isDefault: false, showInPicker: false },
    { slug: "shown", isDefault: true, showInPicker: true },
  ]);
  expect(await manager.defaultModel()).toBe("shown");
});

test("where all are hidden, the first one is the default", async () => {
  const setting = await settingOfTest({ models: [model("one", { visibility: "none" })] });
  expect(await setting.open({ bundled: [] }).defaultModel()).toBe("one");
});

test("a configured model is taken as it is, and nothing is asked", async () => {
  const setting = await settingOfTest();
  expect(await setting.open().defaultModel("mine")).toBe("mine");
  expect(setting.backend.requests).toHaveLength(0);
});

test("without any model the default is an empty text", async () => {
  const setting = await settingOfTest({ models: [] });
  expect(await setting.open({ bundled: [] }).defaultModel()).toBe("");
});

test("models that are not for the API are for logins of the Codex backend", async () => {
  const bundled = [model("plan only", { supported_in_api: false, priority: 0 }), known];
  const setting = await settingOfTest({ models: [] });
  const manager = setting.open({ bundled });
  expect(slugs(await manager.list())).toEqual(["plan only", "known"]);
  setting.login.snapshot = loginOf({ mode: "apikey", accountId: undefined });
  expect(slugs(await manager.list())).toEqual(["known"]);
  setting.login.snapshot = undefined;
  expect(slugs(await manager.list())).toEqual(["known"]);
});

test("the models that come with the package are those of the specification", async () => {
  const setting = await settingOfTest();
  setting.login.snapshot = undefined;
  const list = await setting.open({ bundled: undefined }).list();
  expect(list.map(({ model: { slug, priority, visibility } }) => [slug, priority, visibility])).toEqual([
    ["gpt-5.5", 0, "list"],
    ["gpt-5.4", 2, "list"],
    ["gpt-5.4-mini", 4, "list"],
    ["gpt-5.3-codex", 6, "list"],
    ["gpt-5.2", 10, "list"],
    ["codex-auto-review", 29, "hide"],
  ]);
  expect(
    bundledModels.filter(({ service_tiers }) => service_tiers.length > 0).map(({ slug }) => slug),
  ).toEqual(["gpt-5.5", "gpt-5.4"]);
  expect(bundledModels.map(({ max_context_window }) => max_context_window)).toEqual([
    272_000, 1_000_000, 272_000, 272_000, 272_000, 1_000_000,
  ]);
});

test("the models that come with the package are what a provider could list", async () => {
  const { modelInfoSchema } = await import("@codex-ts/protocol/schemas");
  for (const entry of bundledModels)
    expect(modelInfoSchema.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
});
