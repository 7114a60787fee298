import { mkdir, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { directoryCacheKey, directoryCachePath } from "@codex-ts/connectors";
import { expect, test } from "vitest";
import { ChatgptClient, type ChatgptClientOptions } from "../src/index.js";
import { startClient, type TestClient, temporaryFolder } from "./support/start-client.js";
import { otherWorkspace, personal, type TestAccount, workspace } from "./support/test-login.js";

const hourMs = 3_600_000;
/** Another person in the same workspace. */
const colleague: TestAccount = {
  ...workspace,
  identity: { ...workspace.identity, userId: "user of a colleague" },
};

async function namesOf(
  listing: Promise<readonly { readonly name: string }[] | undefined>,
): Promise<readonly string[] | undefined> {
  return (await listing)?.map(({ name }) => name);
}

/** Where the directory of an account is kept. */
function fileOf({ baseUrl, home = "" }: ChatgptClientOptions, { identity }: TestAccount = personal): string {
  const key = directoryCacheKey(baseUrl, identity);
  if (key === undefined) throw new Error("the account has no key");
  return join(home, directoryCachePath(key));
}

async function startCached(account = personal): Promise<TestClient & { readonly failures: unknown[] }> {
  const failures: unknown[] = [];
  const telemetry = { onCacheFailure: (error: unknown) => failures.push(error) };
  const started = await startClient(account, { home: await temporaryFolder(), telemetry });
  started.backend.connectors.add({ id: "mail", name: "Mail" });
  return { ...started, failures };
}

test("a second listing within an hour asks nothing", async () => {
  let now = 1_000_000;
  const { backend, client } = await startClient(personal, { clock: () => now });
  backend.connectors.add({ id: "mail", name: "Mail" });
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
  backend.connectors.add({ id: "drive", name: "Drive" });
  now += hourMs - 1;
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
  expect(backend.requests).toHaveLength(1);
  now += 1;
  expect(await namesOf(client.listDirectory())).toEqual(["Drive", "Mail"]);
  expect(backend.requests).toHaveLength(2);
});

test("a listing that is forced asks again, and is remembered", async () => {
  const { backend, client } = await startClient();
  expect(await namesOf(client.listDirectory())).toEqual([]);
  backend.connectors.add({ id: "mail", name: "Mail" });
  expect(await namesOf(client.listDirectory({ forceRefetch: true }))).toEqual(["Mail"]);
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
  expect(backend.requests).toHaveLength(2);
});

test("what is known can be had when its hour is long over", async () => {
  let now = 1_000_000;
  const { backend, client } = await startClient(personal, { clock: () => now });
  expect(await client.cachedDirectory()).toBeUndefined();
  backend.connectors.add({ id: "mail", name: "Mail" });
  await client.listDirectory();
  now += 1000 * hourMs;
  expect(await namesOf(client.cachedDirectory())).toEqual(["Mail"]);
  expect(backend.requests).toHaveLength(1);
});

test("a failed listing leaves what was known", async () => {
  const { backend, client } = await startCached();
  await client.listDirectory();
  backend.fault({ kind: "status", status: 500, path: "/list" });
  await expect(client.listDirectory({ forceRefetch: true })).rejects.toMatchObject({ status: 500 });
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
});

test("the file outlives the process; a listing asks nevertheless, and replaces it", async () => {
  const { backend, client, options } = await startCached();
  await client.listDirectory();
  const path = fileOf(options);
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
    schema_version: 1,
    connectors: [{ id: "mail", name: "Mail", isEnabled: true, labels: null }],
  });
  expect(await readFile(path, "utf8")).toContain('{\n  "schema_version": 1,\n  "connectors": [\n');
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  const later = new ChatgptClient(options);
  backend.connectors.add({ id: "drive", name: "Drive" });
  expect(await namesOf(later.cachedDirectory())).toEqual(["Mail"]);
  expect(backend.requests).toHaveLength(1);
  expect(await namesOf(later.listDirectory())).toEqual(["Drive", "Mail"]);
  expect(await namesOf(new ChatgptClient(options).cachedDirectory())).toEqual(["Drive", "Mail"]);
});

test("without a home nothing is written", async () => {
  const { client, options } = await startClient();
  await client.listDirectory();
  expect(await new ChatgptClient(options).cachedDirectory()).toBeUndefined();
});

test("two accounts never see each other's connectors, in memory or on disk", async () => {
  const { backend, login, client, options } = await startCached();
  const accounts = [personal, workspace, otherWorkspace];
  for (const { identity } of accounts) {
    const accountId = identity.accountId ?? "";
    backend.connectors.add({ id: "own", name: `Own of ${accountId}` }, { accountId });
  }
  for (let round = 0; round < 2; round += 1) {
    for (const account of accounts) {
      login.account = account;
      const names = ["Mail", `Own of ${account.identity.accountId}`];
      expect(await namesOf(client.cachedDirectory())).toEqual(round === 0 ? undefined : names);
      expect(await namesOf(client.listDirectory())).toEqual(names);
      expect(await namesOf(new ChatgptClient(options).cachedDirectory())).toEqual(names);
    }
  }
  expect(await readdir(dirname(fileOf(options)))).toHaveLength(3);
});

test("one person with two accounts, and two persons of one account, have caches of their own", async () => {
  const { backend, login, client, options } = await startCached(workspace);
  await client.listDirectory();
  login.account = colleague;
  expect(await client.cachedDirectory()).toBeUndefined();
  expect(await new ChatgptClient(options).cachedDirectory()).toBeUndefined();
  await client.listDirectory();
  expect(backend.requests).toHaveLength(4);
});

test("whoever comes back finds no memory of before, only the file", async () => {
  const { backend, login, client } = await startCached();
  await client.listDirectory();
  login.account = undefined;
  expect(await client.cachedDirectory()).toEqual([]);
  backend.connectors.add({ id: "drive", name: "Drive" });
  login.account = personal;
  expect(await namesOf(client.cachedDirectory())).toEqual(["Mail"]);
  expect(await namesOf(client.listDirectory())).toEqual(["Drive", "Mail"]);
});

test("another base URL has another cache", async () => {
  const { client, options } = await startCached();
  await client.listDirectory();
  const other = new ChatgptClient({ ...options, baseUrl: `${options.baseUrl}/` });
  expect(await other.cachedDirectory()).toBeUndefined();
  expect(await namesOf(other.listDirectory())).toEqual(["Mail"]);
  expect(await readdir(dirname(fileOf(options)))).toHaveLength(2);
});

test("for an account that could be another one nothing is kept", async () => {
  const { backend, login, client, options } = await startCached(workspace);
  const { userId: _unknown, ...identity } = workspace.identity;
  login.account = { ...workspace, identity };
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
  expect(backend.requests).toHaveLength(4);
  expect(await client.cachedDirectory()).toBeUndefined();
  await expect(readdir(options.home ?? "")).resolves.toEqual([]);
});

test.each([
  ["account", otherWorkspace],
  ["user", colleague],
])("a listing during which the %s changes is given up, and nothing of it is kept", async (_what, other) => {
  const { backend, login, client, options } = await startCached(workspace);
  backend.connectors.pageSize = 1;
  for (const id of ["a", "b"]) backend.connectors.add({ id, name: id });
  const current = login.current.bind(login);
  login.current = async () => {
    // Before the third page somebody else is there, at the latest.
    if (backend.requests.length >= 2) login.account = other;
    return current();
  };
  await expect(client.listDirectory()).rejects.toMatchObject({
    kind: "account_changed",
    message: "another account is logged in than when the call began",
  });
  for (const { headers } of backend.requests)
    expect(headers["chatgpt-account-id"]).toBe(workspace.identity.accountId);
  expect(await readdir(options.home ?? "")).toEqual([]);
  expect(await namesOf(client.listDirectory())).toEqual(["Mail", "a", "b"]);
});

test("whenever the account changes, a listing is whole or given up", async () => {
  const { backend, login, client } = await startCached(workspace);
  backend.connectors.add({ id: "team", name: "Team" }, { directory: "workspace", accountId: "account-w" });
  const current = login.current.bind(login);
  const outcomes = new Set<unknown>();
  for (let change = 2; change < 8; change += 1) {
    let readings = 0;
    login.current = async () => {
      readings += 1;
      login.account = readings < change ? workspace : otherWorkspace;
      return current();
    };
    const names = await namesOf(client.listDirectory({ forceRefetch: true })).catch(({ kind }) => kind);
    outcomes.add(String(names));
  }
  expect(outcomes).toEqual(new Set(["account_changed", "Mail,Team"]));
});

test("accounts that take turns in the middle of calls see nothing of each other", async () => {
  const { backend, login, client } = await startClient(workspace);
  for (const accountId of ["account-w", "account-x"])
    backend.connectors.add({ id: "own", name: `Own of ${accountId}` }, { accountId });
  const current = login.current.bind(login);
  const readings = [workspace, otherWorkspace];
  login.current = async () => {
    login.account = readings.shift() ?? login.account;
    const reading = current();
    // Only the second call sees the other account.
    login.account = workspace;
    return reading;
  };
  const [listed] = await Promise.all([namesOf(client.listDirectory()), client.cachedDirectory()]);
  expect(listed).toEqual(["Own of account-w"]);
  login.current = current;
  login.account = otherWorkspace;
  expect(await client.cachedDirectory()).toBeUndefined();
  expect(await namesOf(client.listDirectory())).toEqual(["Own of account-x"]);
});

test("of two listings the later one is remembered, also when it is over first", async () => {
  const { backend, client, options } = await startCached();
  backend.fault({ kind: "drip", path: "/list", bytes: 8, intervalMs: 20 });
  const slow = client.listDirectory();
  await backend.waitForRequests(1);
  backend.connectors.add({ id: "drive", name: "Drive" });
  expect(await namesOf(client.listDirectory({ forceRefetch: true }))).toEqual(["Drive", "Mail"]);
  expect(await namesOf(slow)).toEqual(["Mail"]);
  expect(await namesOf(client.listDirectory())).toEqual(["Drive", "Mail"]);
  expect(await namesOf(new ChatgptClient(options).cachedDirectory())).toEqual(["Drive", "Mail"]);
});

test("clearing forgets everything of the account, also what is being asked for", async () => {
  const { backend, login, client, options } = await startCached();
  login.account = workspace;
  await client.listDirectory();
  login.account = personal;
  await client.listDirectory();
  backend.fault({ kind: "drip", path: "/list", bytes: 8, intervalMs: 20 });
  const underWay = client.listDirectory({ forceRefetch: true });
  await backend.waitForRequests(4);
  await client.clearCaches();
  await underWay;
  expect(await client.cachedDirectory()).toBeUndefined();
  await expect(stat(fileOf(options))).rejects.toMatchObject({ code: "ENOENT" });
  // That of another account is its own affair.
  await stat(fileOf(options, workspace));
  backend.connectors.add({ id: "drive", name: "Drive" });
  expect(await namesOf(client.listDirectory())).toEqual(["Drive", "Mail"]);
});

test("a file that cannot be removed is told of, and the memory is cleared nevertheless", async () => {
  const { backend, client, options } = await startCached();
  const path = fileOf(options);
  await client.listDirectory();
  await rm(path);
  await mkdir(path);
  await expect(client.clearCaches()).rejects.toMatchObject({
    kind: "cache",
    message: "the cache file of the connectors directory could not be removed",
    cause: { code: expect.stringMatching(/EISDIR|EPERM/) },
  });
  await client.listDirectory();
  expect(backend.requests).toHaveLength(2);
});

const whole = { schema_version: 1, connectors: [{ id: "x", name: "From the file" }] };

test.each([
  ["of an older schema", JSON.stringify({ ...whole, schema_version: 0 })],
  ["of a newer schema", JSON.stringify({ ...whole, schema_version: 2 })],
  ["torn", JSON.stringify(whole).slice(0, -20)],
  ["empty", ""],
  ["nothing but zeros", "\0".repeat(64)],
  ["somebody else's", '{"tools":[]}'],
  ["a list", "[]"],
  ["damaged", JSON.stringify({ ...whole, connectors: [{ id: "x" }] })],
])("a file that is %s is removed, and does not count", async (_what, text) => {
  const { client, options, failures } = await startCached();
  const path = fileOf(options);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  expect(await client.cachedDirectory()).toBeUndefined();
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  expect(failures).toEqual([]);
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
});

test("what a killed writer has left beside the file is not read, and removed by the next write", async () => {
  const { client, options } = await startCached();
  const path = fileOf(options);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(whole));
  const left = join(dirname(path), `.${path.slice(dirname(path).length + 1)}.killed.tmp`);
  await writeFile(left, '{"schema_ver');
  await utimes(left, 0, 0);
  expect(await namesOf(client.cachedDirectory())).toEqual(["From the file"]);
  await client.listDirectory();
  expect(await readdir(dirname(path))).toHaveLength(1);
});

test("a file that cannot be read does not count either", async () => {
  const { client, options, failures } = await startCached();
  await mkdir(fileOf(options), { recursive: true });
  expect(await client.cachedDirectory()).toBeUndefined();
  expect(failures).toMatchObject([{ code: "EISDIR" }]);
});

test("a file that is far too large is not ours", async () => {
  const { client, options } = await startCached();
  const path = fileOf(options);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(whole));
  await truncate(path, 33 * 1024 * 1024);
  expect(await client.cachedDirectory()).toBeUndefined();
  await stat(path);
});

test("a file that cannot be written fails nothing", async () => {
  const { client, options, failures } = await startCached();
  await writeFile(join(options.home ?? "", "cache"), "in the way");
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
  expect(failures).toMatchObject([{ code: expect.stringMatching(/^(?:ENOTDIR|EEXIST)$/) }]);
  expect(await namesOf(client.listDirectory())).toEqual(["Mail"]);
});
