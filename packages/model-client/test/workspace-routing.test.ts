import type { Backend } from "@codex-ts/testkit";
import { startBackend } from "@codex-ts/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ModelClient } from "../src/index.js";
import { agentLogin } from "./support/accounts.js";
import { chatgptLogin, TestLogin } from "./support/logins.js";
import { clientOf, frames, posts, readAll, readOutcome, type WorldOptions } from "./support/world.js";

const accountsCheck = /\/accounts\/check$/;
const override = "x-openai-account-routing-override";

interface RoutedWorld {
  readonly backend: Backend;
  readonly login: TestLogin;
  readonly client: ModelClient;
}

/** A client of a provider that follows the login, and a backend that names itself. */
async function routedWorld(options: WorldOptions = {}): Promise<RoutedWorld> {
  const backend = await startBackend({
    rateLimitHeaders: {},
    bearerTokens: ["access-token-test", "token-2"],
  });
  onTestFinished(() => backend.close());
  const login = new TestLogin();
  const client = clientOf(backend, {
    auth: login,
    facts: { baseUrl: undefined },
    chatgptBaseUrl: backend.urls.chatgpt,
    workspaceOrigins: [backend.urls.origin],
    ...options,
  });
  return { backend, login, client };
}

function questions({ requests }: Backend): number {
  return requests.filter(({ path }) => accountsCheck.test(path)).length;
}

describe("a ChatGPT login", () => {
  test.each([true, false])("is sent to where its workspace is (webSocket: %s)", async (webSocket) => {
    const { backend, client } = await routedWorld({ webSocket });
    for (const text of ["one", "two"]) expect((await client.turn().stream(text).result()).text).toBe(text);
    expect(questions(backend)).toBe(1);
    const calls = backend.requests.filter(({ path }) => path === "/backend-api/codex/responses");
    expect(calls.length).toBeGreaterThan(1);
    for (const { headers } of calls) expect(headers[override]).toBe("us");
    expect([frames(backend).length, posts(backend).length]).toEqual(webSocket ? [2, 0] : [0, 2]);
  });

  test("asks again after the login has changed", async () => {
    const { backend, login, client } = await routedWorld();
    await readAll(client.turn().stream("one"));
    login.snapshot = chatgptLogin("token-2", "account-2");
    backend.account.accounts = [{ id: "account-2" }];
    await readAll(client.turn().stream("two"));
    expect(questions(backend)).toBe(2);
  });

  test("that is served elsewhere after a refresh gets a connection there", async () => {
    const { backend, login, client } = await routedWorld();
    await readAll(client.turn().stream("one"));
    login.snapshot = chatgptLogin("token-2", "account-test");
    backend.account.accounts = [{ id: "account-test", account_routing_override: "eu" }];
    await readAll(client.turn().stream("two"));
    expect(backend.webSockets.map(({ request }) => request.headers[override])).toEqual(["us", "eu"]);
  });

  test("asks again, and the turn goes on, when the question meets a failure", async () => {
    const { backend, client } = await routedWorld();
    backend.fault({ kind: "reset", path: accountsCheck, times: 2 });
    expect((await client.turn().stream("one").result()).text).toBe("one");
  });

  test("compacts there, too", async () => {
    const { backend, client } = await routedWorld();
    await client.compact("hello", { implementation: "v1" });
    expect(backend.requests.at(-1)).toMatchObject({
      path: "/backend-api/codex/responses/compact",
      headers: { [override]: "us" },
    });
  });

  test.each([
    ["an origin that is not trusted", { workspace_backend_origin: "https://evil.example.com" }],
    ["an origin without encryption", { workspace_backend_origin: "http://chatgpt.com" }],
    ["no origin", { workspace_backend_origin: null }],
    ["no override", { account_routing_override: null }],
  ])("sends nothing when the backend names %s", async (_name, entry) => {
    const { backend, client } = await routedWorld();
    backend.account.accounts = [{ id: "account-test", ...entry }];
    const { events, error } = await readOutcome(client.turn().stream("one"));
    expect(error).toMatchObject({ kind: "unsupported_operation" });
    expect(events).toEqual([]);
    expect([frames(backend).length, posts(backend).length]).toEqual([0, 0]);
  });

  test("a base URL of the caller's is not overruled", async () => {
    const { backend, client } = await routedWorld();
    const own = clientOf(backend, { auth: new TestLogin(), chatgptBaseUrl: backend.urls.chatgpt });
    await readAll(own.turn().stream("one"));
    expect(questions(backend)).toBe(0);
    expect(backend.requests[0]?.headers).not.toHaveProperty(override);
    await readAll(client.turn().stream("two"));
    expect(questions(backend)).toBe(1);
  });

  test("a base URL of the caller's is overruled if the caller wants it", async () => {
    const { backend, client } = await routedWorld({
      workspaceRouting: true,
      facts: { baseUrl: "http://127.0.0.1:9/v1" },
    });
    expect((await client.turn().stream("one").result()).text).toBe("one");
    expect(questions(backend)).toBe(1);
  });
});

test.each(["personalAccessToken", "chatgptAuthTokens"])("a login of mode %s is routed", async (mode) => {
  const { backend, login, client } = await routedWorld();
  login.snapshot = chatgptLogin("access-token-test", "account-test", mode);
  await readAll(client.turn().stream("one"));
  expect(questions(backend)).toBe(1);
});

test("an Agent Identity is not", async () => {
  const { backend } = await routedWorld();
  const client = clientOf(backend, {
    auth: await agentLogin(backend),
    workspaceRouting: true,
    chatgptBaseUrl: backend.urls.chatgpt,
  });
  await readAll(client.turn().stream("one"));
  expect(questions(backend)).toBe(0);
});

test("an API key is not", async () => {
  const { backend } = await routedWorld();
  const client = clientOf(backend, { workspaceRouting: true, chatgptBaseUrl: backend.urls.chatgpt });
  await readAll(client.turn().stream("one"));
  expect(questions(backend)).toBe(0);
});

test("neither is another provider that asks for the login", async () => {
  const { backend } = await routedWorld();
  const client = clientOf(backend, {
    auth: new TestLogin(),
    workspaceRouting: true,
    facts: { id: "relay", name: "Relay" },
  });
  await readAll(client.turn().stream("one"));
  expect(questions(backend)).toBe(0);
});

test("an origin that is none is refused when the client is made", () => {
  expect(() => clientOf({ urls: {} } as Backend, { workspaceOrigins: ["https://a.example/path"] })).toThrow(
    TypeError,
  );
});
