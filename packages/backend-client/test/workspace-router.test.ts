import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { WorkspaceRouter, type WorkspaceRouterOptions } from "../src/index.js";
import { backendRejection } from "./support/backend-rejection.js";
import { startClient, type TestClient } from "./support/start-client.js";

async function startRouter(
  options: Partial<WorkspaceRouterOptions> = {},
): Promise<TestClient & { readonly router: WorkspaceRouter }> {
  const started = await startClient({}, { bearerTokens: ["access-token-test", "token-2"] });
  const allowedOrigins = [started.backend.urls.origin];
  const router = new WorkspaceRouter({ ...started.options, allowedOrigins, ...options });
  return { ...started, router };
}

test("gives the origin and the header that the account's model calls need", async () => {
  const { backend, router } = await startRouter();
  expect(await router.resolve()).toEqual({
    accountId: "account-test",
    origin: backend.urls.origin,
    baseUrl: backend.urls.codex,
    headers: { "x-openai-account-routing-override": "us" },
  });
  expect(backend.requests.map(({ path }) => path)).toEqual(["/backend-api/wham/accounts/check"]);
});

test("of several accounts takes that of the login, not the default", async () => {
  const { backend, router } = await startRouter();
  backend.account.accounts = [
    { id: "account-other", account_routing_override: "eu" },
    { id: "account-test", workspace_backend_origin: "https://chatgpt.com", account_routing_override: "us" },
  ];
  expect(await router.resolve()).toMatchObject({ accountId: "account-test", origin: "https://chatgpt.com" });
});

test("a login that names no account gets the default one", async () => {
  const { backend, router, login } = await startRouter();
  login.facts = { account: { isFedramp: false, isWorkspace: false } };
  backend.account.accounts = [{ id: "a1" }, { id: "a2", account_routing_override: "jp" }];
  backend.account.defaultAccountId = "a2";
  expect(await router.resolve()).toMatchObject({
    accountId: "a2",
    headers: { "x-openai-account-routing-override": "jp" },
  });
});

test("reads the map form, too", async () => {
  const { backend, router } = await startRouter();
  backend.account.accountsForm = "map";
  expect(await router.resolve()).toMatchObject({ accountId: "account-test", origin: backend.urls.origin });
});

test("is asked once, however many calls there are at once and later", async () => {
  const { backend, router } = await startRouter();
  const routes = await Promise.all(Array.from({ length: 10 }, () => router.resolve()));
  expect(new Set(routes).size).toBe(1);
  expect(await router.resolve()).toBe(routes[0]);
  expect(backend.requests).toHaveLength(1);
});

test("is asked again when the token or the account changes", async () => {
  const { backend, router, login } = await startRouter();
  await router.resolve();
  login.token = "token-2";
  await router.resolve();
  await router.resolve();
  expect(backend.requests).toHaveLength(2);
  backend.account.accounts = [{ id: "account-2" }];
  login.facts = { account: { accountId: "account-2", isFedramp: false, isWorkspace: false } };
  expect(await router.resolve()).toMatchObject({ accountId: "account-2" });
  expect(backend.requests).toHaveLength(3);
});

test("is not asked again when the question itself renewed the token", async () => {
  const { backend, router, login } = await startRouter();
  login.token = "expired";
  login.nextToken = "token-2";
  const route = await router.resolve();
  expect(backend.requests.map(({ status }) => status)).toEqual([401, 200]);
  expect(await router.resolve()).toBe(route);
  expect(backend.requests).toHaveLength(2);
});

test("an account that logs in while the other's is asked for gets its own route", async () => {
  const { backend, router, login } = await startRouter();
  backend.account.accounts = [{ id: "account-test" }, { id: "account-2", account_routing_override: "eu" }];
  backend.fault({ kind: "drip", path: /check$/, bytes: 50, intervalMs: 5 });
  const resolving = router.resolve();
  await backend.waitForRequests(1);
  login.facts = { account: { accountId: "account-2", isFedramp: false, isWorkspace: false } };
  expect(await resolving).toMatchObject({ accountId: "account-2" });
  expect(backend.requests).toHaveLength(2);
});

test.each(["apikey", "agentIdentity", "headers"])(
  "a login of mode %s is not routed, nor asked for",
  async (mode) => {
    const { backend, router, login } = await startRouter();
    login.facts = { mode };
    expect(await router.resolve()).toBeUndefined();
    expect(backend.requests).toEqual([]);
  },
);

test.each(["chatgptAuthTokens", "personalAccessToken"])("a login of mode %s is routed", async (mode) => {
  const { router, login } = await startRouter();
  login.facts = { mode };
  expect(await router.resolve()).toMatchObject({ accountId: "account-test" });
});

test("without a login nothing is asked", async () => {
  const { backend, router, login } = await startRouter();
  login.facts = undefined;
  expect(await backendRejection(router.resolve())).toMatchObject({ kind: "auth" });
  expect(backend.requests).toEqual([]);
});

const refusal = "the account cannot be routed to its workspace: ";

test.each([
  [{ workspace_backend_origin: null }, `${refusal}the server names no origin for it`],
  [{ workspace_backend_origin: "" }, `${refusal}the server names no origin for it`],
  [{ account_routing_override: null }, `${refusal}the server names no routing override for it`],
  [{ account_routing_override: "" }, `${refusal}the server names no routing override for it`],
  [{ account_routing_override: "us\r\nx: y" }, `${refusal}its routing override cannot be a header`],
  [{ account_routing_override: "u s" }, `${refusal}its routing override cannot be a header`],
  [{ id: "account-other" }, `${refusal}the server does not list the account of the login`],
])("refuses an account with %j", async (facts, message) => {
  const { backend, router } = await startRouter();
  backend.account.accounts = [{ id: "account-test", ...facts }];
  expect(await backendRejection(router.resolve())).toMatchObject({ kind: "routing", message });
  // It may be there the next time.
  backend.account.accounts = undefined;
  expect(await router.resolve()).toMatchObject({ accountId: "account-test" });
});

test.each([{ account_routing_override: 7 }, { workspace_backend_origin: true }])(
  "an answer with %j is none",
  async (facts) => {
    const { backend, router } = await startRouter();
    backend.account.accounts = [{ id: "account-test", ...facts }];
    expect(await backendRejection(router.resolve())).toMatchObject({ kind: "decode" });
  },
);

test.each([
  ["https://chatgpt.com", "https://chatgpt.com"],
  ["https://chatgpt.com/", "https://chatgpt.com"],
  ["https://eu.chatgpt.com", "https://eu.chatgpt.com"],
  ["https://chat.openai.com", "https://chat.openai.com"],
  ["https://chatgpt-staging.com", "https://chatgpt-staging.com"],
  ["https://relay.example.test:8443", "https://relay.example.test:8443"],
])("trusts the origin %s", async (named, origin) => {
  const { backend, router } = await startRouter({ allowedOrigins: ["https://relay.example.test:8443"] });
  backend.account.accounts = [{ id: "account-test", workspace_backend_origin: named }];
  expect(await router.resolve()).toMatchObject({ origin, baseUrl: `${origin}/backend-api/codex` });
});

test.each([
  ["https://example.net", "example.net is none of ChatGPT's hosts; see allowedOrigins"],
  [
    "https://chatgpt.com.example.net",
    "chatgpt.com.example.net is none of ChatGPT's hosts; see allowedOrigins",
  ],
  ["https://evilchatgpt.com", "evilchatgpt.com is none of ChatGPT's hosts; see allowedOrigins"],
  ["https://api.openai.com", "api.openai.com is none of ChatGPT's hosts; see allowedOrigins"],
  ["https://chatgpt.com:8443", "chatgpt.com:8443 is none of ChatGPT's hosts; see allowedOrigins"],
  ["https://relay.example.test", "relay.example.test is none of ChatGPT's hosts; see allowedOrigins"],
  ["http://chatgpt.com", "it does not use HTTPS"],
  ["http://127.0.0.1", "it does not use HTTPS"],
  ["ftp://chatgpt.com", "it does not use HTTPS"],
  ["https://chatgpt.com/steal", "it is more than an origin"],
  ["https://chatgpt.com?", "it is more than an origin"],
  ["https://chatgpt.com#", "it is more than an origin"],
  ["https:chatgpt.com", "it is more than an origin"],
  ["https://chatgpt.com\\", "it is more than an origin"],
  [" https://chatgpt.com", "it is more than an origin"],
  ["https://me@chatgpt.com", "it holds a user name or password"],
  ["chatgpt.com", "it is no URL"],
])("refuses the origin %j", async (named, reason) => {
  const { backend, router } = await startRouter({ allowedOrigins: ["https://relay.example.test:8443"] });
  backend.account.accounts = [{ id: "account-test", workspace_backend_origin: named }];
  const error = await backendRejection(router.resolve());
  expect(error).toMatchObject({ kind: "routing", message: `the workspace's origin was refused: ${reason}` });
});

test("nothing on this machine is trusted unless it is allowed", async () => {
  const { router } = await startRouter({ allowedOrigins: [] });
  expect(await backendRejection(router.resolve())).toMatchObject({ kind: "routing" });
});

test.each(["https://example.test/", "example.test", "https://example.test/path", "https://EXAMPLE.test"])(
  "an allowed origin must be one: %s",
  async (origin) => {
    const { options } = await startClient();
    expect(() => new WorkspaceRouter({ ...options, allowedOrigins: [origin] })).toThrow(
      new TypeError(`"allowedOrigins" must be origins such as https://example.com, got "${origin}"`),
    );
  },
);

test("one caller that gives up takes nothing from the others", async () => {
  const { backend, router } = await startRouter();
  backend.fault({ kind: "drip", path: /check$/, bytes: 100, intervalMs: 10 });
  const controller = new AbortController();
  const leaving = backendRejection(router.resolve({ signal: controller.signal }));
  const staying = router.resolve();
  await backend.waitForRequests(1);
  controller.abort();
  expect(await leaving).toMatchObject({ kind: "aborted" });
  expect(await staying).toMatchObject({ accountId: "account-test" });
  expect(backend.requests).toHaveLength(1);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("when all have given up the question is ended, and the next caller asks anew", async () => {
  const { backend, router } = await startRouter();
  backend.fault({ kind: "stall_headers", path: /check$/ });
  const controller = new AbortController();
  const leaving = [1, 2].map(() => backendRejection(router.resolve({ signal: controller.signal })));
  await backend.waitForRequests(1);
  controller.abort();
  expect((await Promise.all(leaving)).map(({ kind }) => kind)).toEqual(["aborted", "aborted"]);
  expect(await backend.requests[0]?.outcome).toBe("aborted");
  expect(await router.resolve()).toMatchObject({ accountId: "account-test" });
});

test("a caller may set a limit of its own", async () => {
  const { backend, router } = await startRouter();
  backend.fault({ kind: "stall_headers", path: /check$/, times: Number.POSITIVE_INFINITY });
  expect(await backendRejection(router.resolve({ timeoutMs: 30 }))).toMatchObject({
    kind: "timeout",
    message: "resolving the workspace route took longer than 30 ms",
  });
});

test("a failure is shared by those who wait, and not kept", async () => {
  const { backend, router } = await startRouter();
  backend.fault({ kind: "status", path: /check$/, status: 500 });
  const errors = await Promise.all([backendRejection(router.resolve()), backendRejection(router.resolve())]);
  expect(errors.map(({ status }) => status)).toEqual([500, 500]);
  expect(backend.requests).toHaveLength(1);
  await router.resolve();
  expect(backend.requests).toHaveLength(2);
});
