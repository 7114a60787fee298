import { expect, test } from "vitest";
import { createModelsManager } from "../src/index.js";
import { loginOf } from "./support/login.js";
import { serverOfTest } from "./support/server.js";
import { model, settingOfTest, slugs } from "./support/setting.js";

test("asks with the version of the client, the provider's headers and the credential, and without a condition", async () => {
  const setting = await settingOfTest();
  const provider = {
    name: "OpenAI",
    baseUrl: `${setting.backend.urls.codex}/`,
    headers: { version: "1.2.3" },
  };
  await setting.open({ provider, clientVersion: "1.2.3-alpha.4" }).list();
  await setting.open({ provider }).list({ strategy: "online" });

  const [request] = setting.backend.requests;
  expect(request).toMatchObject({
    method: "GET",
    path: "/backend-api/codex/models",
    status: 200,
    headers: {
      version: "1.2.3",
      authorization: "Bearer access-token-test",
      "chatgpt-account-id": "account-test",
    },
  });
  expect(String(request?.query)).toBe("client_version=1.2.3");
  for (const { headers } of setting.backend.requests) expect(headers).not.toHaveProperty("if-none-match");
});

test.each([
  ["online", 2],
  ["online_if_uncached", 1],
  ["offline", 0],
] as const)("%s asks %i times in two questions", async (strategy, count) => {
  const setting = await settingOfTest();
  const manager = setting.open();
  await manager.list({ strategy });
  const second = await manager.list({ strategy });
  expect(setting.fetches()).toBe(count);
  expect(slugs(second)).toEqual(count === 0 ? ["known"] : ["live"]);
});

test.each(["chatgpt", "chatgptAuthTokens", "personalAccessToken", "agentIdentity"])(
  "a login of mode %s opens the gate",
  async (mode) => {
    const setting = await settingOfTest();
    setting.login.snapshot = loginOf({ mode });
    await setting.open().list();
    expect(setting.fetches()).toBe(1);
  },
);

test.each([["apikey"], ["nobody"]])("for %s nothing is asked, not even online", async (mode) => {
  const setting = await settingOfTest();
  setting.login.snapshot =
    mode === "nobody" ? undefined : loginOf({ mode, token: "sk-test", accountId: undefined });
  const manager = setting.open();
  for (const strategy of ["online", "online_if_uncached", "offline"] as const)
    expect(slugs(await manager.list({ strategy }))).toEqual(["known"]);
  manager.noteEtag('"other"');
  await manager.settled();
  expect(setting.backend.requests).toHaveLength(0);
});

test("a provider with a gate of its own is asked with an API key as well, and the list is not stored", async () => {
  const setting = await settingOfTest();
  setting.login.snapshot = loginOf({ mode: "apikey", token: "sk-test", accountId: undefined });
  const manager = setting.open({ mayFetch: () => true });
  expect(slugs(await manager.list())).toEqual(["live", "known"]);
  expect(slugs(await manager.list())).toEqual(["live", "known"]);
  expect(setting.fetches()).toBe(1);
  expect(await setting.cacheFiles()).toEqual([]);
});

test("fifty callers share one request", async () => {
  const setting = await settingOfTest();
  const manager = setting.open();
  const lists = await Promise.all(Array.from({ length: 50 }, () => manager.list({ strategy: "online" })));
  expect(new Set(lists.map((list) => slugs(list).join()))).toEqual(new Set(["live"]));
  expect(setting.fetches()).toBe(1);
});

test.each([
  ["an error", { kind: "status", status: 500 }],
  ["no JSON", { kind: "status", status: 200, body: "<!" }],
  [
    "a list with one entry that does not fit",
    { kind: "status", status: 200, body: '{"models":[{"slug":"m"}]}' },
  ],
  ["a reset connection", { kind: "reset" }],
] as const)("after %s the last list stays, and it is told", async (_name, fault) => {
  const setting = await settingOfTest();
  const manager = setting.open();
  await manager.list();
  setting.backend.setModels([model("newer")]);
  setting.backend.fault({ ...fault, path: "/models" });
  expect(slugs(await manager.list({ strategy: "online" }))).toEqual(["live"]);
  expect(setting.failures).toHaveLength(1);
  expect(slugs(await manager.list({ strategy: "online" }))).toEqual(["newer"]);
});

test("a process that has no list yet takes an old one from the cache file when the provider fails", async () => {
  const setting = await settingOfTest();
  await setting.open().list();
  setting.clock.nowMs += 24 * 3600_000;
  setting.backend.fault({ kind: "status", status: 503, path: "/models" });
  expect(slugs(await setting.open().list())).toEqual(["live"]);
  expect(setting.fetches()).toBe(2);
});

test("a provider that does not answer is given up after the limit, retries included", async () => {
  const setting = await settingOfTest();
  setting.backend.fault({ kind: "stall_headers", path: "/models", times: 9 });
  const provider = { name: "Slow", baseUrl: setting.backend.urls.codex };
  const manager = setting.open({ provider, timeoutMs: 50 });
  expect(slugs(await manager.list())).toEqual(["known"]);
  expect(await manager.defaultModel()).toBe("known");
  expect(String(setting.failures[0])).toBe("Error: Slow did not list its models within 50 ms");
});

test("the limit is five seconds", async () => {
  let requests = 0;
  const baseUrl = await serverOfTest(() => {
    requests += 1;
  });
  const setting = await settingOfTest();
  const manager = setting.open({ provider: { name: "Slow", baseUrl } });
  const startedAtMs = performance.now();
  expect(slugs(await manager.list())).toEqual(["known"]);
  expect(performance.now() - startedAtMs).toBeGreaterThan(4900);
  expect(requests).toBe(1);
});

test.each([0, Number.POSITIVE_INFINITY])("a limit of %d is none", async (timeoutMs) => {
  const setting = await settingOfTest();
  expect(slugs(await setting.open({ timeoutMs }).list())).toEqual(["live"]);
});

test("a 401 is recovered from, as everywhere", async () => {
  const setting = await settingOfTest();
  setting.login.snapshot = loginOf({ token: "expired" });
  setting.login.renewed = loginOf();
  expect(slugs(await setting.open().list())).toEqual(["live"]);
  expect(setting.backend.requests.map(({ status }) => status)).toEqual([401, 200]);
});

test("who gives up waiting gets the signal's reason, and the others their list", async () => {
  let answer = (): unknown => undefined;
  let onAsked = (): void => {};
  const asked = new Promise<void>((fulfil) => {
    onAsked = fulfil;
  });
  const baseUrl = await serverOfTest((response) => {
    answer = () => response.setHeader("content-type", "application/json").end('{"models":[]}');
    onAsked();
  });
  const setting = await settingOfTest();
  const manager = setting.open({ provider: { name: "Slow", baseUrl } });
  const leaving = new AbortController();
  const left = manager.list({ signal: leaving.signal });
  const stayed = manager.list();
  await asked;
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  answer();
  expect(slugs(await stayed)).toEqual(["known"]);
  expect(setting.failures).toEqual([]);
});

test("a signal that has fired asks nobody anything", async () => {
  const setting = await settingOfTest();
  await expect(setting.open().list({ signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
  expect(setting.backend.requests).toHaveLength(0);
});

test("closing ends a request under way, and nothing is asked afterwards", async () => {
  const setting = await settingOfTest();
  setting.backend.fault({ kind: "stall_headers", path: "/models" });
  const manager = setting.open({ timeoutMs: 600_000 });
  manager.noteEtag('"new"');
  const [request] = await setting.backend.waitForRequests(1);
  await manager.close();
  expect(await request?.outcome).toBe("aborted");
  manager.noteEtag('"newer"');
  expect(slugs(await manager.list({ strategy: "online" }))).toEqual(["known"]);
  expect(setting.fetches()).toBe(1);
  expect(setting.failures).toEqual([]);
});

test("a login that fails leaves the list that was there, asks nothing, and is told", async () => {
  const setting = await settingOfTest();
  const manager = setting.open();
  await manager.list();
  setting.login.failure = new Error("the token endpoint is down");
  expect(slugs(await manager.list({ strategy: "online" }))).toEqual(["live"]);
  expect(setting.failures).toEqual([setting.login.failure]);
  expect(setting.fetches()).toBe(1);
  expect(slugs(await setting.open().list())).toEqual(["known"]);
});

test("a hook that throws changes nothing", async () => {
  const setting = await settingOfTest();
  const fail = (): never => {
    throw new Error("hook");
  };
  const telemetry = { onRefresh: fail, onRefreshFailure: fail, onCacheFailure: fail };
  const manager = setting.open({ telemetry });
  setting.backend.fault({ kind: "status", status: 500, path: "/models" });
  expect(slugs(await manager.list())).toEqual(["known"]);
  expect(slugs(await manager.list())).toEqual(["live"]);
});

test.each([
  [{ clientVersion: "1.2" }, '"clientVersion" must be a version such as 1.2.3'],
  [{ clientVersion: "1.2.3&x=1" }, '"clientVersion" must be a version such as 1.2.3'],
  [{ cacheTtlMs: -1 }, '"cacheTtlMs" must be a non-negative number of milliseconds'],
  [{ timeoutMs: Number.NaN }, '"timeoutMs" must be a non-negative number of milliseconds'],
])("refuses %j", async (wrong, message) => {
  const setting = await settingOfTest();
  const options = {
    transport: setting.transport,
    provider: { name: "p", baseUrl: "http://127.0.0.1:9" },
    auth: setting.login,
    clientVersion: "1.2.3",
  };
  expect(() => createModelsManager({ ...options, ...wrong })).toThrow(new TypeError(message));
});
