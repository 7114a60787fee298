import { chmod, mkdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import { type AuthJson, createAuthStorage } from "../../src/index.js";
import { chatgptLogin } from "../support/logins.js";
import {
  authFileOf,
  modeOf,
  otherFiles,
  readAuth,
  readAuthText,
  temporaryHome,
  writeAuth,
} from "../support/temporary-home.js";

const apiKeyLogin: AuthJson = {
  auth_mode: "apikey",
  OPENAI_API_KEY: "sk-1",
  last_refresh: "2026-06-24T12:00:00Z",
};

test("gives back what was saved", async () => {
  const storage = createAuthStorage({ home: await temporaryHome() });
  await storage.save(apiKeyLogin);
  expect(await storage.load()).toEqual(apiKeyLogin);
});

const record = {
  agent_runtime_id: "agent-1",
  agent_private_key: "key",
  account_id: "account-1",
  chatgpt_user_id: "user-1",
  email: "",
  plan_type: "pro",
  chatgpt_account_is_fedramp: false,
  task_id: "task-1",
};

test.each<[string, AuthJson]>([
  ["an Agent Identity JWT", { auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: "h.p.s" }],
  ["a record beside ChatGPT tokens", { ...chatgptLogin(), agent_identity: record }],
  ["a personal access token", { auth_mode: "personalAccessToken", personal_access_token: "at-1" }],
  ["a Bedrock key", { bedrock_api_key: { api_key: "k", region: "r" } }],
])("keeps %s as it is", async (_name, auth) => {
  const home = await temporaryHome();
  await createAuthStorage({ home }).save(auth);
  expect(await readAuth(home)).toEqual(auth);
  expect(await createAuthStorage({ home }).load()).toEqual(auth);
});

test("writes the file that the Codex CLI reads: two spaces, no line break at the end, mode 0600", async () => {
  const home = await temporaryHome();
  await createAuthStorage({ home }).save(apiKeyLogin);
  expect(await readAuthText(home)).toBe(JSON.stringify(apiKeyLogin, null, 2));
  expect(await modeOf(authFileOf(home))).toBe(0o600);
  expect(await otherFiles(home)).toEqual([]);
});

test("keeps unknown members at every level, and the order of all", async () => {
  const home = await temporaryHome();
  const name = fc.string().filter((text) => !/^\d+$/.test(text) && text !== "__proto__");
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(name, tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  const storage = createAuthStorage({ home });
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, json, { maxKeys: 4 }), async (unknown) => {
      const { tokens, ...login } = chatgptLogin();
      const auth = { ...unknown, ...login, tokens: { ...unknown, ...tokens } } as AuthJson;
      await writeAuth(home, auth);
      await storage.save((await storage.load()) as AuthJson);
      expect(await readAuthText(home)).toBe(JSON.stringify(auth, null, 2));
    }),
    { numRuns: 50 },
  );
});

test("makes the folders that are missing, for the owner alone", async () => {
  const home = join(await temporaryHome(), "a", "b");
  await createAuthStorage({ home }).save(apiKeyLogin);
  expect(await readAuth(home)).toEqual(apiKeyLogin);
  expect(await modeOf(home)).toBe(0o700);
});

test("tightens a file that was open to others", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin());
  await chmod(authFileOf(home), 0o666);
  await createAuthStorage({ home }).save(apiKeyLogin);
  expect(await modeOf(authFileOf(home))).toBe(0o600);
});

test("writes through symbolic links, also through a chain and to a file that is not there yet", async () => {
  const home = await temporaryHome();
  const elsewhere = await temporaryHome();
  await symlink(join(elsewhere, "real.json"), join(elsewhere, "middle.json"));
  await symlink(join(elsewhere, "middle.json"), authFileOf(home));
  const storage = createAuthStorage({ home });
  await storage.save(apiKeyLogin);
  await storage.save(chatgptLogin());
  expect(await readlink(authFileOf(home))).toBe(join(elsewhere, "middle.json"));
  expect(JSON.parse(await readFile(join(elsewhere, "real.json"), "utf8"))).toMatchObject({
    auth_mode: "chatgpt",
  });
  expect(await modeOf(join(elsewhere, "real.json"))).toBe(0o600);
  expect(await storage.delete()).toBe(true);
  expect(await otherFiles(elsewhere)).toEqual(["middle.json"]);
  expect(await storage.load()).toBeUndefined();
});

test("writes through a relative link and a linked folder", async () => {
  const real = await temporaryHome();
  const home = join(await temporaryHome(), "linked");
  await symlink(real, home);
  await mkdir(join(real, "store"));
  await symlink(join("store", "auth.json"), authFileOf(real));
  await createAuthStorage({ home }).save(apiKeyLogin);
  expect(await readFile(join(real, "store", "auth.json"), "utf8")).toContain("sk-1");
});

test("refuses links that go in a circle, and leaves them", async () => {
  const home = await temporaryHome();
  await symlink(join(home, "b"), authFileOf(home));
  await symlink(authFileOf(home), join(home, "b"));
  const storage = createAuthStorage({ home });
  await expect(storage.load()).rejects.toMatchObject({ kind: "storage" });
  await expect(storage.save(apiKeyLogin)).rejects.toMatchObject({
    kind: "storage",
    cause: expect.objectContaining({ code: "ELOOP" }),
  });
});

test("finds no login where there is no file, or no folder", async () => {
  const home = await temporaryHome();
  expect(await createAuthStorage({ home }).load()).toBeUndefined();
  expect(await createAuthStorage({ home: join(home, "none") }).load()).toBeUndefined();
});

test("removes the file, and says whether there was one", async () => {
  const home = await temporaryHome();
  const storage = createAuthStorage({ home });
  await storage.save(apiKeyLogin);
  expect(await storage.delete()).toBe(true);
  expect(await storage.delete()).toBe(false);
  expect(await readAuthText(home)).toBeUndefined();
});

test("refuses a login that every user of the machine can read, and leaves it as it is", async () => {
  const home = await temporaryHome();
  await writeAuth(home, apiKeyLogin);
  await chmod(authFileOf(home), 0o644);
  const before = await readAuthText(home);
  await expect(createAuthStorage({ home }).load()).rejects.toMatchObject({
    kind: "storage",
    message: expect.stringContaining(
      `${authFileOf(home)} is open to every user of this machine; run "chmod 600"`,
    ),
  });
  expect(await readAuthText(home)).toBe(before);
  expect(await modeOf(authFileOf(home))).toBe(0o644);
  const permissive = createAuthStorage({ home, allowWorldReadable: true });
  expect(await permissive.load()).toEqual(apiKeyLogin);
  await chmod(authFileOf(home), 0o640);
  expect(await createAuthStorage({ home }).load()).toEqual(apiKeyLogin);
});

test("reads again what it found cut off, because the Codex CLI writes in place", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const home = await temporaryHome();
  await writeAuth(home, JSON.stringify(apiKeyLogin).slice(0, 30));
  const loading = createAuthStorage({ home }).load();
  while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
  await writeAuth(home, apiKeyLogin);
  vi.runAllTimers();
  expect(await loading).toEqual(apiKeyLogin);
});

test("tells of a folder that stands in the place of the file", async () => {
  const home = await temporaryHome();
  await mkdir(authFileOf(home), { mode: 0o700 });
  const storage = createAuthStorage({ home });
  await expect(storage.load()).rejects.toMatchObject({
    kind: "storage",
    message: expect.stringContaining("cannot be read; check that it is a file and that you own it"),
  });
  await expect(storage.save(apiKeyLogin)).rejects.toMatchObject({ kind: "storage" });
  expect(await otherFiles(home)).toEqual([]);
});

test("tells of a home that is a file", async () => {
  const home = join(await temporaryHome(), "file");
  await writeFile(home, "");
  const storage = createAuthStorage({ home });
  await expect(storage.load()).rejects.toMatchObject({ kind: "storage" });
  await expect(storage.save(apiKeyLogin)).rejects.toMatchObject({
    kind: "storage",
    message: expect.stringContaining("cannot be written; make the folder writable"),
  });
});

test("tells of a file that is too large to be a login", async () => {
  const home = await temporaryHome();
  await writeAuth(home, JSON.stringify({ padding: "x".repeat(5 * 1024 * 1024) }));
  await expect(createAuthStorage({ home }).load()).rejects.toMatchObject({ kind: "storage" });
});

test.runIf(process.getuid?.() === 0)("tells of a file that this user may not read", async () => {
  const home = await temporaryHome();
  await writeAuth(home, apiKeyLogin);
  await chmod(home, 0o755);
  process.seteuid?.(65_534);
  try {
    const storage = createAuthStorage({ home });
    await expect(storage.load()).rejects.toMatchObject({
      kind: "storage",
      cause: expect.objectContaining({ code: "EACCES" }),
    });
    await expect(storage.save(chatgptLogin())).rejects.toMatchObject({ kind: "storage" });
    await expect(storage.delete()).rejects.toMatchObject({ kind: "storage" });
  } finally {
    process.seteuid?.(0);
  }
  expect(await readAuth(home)).toEqual(apiKeyLogin);
});
