import { copyFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loginOf } from "./support/login.js";
import { model, type Setting, settingOfTest, slugs } from "./support/setting.js";

const minute = 60_000;

async function onlyFile(setting: Setting): Promise<string> {
  const files = await setting.cacheFiles();
  expect(files).toHaveLength(1);
  return join(setting.cacheFolder, files[0] ?? "");
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
}

async function changeFile(setting: Setting, change: object): Promise<void> {
  const path = await onlyFile(setting);
  await writeFile(path, JSON.stringify({ ...(await readJson(path)), ...change }));
}

test("the list is stored as it came, with its tag, and readable by its owner alone", async () => {
  const setting = await settingOfTest();
  setting.backend.setModels([model("live")], { etag: '"abc"' });
  await setting.open().list();
  const path = await onlyFile(setting);
  expect(await readJson(path)).toMatchObject({
    schema_version: 1,
    fetched_at: "2026-06-24T12:00:00.000Z",
    etag: '"abc"',
    client_version: "1.2.3",
    models: [{ slug: "live" }],
  });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, "utf8")).not.toMatch(/account-test|access-token/);
});

test.each([
  [0, 1],
  [5 * minute, 1],
  [5 * minute + 1, 2],
  [-3600 * minute, 1],
])("a list of %i ms ago leads to %i requests of two processes", async (age, fetches) => {
  const setting = await settingOfTest();
  await setting.open().list();
  setting.clock.nowMs += age;
  expect(slugs(await setting.open().list())).toEqual(["live"]);
  expect(setting.fetches()).toBe(fetches);
});

test("the same holds within a process, also where nothing is stored", async () => {
  const setting = await settingOfTest();
  const manager = setting.open({ cacheFolder: undefined });
  await manager.list();
  setting.clock.nowMs += 5 * minute;
  await manager.list();
  expect(setting.fetches()).toBe(1);
  setting.clock.nowMs += 1;
  await manager.list();
  expect(setting.fetches()).toBe(2);
  expect(await setting.cacheFiles()).toEqual([]);
});

test("with a lifetime of 0 every list is too old", async () => {
  const setting = await settingOfTest();
  const manager = setting.open({ cacheTtlMs: 0 });
  await manager.list();
  await manager.list();
  expect(setting.fetches()).toBe(2);
});

test("offline reads a fresh list that another process has stored, and no old one", async () => {
  const setting = await settingOfTest();
  await setting.open().list();
  expect(slugs(await setting.open().list({ strategy: "offline" }))).toEqual(["live"]);
  setting.clock.nowMs += 6 * minute;
  expect(slugs(await setting.open().list({ strategy: "offline" }))).toEqual(["known"]);
  expect(setting.fetches()).toBe(1);
});

test.each([
  ["of another version of the client", { client_version: "1.2.4" }],
  ["of the same version before its release", { client_version: "1.2.3-alpha" }],
  ["without a version of the client", { client_version: undefined }],
  ["of another format", { schema_version: 2 }],
  ["of an unknown time", { fetched_at: "soon" }],
  ["of somebody else", { key: "0".repeat(64) }],
  ["with an entry that does not fit", { models: [{ slug: "live" }] }],
])("a file %s is ignored and replaced", async (_name, change) => {
  const setting = await settingOfTest();
  await setting.open().list();
  await changeFile(setting, change);
  const manager = setting.open();
  expect(slugs(await manager.list({ strategy: "offline" }))).toEqual(["known"]);
  expect(slugs(await manager.list())).toEqual(["live"]);
  expect(setting.fetches()).toBe(2);
  expect(await readJson(await onlyFile(setting))).toMatchObject({
    schema_version: 1,
    client_version: "1.2.3",
  });
  expect(slugs(await setting.open().list())).toEqual(["live"]);
  expect(setting.fetches()).toBe(2);
});

test("a file that was cut anywhere is ignored, told of, and replaced", async () => {
  const setting = await settingOfTest();
  await setting.open().list();
  const path = await onlyFile(setting);
  const text = await readFile(path, "utf8");
  for (const length of [0, 1, 40, text.length - 3]) {
    await writeFile(path, text.slice(0, length));
    expect(slugs(await setting.open().list({ strategy: "offline" }))).toEqual(["known"]);
  }
  expect(setting.cacheFailures).toHaveLength(4);
  await setting.open().list();
  expect(await readFile(path, "utf8")).toBe(text);
});

test("a file that is far too large is not read", async () => {
  const setting = await settingOfTest();
  await setting.open().list();
  await changeFile(setting, { padding: "x".repeat(17 * 1024 * 1024) });
  expect(slugs(await setting.open().list({ strategy: "offline" }))).toEqual(["known"]);
  expect(String(setting.cacheFailures[0])).toContain("larger than 16 MiB");
});

test("what a slow reading of the file brings does not take the place of what was fetched meanwhile", async () => {
  const setting = await settingOfTest();
  await setting.open().list();
  const manager = setting.open();
  setting.backend.setModels([model("newer")]);
  setting.clock.nowMs += 1;
  await Promise.all([
    manager.list({ strategy: "online" }),
    ...Array.from({ length: 20 }, () => manager.list({ strategy: "offline" })),
  ]);
  expect(slugs(await manager.list({ strategy: "offline" }))).toEqual(["newer"]);
  expect(slugs(await setting.open().list({ strategy: "offline" }))).toEqual(["newer"]);
});

test("a folder that cannot be written costs nothing but the file", async () => {
  const setting = await settingOfTest();
  await setting.open().list();
  const inTheWay = await onlyFile(setting);
  const manager = setting.open({ cacheFolder: join(inTheWay, "below") });
  expect(slugs(await manager.list())).toEqual(["live"]);
  expect(setting.cacheFailures.length).toBeGreaterThan(0);
});

test("accounts, users, modes, base URLs and providers each have a file of their own", async () => {
  const setting = await settingOfTest({ requireAuth: false });
  const { codex, openai } = setting.backend.urls;
  for (const [facts, provider] of [
    [{}, { name: "OpenAI", baseUrl: codex }],
    [{ userId: "user-1" }, { name: "OpenAI", baseUrl: codex }],
    [
      { accountId: "account-2", token: "other" },
      { name: "OpenAI", baseUrl: codex },
    ],
    [{ mode: "agentIdentity" }, { name: "OpenAI", baseUrl: codex }],
    [{}, { name: "OpenAI", baseUrl: openai }],
    [{}, { name: "Other", baseUrl: codex }],
  ] as const) {
    setting.login.snapshot = loginOf(facts);
    await setting.open({ provider }).list();
  }
  expect(setting.fetches()).toBe(6);
  expect(await setting.cacheFiles()).toHaveLength(6);
});

test("a file that was copied to another account's place is not used", async () => {
  const setting = await settingOfTest({ requireAuth: false });
  await setting.open().list();
  const mine = await onlyFile(setting);
  setting.login.snapshot = loginOf({ accountId: "account-2", token: "other" });
  setting.backend.setModels([model("theirs")]);
  await setting.open().list();
  const theirs = (await setting.cacheFiles())
    .map((name) => join(setting.cacheFolder, name))
    .find((path) => path !== mine);
  await copyFile(mine, theirs ?? "");
  expect(slugs(await setting.open().list())).toEqual(["theirs"]);
  expect(setting.fetches()).toBe(3);
});
