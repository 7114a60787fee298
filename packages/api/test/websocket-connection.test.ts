import type { AuthProvider } from "@codex-ts/auth-provider";
import type { ResponsesRequest } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { type SsePoll, TurnState } from "../src/index.js";
import { apiRejection } from "./support/api-rejection.js";
import { helloRequest } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";
import { openConnection, sentMessages, startWebSocketWorld } from "./support/websocket-connection.js";

test("shakes hands with the headers of provider, session and credential", async () => {
  const { backend, connection } = await openConnection({
    provider: { headers: { "x-provider": "1", "thread-id": "lost" }, queryParams: { "api-version": "2" } },
    connect: {
      sessionId: "session-1",
      threadId: "thread-1",
      sessionSource: { subagent: "review" },
      headers: { "X-Own": "2" },
    },
  });
  const [upgrade] = backend.requests;
  expect(upgrade?.path).toBe("/v1/responses");
  expect(upgrade?.query.get("api-version")).toBe("2");
  expect(upgrade?.headers).toMatchObject({
    "openai-beta": "responses_websockets=2026-02-06",
    "session-id": "session-1",
    "thread-id": "thread-1",
    "x-client-request-id": "thread-1",
    "x-openai-subagent": "review",
    "x-provider": "1",
    "x-own": "2",
    authorization: "Bearer sk-test",
    originator: expect.any(String),
    "user-agent": expect.any(String),
  });
  for (const name of ["accept", "content-type", "content-encoding", "x-codex-turn-state", "cookie"])
    expect(upgrade?.headers).not.toHaveProperty(name);
  expect([connection.isOpen, connection.isBusy]).toEqual([true, false]);
});

test("keeps what the answer to the handshake tells", async () => {
  const { connection } = await openConnection({
    backend: {
      rateLimitHeaders: { "x-codex-primary-used-percent": "42" },
      webSocketHeaders: {
        "openai-model": "gpt-real",
        "x-models-etag": "etag-1",
        "x-reasoning-included": "false",
        "x-codex-turn-state": "sticky",
        "x-request-id": "req_1",
      },
    },
  });
  expect(connection.handshake).toMatchObject({
    requestId: "req_1",
    turnState: "sticky",
    modelsEtag: "etag-1",
    serverModel: "gpt-real",
    reasoningIncluded: true,
    rateLimits: [{ limit_id: "codex", primary: { used_percent: 42 } }],
    isCompressed: true,
  });
  for (let turn = 0; turn < 2; turn += 1) {
    const stream = await connection.stream(helloRequest);
    const items = await collectItems(stream);
    // Each response begins with them, but not with limits that may be an hour old.
    expect(items.slice(0, 4)).toEqual([
      { event: { type: "server_model", model: "gpt-real" } },
      { event: { type: "models_etag", etag: "etag-1" } },
      { event: { type: "server_reasoning_included", included: true } },
      { event: { type: "created" } },
    ]);
    expect([stream.requestId, stream.serverModel]).toEqual(["req_1", "gpt-real"]);
  }
});

test("says nothing that the handshake did not tell", async () => {
  const { connection } = await openConnection({ backend: { webSocketHeaders: { "x-models-etag": "" } } });
  expect(connection.handshake).toMatchObject({
    turnState: null,
    serverModel: null,
    reasoningIncluded: false,
  });
});

test("sends one message for each request, and nothing else", async () => {
  const { backend, connection } = await openConnection();
  await collectItems(
    await connection.stream({
      ...helloRequest,
      client_metadata: { thread_id: "t" },
      reasoning: { effort: "low" },
    }),
  );
  expect(sentMessages(backend)).toEqual([
    {
      type: "response.create",
      ...helloRequest,
      reasoning: { effort: "low" },
      client_metadata: { thread_id: "t" },
    },
  ]);
});

test("keeps the facts of a response at hand", async () => {
  const { backend, connection } = await openConnection();
  backend.script({
    events: [
      { type: "response.created", response: { id: "resp_7" } },
      { type: "not.known" },
      {
        type: "response.completed",
        response: {
          id: "resp_7",
          end_turn: false,
          usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
        },
      },
    ],
  });
  const stream = await connection.stream(helloRequest);
  expect(connection.isBusy).toBe(true);
  await collectItems(stream);
  expect(stream).toMatchObject({
    responseId: "resp_7",
    endTurn: false,
    usage: { total_tokens: 5 },
    unknownEventCount: 1,
  });
  expect([connection.isOpen, connection.isBusy]).toEqual([true, false]);
});

test("fills the turn state from the first message that carries one", async () => {
  const { backend, connection } = await openConnection({
    backend: { webSocketHeaders: { "x-codex-turn-state": "of the handshake" } },
  });
  const completed = { type: "response.completed", response: { id: "r" } };
  backend.script({
    events: [
      { type: "response.created", response: { id: "r" }, headers: { "x-codex-turn-state": "elsewhere" } },
      { type: "response.metadata", headers: { "X-Codex-Turn-State": ["ts-1", "ts-0"] } },
      { type: "response.metadata", headers: { "x-codex-turn-state": "ts-2" } },
      completed,
    ],
  });
  const turnState = new TurnState();
  await collectItems(await connection.stream(helloRequest, { turnState }));
  expect(turnState.value).toBe("ts-1");
});

test("delivers rate limits, and shows held-back answers as the messages say", async () => {
  const { backend, connection } = await openConnection({
    backend: { webSocketHeaders: { "x-models-etag": "e" } },
  });
  const buffering = { use_cases: ["cyber"], reasons: ["r"] };
  backend.script({
    events: [
      { type: "response.created", response: { id: "r" }, safety_buffering: buffering },
      {
        type: "codex.rate_limits",
        plan_type: "plus",
        rate_limits: { primary: { used_percent: 42, window_minutes: 60, reset_at: 1_700_000_000 } },
        credits: { has_credits: true, unlimited: false, balance: "123" },
        // For this type nothing but the limits counts.
        response: { headers: { "openai-model": "gpt-hidden" } },
      },
      { type: "codex.rate_limits", rate_limits: 5 },
      {
        type: "response.metadata",
        headers: {
          "x-codex-safety-buffering-enabled": "TRUE",
          "x-codex-safety-buffering-faster-model": "gpt-fast",
        },
        safety_buffering: buffering,
      },
      { type: "response.in_progress", headers: { "x-other": "1" }, safety_buffering: buffering },
      { type: "responsesapi.websocket_timing", timing_metrics: {} },
      { type: "response.completed", response: { id: "r" } },
    ],
  });
  const stream = await connection.stream(helloRequest);
  const items = await collectItems(stream);
  const held = { type: "safety_buffering", ...buffering };
  expect(items).toMatchObject([
    { event: { type: "models_etag" } },
    { event: { ...held, show_buffering_ui: false, faster_model: null } },
    { event: { type: "created" } },
    {
      event: {
        type: "rate_limits",
        snapshot: {
          limit_id: "codex",
          plan_type: "plus",
          primary: { used_percent: 42, window_minutes: 60, resets_at: 1_700_000_000 },
          credits: { has_credits: true, unlimited: false, balance: "123" },
        },
      },
    },
    { event: { ...held, show_buffering_ui: true, faster_model: "gpt-fast" } },
    { event: { ...held, show_buffering_ui: true, faster_model: "gpt-fast" } },
    { event: { type: "completed" } },
  ]);
  expect(stream.rateLimits).toHaveLength(1);
  expect(stream.unknownEventCount).toBe(0);
});

test("tells the hooks of WebSockets, and not those of server-sent events", async () => {
  const polls: string[] = [];
  const attempts: unknown[] = [];
  const sse: SsePoll[] = [];
  const { connection } = await openConnection({
    telemetry: {
      onRequest: ({ method, status }) => attempts.push([method, status]),
      onSsePoll: (poll) => sse.push(poll),
      onWebSocketPoll: (poll) => polls.push(poll.poll),
    },
  });
  await collectItems(await connection.stream(helloRequest));
  expect(attempts).toEqual([["GET", 101]]);
  expect(new Set(polls)).toEqual(new Set(["event"]));
  expect(polls.length).toBeGreaterThan(5);
  expect(sse).toEqual([]);
});

test("answers one request at a time, and says so", async () => {
  const { backend, connection } = await openConnection();
  backend.script("first", "second");
  const first = await connection.stream(helloRequest);
  const error = await apiRejection(connection.stream(helloRequest));
  expect(error).toMatchObject({ kind: "stream", code: "connection_busy" });
  // The one under way is not disturbed.
  expect((await collectItems(first)).at(-1)).toMatchObject({ event: { type: "completed" } });
  expect((await collectItems(await connection.stream(helloRequest))).at(-1)).toMatchObject({
    event: { type: "completed" },
  });
  expect(sentMessages(backend)).toHaveLength(2);
});

test("a request that cannot be written is not sent, and leaves the connection as it was", async () => {
  const { backend, connection } = await openConnection();
  const tools: unknown[] = [];
  tools.push(tools);
  const error = await apiRejection(connection.stream({ ...helloRequest, tools }));
  expect(error).toMatchObject({ kind: "stream", code: "invalid_body" });
  await collectItems(await connection.stream(helloRequest));
  expect(sentMessages(backend)).toHaveLength(1);
});

test("a connection that the server closed in between says so", async () => {
  const { backend, connection } = await openConnection();
  await collectItems(await connection.stream(helloRequest));
  await backend.close();
  await expect.poll(() => connection.isOpen).toBe(false);
  const error = await apiRejection(connection.stream(helloRequest));
  expect(error).toMatchObject({
    kind: "stream",
    code: "connection_closed",
    message: "websocket connection is closed",
    cause: { code: "websocket_closed", closeCode: 1006 },
  });
});

test("closes properly, also in the middle of a response", async () => {
  const { backend, connection } = await openConnection();
  backend.fault({ kind: "stall", afterBytes: 500 });
  const stream = await connection.stream(helloRequest);
  await connection.close();
  expect((await collectItems(stream)).at(-1)).toMatchObject({
    error: { kind: "stream", code: "closed_early" },
  });
  expect(backend.webSockets[0]?.closed).toEqual({ code: 1000, reason: "" });
  expect(await apiRejection(connection.stream(helloRequest))).toMatchObject({ code: "connection_closed" });
});

test("closing the transport ends a response", async () => {
  const { backend, connection, transport } = await openConnection();
  backend.fault({ kind: "stall", afterBytes: 500 });
  const items = collectItems(await connection.stream(helloRequest));
  await transport.close();
  expect((await items).at(-1)).toMatchObject({ error: { kind: "aborted" } });
});

class Login implements AuthProvider {
  token = "access-token-test";
  accountId: string | undefined = "account-test";

  addAuthHeaders(headers: Headers): void {
    if (this.token === "") throw new Error("signed out");
    headers.set("authorization", `Bearer ${this.token}`);
    if (this.accountId !== undefined) headers.set("chatgpt-account-id", this.accountId);
  }
}

test.each<[string, (login: Login) => void]>([
  [
    "another account",
    (login) => {
      login.accountId = "account-other";
    },
  ],
  [
    "an API key",
    (login) => {
      login.accountId = undefined;
      login.token = "sk-test";
    },
  ],
  [
    "nobody",
    (login) => {
      login.token = "";
    },
  ],
])("a connection is not used for another login: %s", async (_name, change) => {
  const auth = new Login();
  const { backend, connection } = await openConnection({ auth });
  await collectItems(await connection.stream(helloRequest));
  change(auth);
  const error = await apiRejection(connection.stream(helloRequest));
  expect(error).toMatchObject({ kind: "stream", code: "account_changed" });
  expect(connection.isOpen).toBe(false);
  expect(sentMessages(backend)).toHaveLength(1);
  await expect.poll(() => backend.openSockets).toBe(0);
});

test("a token that was renewed for the same account changes nothing", async () => {
  const auth = new Login();
  const { connection } = await openConnection({ auth });
  auth.token = "renewed-token";
  expect((await collectItems(await connection.stream(helloRequest))).at(-1)).toMatchObject({
    event: { type: "completed" },
  });
});

test("another key is another account, where the credential names none", async () => {
  let key = "sk-test";
  const auth: AuthProvider = { addAuthHeaders: (headers) => headers.set("authorization", `Bearer ${key}`) };
  const { connection } = await openConnection({ auth });
  key = "sk-other";
  expect(await apiRejection(connection.stream(helloRequest))).toMatchObject({ code: "account_changed" });
});

test("two clients never share a connection", async () => {
  const { backend, client, transport } = await startWebSocketWorld();
  const one = await client.connect();
  const other = await client.connect();
  await Promise.all([one, other].map(async (each) => collectItems(await each.stream(helloRequest))));
  const sockets = backend.requests
    .filter(({ method }) => method === "WEBSOCKET")
    .map(({ localSocketId }) => localSocketId);
  expect(new Set(sockets).size).toBe(2);
  await transport.close();
});

test("refuses a provider whose limits are none", async () => {
  await expect(startWebSocketWorld({ provider: { streamIdleTimeoutMs: -1 } })).rejects.toThrow(TypeError);
});

test("a prewarm asks for no answer, and what follows continues it", async () => {
  const { backend, connection } = await openConnection();
  const request: ResponsesRequest = { ...helloRequest, input: [] };
  await connection.prewarm(request);
  backend.script("Hello.");
  const items = await collectItems(await connection.stream(helloRequest));
  expect(items.at(-1)).toMatchObject({ event: { type: "completed" } });
  const [warm, turn] = sentMessages(backend);
  expect(warm).toMatchObject({ type: "response.create", generate: false, input: [] });
  expect(turn).toMatchObject({ previous_response_id: expect.any(String), input: helloRequest.input });
  expect(turn).not.toHaveProperty("generate");
});

test("a prewarm that fails rejects", async () => {
  const { backend, connection } = await openConnection();
  backend.fault({ kind: "error_event", status: 503 });
  expect(await apiRejection(connection.prewarm(helloRequest))).toMatchObject({
    kind: "transport",
    status: 503,
  });
});
