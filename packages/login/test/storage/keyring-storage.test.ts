import { chmod, mkdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { type AuthJson, createAuthStorage } from "../../src/index.js";
import { storeKey } from "../../src/storage/store-key.js";
import { FakeKeyring } from "../support/fake-keyring.js";
import { chatgptLogin, daysAgo } from "../support/logins.js";
import {
  authFileOf,
  otherFiles,
  readAuth,
  readAuthText,
  temporaryHome,
  writeAuth,
} from "../support/temporary-home.js";

const apiKeyLogin: AuthJson = { OPENAI_API_KEY: "sk-1" };
const other: AuthJson = { OPENAI_API_KEY: "sk-2" };

test("names the entry as the Codex CLI does", () => {
  expect(storeKey("~/.codex")).toBe("cli|940db7b1d0e4eb40");
});

test("names the entry of a folder by its real path", async () => {
  const home = await temporaryHome();
  expect(storeKey(`${home}/../${home.split("/").at(-1)}`)).toBe(storeKey(home));
});

test("saves compact JSON in the keyring, and takes the file away", async () => {
  const home = await temporaryHome();
  await writeAuth(home, other);
  const keyring = new FakeKeyring();
  const storage = createAuthStorage({ mode: "keyring", home, keyring });
  await storage.save(apiKeyLogin);
  expect([...keyring.entries]).toEqual([[`Codex Auth/${storeKey(home)}`, '{"OPENAI_API_KEY":"sk-1"}']]);
  expect(await readAuthText(home)).toBeUndefined();
  expect(await otherFiles(home)).toEqual([]);
  expect(await storage.load()).toEqual(apiKeyLogin);
});

test("deletes entry and file, and says whether there was either", async () => {
  const home = await temporaryHome();
  const keyring = new FakeKeyring();
  const storage = createAuthStorage({ mode: "keyring", home, keyring });
  await storage.save(apiKeyLogin);
  await writeAuth(home, other);
  expect(await storage.delete()).toBe(true);
  expect(keyring.entries.size).toBe(0);
  expect(await readAuthText(home)).toBeUndefined();
  expect(await storage.delete()).toBe(false);
  await writeAuth(home, other);
  expect(await storage.delete()).toBe(true);
});

test("has no login while the entry is missing, whatever the file holds", async () => {
  const home = await temporaryHome();
  await writeAuth(home, other);
  expect(
    await createAuthStorage({ mode: "keyring", home, keyring: new FakeKeyring() }).load(),
  ).toBeUndefined();
});

test.each([
  ["load", "failed to load CLI auth from keyring"],
  ["save", "failed to write OAuth tokens to keyring"],
  ["delete", "failed to delete auth from keyring"],
] as const)("tells that the keyring failed at %s", async (operation, message) => {
  const keyring = new FakeKeyring();
  keyring.failure = new Error("no such interface");
  const storage = createAuthStorage({ mode: "keyring", home: await temporaryHome(), keyring });
  await expect(storage[operation](apiKeyLogin)).rejects.toMatchObject({
    name: "LoginError",
    kind: "storage",
    message: expect.stringContaining(message),
    cause: keyring.failure,
  });
});

test("tells of an entry that is no login, without showing it", async () => {
  const home = await temporaryHome();
  const keyring = new FakeKeyring();
  await keyring.set("Codex Auth", storeKey(home), '{"OPENAI_API_KEY":"sk-trunc');
  const loading = createAuthStorage({ mode: "keyring", home, keyring }).load();
  await expect(loading).rejects.toMatchObject({ kind: "invalid_login" });
  await expect(loading).rejects.not.toThrow("sk-trunc");
});

test("auto prefers the keyring for reading", async () => {
  const home = await temporaryHome();
  const keyring = new FakeKeyring();
  await createAuthStorage({ mode: "keyring", home, keyring }).save(apiKeyLogin);
  await writeAuth(home, other);
  expect(await createAuthStorage({ mode: "auto", home, keyring }).load()).toEqual(apiKeyLogin);
});

test("auto reads the file when it has newer tokens, which were saved while the keyring failed", async () => {
  const home = await temporaryHome();
  const keyring = new FakeKeyring();
  const storage = createAuthStorage({ mode: "auto", home, keyring });
  const old = chatgptLogin({ lastRefresh: daysAgo(2), refreshToken: "rt-old" });
  const renewed = chatgptLogin({ lastRefresh: daysAgo(1), refreshToken: "rt-new" });
  await storage.save(old);
  keyring.failure = new Error("locked");
  await storage.save(renewed);
  keyring.failure = undefined;
  expect(await storage.load()).toEqual(renewed);
  await storage.save(old);
  expect(await storage.load()).toEqual(old);
});

test.each(["is empty", "fails"])("auto reads the file when the keyring %s", async (what) => {
  const home = await temporaryHome();
  await writeAuth(home, other);
  const keyring = new FakeKeyring();
  if (what === "fails") keyring.failure = new Error("locked");
  expect(await createAuthStorage({ mode: "auto", home, keyring }).load()).toEqual(other);
});

test("auto saves in the keyring, and takes the file away", async () => {
  const home = await temporaryHome();
  await writeAuth(home, other);
  const keyring = new FakeKeyring();
  await createAuthStorage({ mode: "auto", home, keyring }).save(apiKeyLogin);
  expect(keyring.entries.size).toBe(1);
  expect(await readAuthText(home)).toBeUndefined();
});

test("auto saves in the file when the keyring fails", async () => {
  const home = await temporaryHome();
  const keyring = new FakeKeyring();
  keyring.failure = new Error("locked");
  await createAuthStorage({ mode: "auto", home, keyring }).save(apiKeyLogin);
  expect(await readAuth(home)).toEqual(apiKeyLogin);
  expect(keyring.entries.size).toBe(0);
});

test("auto does not write the tokens into a file because the old file cannot be removed", async () => {
  const home = await temporaryHome();
  await mkdir(authFileOf(home));
  const keyring = new FakeKeyring();
  const saving = createAuthStorage({ mode: "auto", home, keyring }).save(apiKeyLogin);
  await expect(saving).rejects.toMatchObject({
    kind: "storage",
    message: expect.stringContaining("by hand"),
  });
  expect(keyring.entries.size).toBe(1);
});

test("auto deletes both", async () => {
  const home = await temporaryHome();
  const keyring = new FakeKeyring();
  const storage = createAuthStorage({ mode: "auto", home, keyring });
  await storage.save(apiKeyLogin);
  await writeAuth(home, other);
  expect(await storage.delete()).toBe(true);
  expect(await storage.load()).toBeUndefined();
});

test("auto removes the file even when the keyring fails, and tells that it failed", async () => {
  const home = await temporaryHome();
  await writeAuth(home, other);
  const keyring = new FakeKeyring();
  keyring.failure = new Error("locked");
  await expect(createAuthStorage({ mode: "auto", home, keyring }).delete()).rejects.toMatchObject({
    kind: "storage",
  });
  expect(await readAuthText(home)).toBeUndefined();
});

test("ephemeral keeps a login in memory, for all who name the same home", async () => {
  const home = await temporaryHome();
  const storage = createAuthStorage({ mode: "ephemeral", home });
  await storage.save(chatgptLogin());
  expect(await createAuthStorage({ mode: "ephemeral", home }).load()).toEqual(await storage.load());
  expect(await createAuthStorage({ mode: "ephemeral", home: await temporaryHome() }).load()).toBeUndefined();
  expect(await readAuthText(home)).toBeUndefined();
  expect(await storage.delete()).toBe(true);
  expect(await storage.load()).toBeUndefined();
  expect(await storage.delete()).toBe(false);
});

test("tells what to install when the keyring package is missing", async () => {
  vi.resetModules();
  vi.doMock("@napi-rs/keyring", () => {
    throw new Error("Cannot find module '@napi-rs/keyring'");
  });
  try {
    const { createAuthStorage: create } = await import("../../src/index.js");
    const storage = create({ mode: "keyring", home: await temporaryHome() });
    await expect(storage.load()).rejects.toMatchObject({
      kind: "storage",
      message: expect.stringContaining('install it, or choose the storage mode "file"'),
    });
  } finally {
    vi.doUnmock("@napi-rs/keyring");
  }
});

test("loads the operating system's keyring, which says so when there is none", async () => {
  const storage = createAuthStorage({ mode: "auto", home: await temporaryHome() });
  expect(await storage.load()).toBeUndefined();
});

test("auto does not ask who may read the file while the keyring has the login", async () => {
  const home = await temporaryHome();
  await writeAuth(home, other);
  await chmod(authFileOf(home), 0o644);
  const keyring = new FakeKeyring();
  await keyring.set("Codex Auth", storeKey(home), JSON.stringify(apiKeyLogin));
  expect(await createAuthStorage({ mode: "auto", home, keyring }).load()).toEqual(apiKeyLogin);
});
