import { inspect } from "node:util";
import { type Fault, startBackend } from "@codex-ts/testkit";
import { MockAgent } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import type { AccessReport, TurnEvent } from "../src/index.js";
import { agentLogin, chatgptAccount } from "./support/accounts.js";
import { completed } from "./support/answers.js";
import { chatgptLogin, TestLogin } from "./support/logins.js";
import { clientOf, patient, posts, readAll, readOutcome, startWorld } from "./support/world.js";

const registerAgent = /\/agent\/register$/;
const registerTask = /\/task\/register$/;
const responses = /\/responses$/;

async function startedBackend() {
  const backend = await startBackend({ rateLimitHeaders: {} });
  onTestFinished(() => backend.close());
  return backend;
}

describe("a ChatGPT login", () => {
  test.each([true, false])("signs and compresses (webSocket: %s)", async (webSocket) => {
    const { backend, login } = await chatgptAccount();
    const client = clientOf(backend, { auth: login, webSocket, facts: { baseUrl: backend.urls.codex } });
    expect((await client.turn().stream("hello ".repeat(400)).result()).text).toContain("hello");
    const [request] = backend.requests;
    expect(request?.path).toBe("/backend-api/codex/responses");
    expect(request?.auth).toMatchObject({ kind: "bearer", credential: "token" });
    expect(request?.headers).toMatchObject({
      "chatgpt-account-id": "account-test",
      "x-codex-routing-hint": "model=gpt-test",
    });
    if (!webSocket && canCompress()) expect(request?.headers["content-encoding"]).toBe("zstd");
    if (!webSocket) expect(request?.json()).toHaveProperty("input");
  });

  test.each([true, false])(
    "whose token is refused is refreshed, and nobody notices (webSocket: %s)",
    async (webSocket) => {
      // It takes the new token, which it cannot know, like the old one.
      const { backend, issuer, login } = await chatgptAccount({ requireAuth: false });
      const client = clientOf(backend, { auth: login, webSocket });
      // The first is answered by reading the login again, the second by a refresh.
      backend.fault({ kind: "unauthorized", times: 2 });
      const events = await readAll(client.turn().stream("hello"));
      expect(events.map(({ type }) => type)).not.toContain("reconnecting");
      expect(issuer.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
      const tokens = backend.requests
        .filter(({ method, path }) => method !== "WEBSOCKET" && responses.test(path))
        .map(({ headers }) => headers.authorization);
      expect(tokens).toEqual([tokens[0], tokens[0], expect.stringMatching(/^Bearer /)]);
      expect(tokens[2]).not.toBe(tokens[0]);
    },
  );

  test("that can never be refreshed again ends the turn at once", async () => {
    const { backend, issuer, login } = await chatgptAccount();
    const client = clientOf(backend, { auth: login, webSocket: false });
    issuer.fault({
      kind: "status",
      status: 401,
      body: JSON.stringify({ error: { code: "refresh_token_expired" } }),
    });
    backend.fault({ kind: "unauthorized", times: 99 });
    const { events, error } = await readOutcome(client.turn().stream("hello"));
    expect(error).toMatchObject({ kind: "refresh_token_failed" });
    expect(events.map(({ type }) => type)).not.toContain("reconnecting");
    expect(posts(backend)).toHaveLength(2);
  });
});

describe("an API key", () => {
  test("sends neither account nor compression nor hint", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    await readAll(client.turn().stream("hello ".repeat(400)));
    const { headers } = backend.requests[0] ?? { headers: {} };
    expect(headers).toMatchObject({ authorization: "Bearer sk-test" });
    for (const name of [
      "chatgpt-account-id",
      "content-encoding",
      "x-codex-routing-hint",
      "x-openai-account-routing-override",
    ])
      expect(headers).not.toHaveProperty(name);
  });

  test("is in no error, however it is printed", async () => {
    const { backend, client } = await startWorld({ webSocket: false, auth: "sk-very-secret-key" });
    backend.fault({ kind: "status", status: 400, body: "your key sk-very-secret-key is bad" });
    const { error } = await readOutcome(client.turn().stream("hello"));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("very-secret");
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain("very-secret");
  });

  test.each([true, false])(
    "is in nothing that goes wrong, however it goes (webSocket: %s)",
    async (webSocket) => {
      const secret = "sk-very-secret-key";
      const { backend, client } = await startWorld({
        webSocket,
        auth: secret,
        backend: { apiKeys: [secret] },
        facts: { streamMaxRetries: 1, requestMaxRetries: 0, streamIdleTimeoutMs: 100 },
        network: { env: {}, headersTimeoutMs: 100 },
      });
      const body = JSON.stringify({ error: { message: `you sent Bearer ${secret}` } });
      const faults: Fault[] = [
        ...[400, 401, 403, 404, 429, 500, 503].map((status): Fault => ({ kind: "status", status, body })),
        { kind: "html" },
        { kind: "usage_limit" },
        { kind: "redirect", to: `http://127.0.0.1:9/?key=${secret}` },
        { kind: "reset" },
        { kind: "stall_headers" },
        { kind: "cut", afterBytes: 100 },
        { kind: "stall" },
        { kind: "no_completed" },
        { kind: "close", code: 1011, reason: "bye" },
        { kind: "binary" },
        { kind: "error_event", status: 400, message: `you sent ${secret}` },
        { kind: "error_event", status: 500, message: `you sent ${secret}` },
      ];
      for (const fault of faults) {
        backend.reset();
        backend.fault({ ...fault, times: 99 });
        const outcome = await readOutcome(client.turn().stream("hello"));
        const printed = `${inspect(outcome, { depth: 12, showHidden: true })} ${JSON.stringify(outcome)}`;
        expect(printed, fault.kind).not.toContain("very-secret");
      }
    },
  );

  test("does not go to a provider that does not ask for it", async () => {
    const { backend, client } = await startWorld({
      facts: { id: "local", name: "local", requiresOpenaiAuth: false, supportsWebsockets: false },
      backend: { requireAuth: false },
    });
    await readAll(client.turn().stream("hello"));
    expect(backend.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  test("is not even read for such a provider", async () => {
    const { client } = await startWorld({
      facts: { id: "local", name: "local", requiresOpenaiAuth: false, supportsWebsockets: false },
      backend: { requireAuth: false },
      auth: () => expect.unreachable(),
    });
    await readAll(client.turn().stream("hello"));
  });
});

describe("an Agent Identity", () => {
  test.each([true, false])("signs each request (webSocket: %s)", async (webSocket) => {
    const backend = await startedBackend();
    const reports: AccessReport[] = [];
    const client = clientOf(backend, {
      auth: await agentLogin(backend),
      webSocket,
      telemetry: { onAccess: (report) => reports.push(report) },
    });
    await readAll(client.turn().stream("hello ".repeat(400)));
    expect(backend.requests.find(({ path }) => responses.test(path))?.auth.kind).toBe("agentAssertion");
    expect(reports).toMatchObject([
      {
        mode: "agentIdentity",
        authHeaderAttached: true,
        authHeaderName: "authorization",
        agentIdentity: { agentId: expect.any(String), taskId: expect.any(String) },
      },
    ]);
  });

  test("compacts with an assertion, too", async () => {
    const backend = await startedBackend();
    const client = clientOf(backend, { auth: await agentLogin(backend) });
    await client.compact("hello", { implementation: "v1" });
    expect(backend.requests.at(-1)?.auth.kind).toBe("agentAssertion");
  });

  test("whose task was forgotten gets another one", async () => {
    const backend = await startedBackend();
    const client = clientOf(backend, { auth: await agentLogin(backend), webSocket: false });
    await readAll(client.turn().stream("one"));
    backend.forgetTasks();
    expect((await client.turn().stream("two").result()).text).toBe("two");
    expect(backend.requests.filter(({ path }) => registerTask.test(path))).toHaveLength(1);
  });

  test.each([true, false])("that gets no task sends nothing (webSocket: %s)", async (webSocket) => {
    const backend = await startedBackend();
    backend.fault({ kind: "status", status: 403, path: registerTask, times: 999 });
    // The login is opened when it is needed, as that of the machine is.
    const client = clientOf(backend, { auth: () => agentLogin(backend, null), webSocket });
    const { error } = await readOutcome(client.turn().stream("hello"));
    expect(error).toMatchObject({ kind: "refresh_token_failed", message: expect.stringContaining("task") });
    expect(backend.requests.filter(({ path }) => responses.test(path))).toEqual([]);
  });
});

describe("policy ChatGptAuth", () => {
  const policy = { agentIdentityPolicy: "ChatGptAuth" } as const;

  test("signs with an identity of the ChatGPT login", async () => {
    const { backend, login } = await chatgptAccount();
    const client = clientOf(backend, { auth: login, ...policy, webSocket: false });
    await readAll(client.turn().stream("hello"));
    expect(backend.requests.at(-1)?.auth.kind).toBe("agentAssertion");
  });

  test("goes on with the token when the registration is down, and says so once", async () => {
    const { backend, login } = await chatgptAccount();
    backend.fault({ kind: "status", status: 503, path: registerAgent, times: 999 });
    const client = clientOf(backend, { auth: login, ...policy, webSocket: false });
    const events: TurnEvent[] = await readAll(client.turn().stream("hello"));
    events.push(...(await readAll(client.turn().stream("hello"))));
    expect(events.filter(({ type }) => type === "warning")).toMatchObject([
      { reason: "agent_identity_fallback" },
    ]);
    await client.compact("hello", { implementation: "v1" });
    expect(backend.requests.filter(({ path }) => registerAgent.test(path))).toHaveLength(3);
    expect(backend.requests.at(-1)).toMatchObject({
      path: "/v1/responses/compact",
      auth: { kind: "bearer", credential: "token" },
      headers: { "chatgpt-account-id": "account-test" },
    });
  });

  test.each(["v1", "v2"] as const)(
    "says so of a compaction (%s) too, or else of what follows it",
    async (implementation) => {
      for (const isListening of [true, false]) {
        const { backend, login } = await chatgptAccount();
        backend.fault({ kind: "status", status: 503, path: registerAgent, times: 999 });
        const client = clientOf(backend, { auth: login, ...policy, webSocket: false });
        const compaction = { type: "compaction", encrypted_content: "x" };
        if (implementation === "v2")
          backend.script({ events: [{ type: "response.output_item.done", item: compaction }, completed()] });
        const notices: TurnEvent[] = [];
        const onNotice = isListening ? (notice: TurnEvent): void => void notices.push(notice) : undefined;
        await client.compact("hello", { implementation, onNotice });
        notices.push(
          ...(await readAll(client.turn().stream("hello"))).filter(({ type }) => type === "warning"),
        );
        expect(notices).toMatchObject([{ reason: "agent_identity_fallback" }]);
      }
    },
  );

  test("sends nothing then if that is not allowed", async () => {
    const { backend, login } = await chatgptAccount();
    backend.fault({ kind: "status", status: 503, path: registerAgent, times: 999 });
    const client = clientOf(backend, {
      auth: login,
      ...policy,
      allowBearerFallback: false,
      facts: { streamMaxRetries: 1 },
    });
    const { error } = await readOutcome(client.turn().stream("hello"));
    expect(error).toMatchObject({ message: expect.stringContaining("agent identity") });
    expect(backend.requests.filter(({ path }) => responses.test(path))).toEqual([]);
  });

  test("sends nothing when the registration is refused", async () => {
    const { backend, login } = await chatgptAccount();
    backend.fault({ kind: "status", status: 403, path: registerAgent, times: 999 });
    const client = clientOf(backend, { auth: login, ...policy });
    const { error } = await readOutcome(client.turn().stream("hello"));
    expect(error).toMatchObject({ kind: "refresh_token_failed" });
    expect(backend.requests.filter(({ path }) => responses.test(path))).toEqual([]);
  });
});

test("nobody signed in: nothing is sent, and the error says what to do", async () => {
  const login = new TestLogin();
  login.snapshot = undefined;
  const { backend, client } = await startWorld({ auth: login });
  const { error } = await readOutcome(client.turn().stream("hello"));
  expect(error).toMatchObject({
    kind: "refresh_token_failed",
    message: expect.stringContaining("sign in first"),
  });
  expect(backend.requests).toEqual([]);
});

test("a key in a variable that is not set is named", async () => {
  const { backend, client } = await startWorld({
    facts: { envKey: "MY_KEY", envKeyInstructions: "Get one." },
  });
  const { error } = await readOutcome(client.turn().stream("hello"));
  expect(error).toMatchObject({
    kind: "env_var",
    message: "Missing environment variable: `MY_KEY`. Get one.",
  });
  expect(backend.requests).toEqual([]);
});

describe("another login in the middle of a session", () => {
  test("gets a connection of its own, and is told everything", async () => {
    const login = new TestLogin();
    const { backend, client } = await startWorld({
      auth: login,
      backend: {
        bearerTokens: [
          { token: "access-token-test", accountId: "account-test" },
          { token: "other-token", accountId: "other" },
        ],
      },
    });
    await readAll(client.turn().stream("one"));
    login.snapshot = chatgptLogin("other-token", "other");
    const events = await readAll(client.turn().stream("two"));
    expect(events.map(({ type }) => type)).not.toContain("reconnecting");
    expect(backend.webSockets.map(({ request }) => request.headers["chatgpt-account-id"])).toEqual([
      "account-test",
      "other",
    ]);
  });

  test("a refreshed token of the same account keeps the connection", async () => {
    const login = new TestLogin();
    const { backend, client } = await startWorld({ auth: login });
    await readAll(client.turn().stream("one"));
    login.snapshot = chatgptLogin("new-token", "account-test");
    await readAll(client.turn().stream("two"));
    expect(backend.webSockets).toHaveLength(1);
  });
});

test("two clients in one process share nothing", async () => {
  const { backend, client } = await startWorld({ auth: new TestLogin() });
  const other = clientOf(backend, { auth: "sk-test" });
  await Promise.all([readAll(client.turn().stream("one")), readAll(other.turn().stream("two"))]);
  await Promise.all([readAll(client.turn().stream("one")), readAll(other.turn().stream("two"))]);
  expect(backend.webSockets).toHaveLength(2);
  for (const { request, messages } of backend.webSockets) {
    const threads = new Set(
      messages
        .filter(({ from }) => from === "client")
        .map(({ text }) => JSON.parse(text).client_metadata.thread_id),
    );
    expect([...threads]).toEqual([request.headers["thread-id"]]);
  }
  expect(client.threadId).not.toBe(other.threadId);
});

function canCompress(): boolean {
  return "zstdCompress" in process.getBuiltinModule("node:zlib");
}

test("two clients share no cookie", async () => {
  const dispatcher = new MockAgent();
  dispatcher.disableNetConnect();
  onTestFinished(() => dispatcher.close());
  const cookies: unknown[] = [];
  dispatcher
    .get("https://chatgpt.com")
    .intercept({ method: "POST", path: "/backend-api/codex/responses" })
    .reply(
      200,
      ({ headers }) => {
        cookies.push(new Headers(headers as Record<string, string>).get("cookie"));
        return `data: ${JSON.stringify({ type: "response.completed", response: { id: "r" } })}\n\n`;
      },
      { headers: { "content-type": "text/event-stream", "set-cookie": "__cf_bm=mine; Path=/; Secure" } },
    )
    .times(3);
  const options = { webSocket: false, facts: { baseUrl: "https://chatgpt.com/backend-api/codex" } };
  const { backend, client } = await startWorld({ ...options, network: { env: {}, dispatcher } });
  const other = clientOf(backend, { ...options, network: { env: {}, dispatcher } });
  for (const each of [client, client, other]) await readAll(each.turn().stream("hello"));
  expect(cookies).toEqual([null, "__cf_bm=mine", null]);
});

test("a client can be closed while its login is still being opened", async () => {
  const closed: string[] = [];
  const login = Object.assign(new TestLogin(), {
    [Symbol.asyncDispose]: async () => void closed.push("closed"),
  });
  let finish = (): void => {};
  let isAsked = false;
  const { client } = await startWorld({
    auth: () => {
      isAsked = true;
      return new Promise<TestLogin>((resolve) => {
        finish = () => resolve(login);
      });
    },
  });
  const reading = readOutcome(client.turn().stream("hello"));
  await expect.poll(() => isAsked, patient).toBe(true);
  await client.close();
  expect((await reading).error).toMatchObject({ kind: "turn_aborted" });
  expect(closed).toEqual([]);
  finish();
  await expect.poll(() => closed, patient).toEqual(["closed"]);
});

test("a login is closed again when the rest cannot be set up", async () => {
  const closed: string[] = [];
  const login = Object.assign(new TestLogin(), {
    [Symbol.asyncDispose]: async () => void closed.push("closed"),
  });
  const { client } = await startWorld({
    auth: async () => login,
    workspaceRouting: true,
    chatgptBaseUrl: "nowhere",
  });
  expect((await readOutcome(client.turn().stream("hello"))).error).toMatchObject({ kind: "fatal" });
  expect(closed).toEqual(["closed"]);
});

test("a login that could not be opened is opened again for the next turn", async () => {
  let tries = 0;
  const { client } = await startWorld({
    auth: async () => {
      tries += 1;
      if (tries === 1) throw new Error("the disk is away");
      return new TestLogin();
    },
  });
  expect((await readOutcome(client.turn().stream("one"))).error).toMatchObject({ kind: "fatal" });
  expect((await client.turn().stream("two").result()).text).toBe("two");
});
