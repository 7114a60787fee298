import { inspect } from "node:util";
import type { AuthProvider } from "@codex-ts/auth-provider";
import { isTransportError } from "@codex-ts/client";
import type { Answer, Fault } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { type ApiError, apiErrorText, type Provider } from "../src/index.js";
import { apiRejection } from "./support/api-rejection.js";
import { helloRequest } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";
import { openConnection, startWebSocketWorld } from "./support/websocket-connection.js";

async function failureOf({
  fault,
  answer,
  provider = {},
}: {
  readonly fault?: Fault;
  readonly answer?: Answer;
  readonly provider?: Partial<Provider>;
}): Promise<ApiError> {
  const { backend, connection } = await openConnection({ provider });
  if (fault !== undefined) backend.fault(fault);
  if (answer !== undefined) backend.script(answer);
  const items = await collectItems(await connection.stream(helloRequest));
  const { error } = items.at(-1) as { error?: ApiError };
  if (error === undefined) throw new Error("nothing failed");
  // A failure of any kind leaves no connection.
  expect(connection.isOpen).toBe(false);
  await expect.poll(() => backend.openSockets).toBe(0);
  return error;
}

const errorEvent = (event: object): Answer => ({ events: [{ type: "error", ...event }] });

test.each<[string, Fault, object]>([
  [
    "cut in the middle",
    { kind: "cut", afterBytes: 1000 },
    { message: "stream closed before response.completed", code: "closed_early" },
  ],
  [
    "closed in the middle",
    { kind: "close", code: 1009, reason: "too big", afterEvents: 3 },
    {
      message: "websocket closed by server before response.completed",
      code: "closed_early",
      cause: expect.objectContaining({ closeCode: 1009 }),
    },
  ],
  [
    "closed without its terminal event",
    { kind: "no_completed" },
    { message: "websocket closed by server before response.completed", code: "closed_early" },
  ],
  [
    "a binary message",
    { kind: "binary", afterEvents: 1 },
    { message: "unexpected binary websocket event", code: "websocket_binary" },
  ],
])("%s", async (_name, fault, expected) => {
  expect(await failureOf({ fault })).toMatchObject({ kind: "stream", ...expected });
});

test.each<[string, Fault, Partial<Provider>]>([
  ["websocket_idle", { kind: "stall", afterBytes: 1000 }, { streamIdleTimeoutMs: 50 }],
  ["websocket_first_event", { kind: "stall" }, { streamFirstEventTimeoutMs: 50 }],
  ["websocket_event", { kind: "stall", afterBytes: 1000 }, { streamEventTimeoutMs: 50 }],
])("no message in time: %s", async (code, fault, provider) => {
  expect(await failureOf({ fault, provider })).toMatchObject({
    kind: "stream",
    code,
    message: "idle timeout waiting for websocket",
  });
});

test("a message that is too large", async () => {
  const error = await failureOf({
    fault: { kind: "oversize", bytes: 10_000 },
    provider: { streamMaxEventBytes: 5000 },
  });
  expect(error).toMatchObject({ kind: "stream", code: "websocket_oversize" });
});

test.each([
  [
    { status: 400, error: { code: "websocket_connection_limit_reached", message: "60 minutes" } },
    "60 minutes",
  ],
  [
    { error: { code: "websocket_connection_limit_reached" } },
    "Responses websocket connection limit reached (60 minutes). Create a new websocket connection to continue.",
  ],
])("the limit of a connection: %o", async (event, message) => {
  expect(await failureOf({ answer: errorEvent(event) })).toMatchObject({
    kind: "retryable",
    code: "connection_limit",
    serverCode: "websocket_connection_limit_reached",
    message,
    delayMs: undefined,
  });
});

test("a previous response that nobody named is not asked for again", async () => {
  const event = { status: 400, error: { code: "previous_response_not_found", message: "no such" } };
  expect(await failureOf({ answer: errorEvent(event) })).toMatchObject({
    kind: "retryable",
    code: "previous_response_not_found",
    message: "no such",
  });
});

test.each([
  ["status", 401],
  ["status_code", 400],
  ["status", 500],
  ["status", 301],
])("an error event with %s %i is like that answer of HTTP", async (member, status) => {
  const event = {
    [member]: status,
    error: { message: "no", type: "t" },
    headers: { "x-request-id": "req_9" },
  };
  const error = await failureOf({ answer: errorEvent(event) });
  expect(error).toMatchObject({ kind: "transport", status, requestId: "req_9" });
  if (!isTransportError(error.cause)) throw new Error("no cause");
  expect(error.cause).toMatchObject({ kind: "http", status });
  expect(JSON.parse(error.cause.body ?? "")).toEqual({ type: "error", ...event });
  expect(apiErrorText(error)).toContain(`http ${status}`);
});

test("an error event tells how long to wait, and when a limit starts anew", async () => {
  const overloaded = await failureOf({
    answer: errorEvent({ status: 503, headers: { "retry-after": 7, nested: {}, "b@d": "x", flag: true } }),
  });
  expect(overloaded).toMatchObject({ kind: "transport", status: 503, delayMs: 7000 });
  if (!isTransportError(overloaded.cause)) throw new Error("no cause");
  expect([...(overloaded.cause.headers ?? [])]).toEqual([
    ["flag", "true"],
    ["retry-after", "7"],
  ]);
  const limited = await failureOf({
    answer: errorEvent({
      status: 429,
      error: { type: "usage_limit_reached", plan_type: "pro", resets_at: 1_900_000_000 },
    }),
  });
  expect(limited).toMatchObject({
    kind: "transport",
    status: 429,
    code: "usage_limit_reached",
    resetsAt: new Date(1_900_000_000_000),
  });
});

test.each([
  {},
  { status: 200 },
  { status: 12 },
  { status: "400" },
  { status: 400, error: { code: 5 } },
  { status: 400, headers: [] },
])("an error event %o is none", async (event) => {
  const { backend, connection } = await openConnection();
  backend.script({
    events: [
      { type: "error", ...event },
      { type: "response.completed", response: { id: "r" } },
    ],
  });
  const items = await collectItems(await connection.stream(helloRequest));
  expect(items.at(-1)).toMatchObject({ event: { type: "completed" } });
});

test.each([
  ["response.failed", { error: { code: "context_length_exceeded" } }, { kind: "context_window_exceeded" }],
  ["response.incomplete", { incomplete_details: { reason: "max" } }, { code: "response_incomplete" }],
])(
  "%s ends the stream at once, though the server keeps the connection open",
  async (type, response, expected) => {
    expect(await failureOf({ answer: { events: [{ type, response }] } })).toMatchObject(expected);
  },
);

test.each([
  [
    { kind: "status", status: 426 },
    { kind: "transport", status: 426 },
  ],
  [{ kind: "unauthorized" }, { kind: "transport", status: 401 }],
  [
    { kind: "html", status: 403 },
    { kind: "transport", status: 403, code: "html_answer" },
  ],
  [
    { kind: "status", status: 503, headers: { "retry-after": "2" } },
    { status: 503, delayMs: 2000 },
  ],
  [{ kind: "usage_limit", resetsAt: 1_900_000_000 }, { code: "usage_limit_reached" }],
  [
    { kind: "redirect", to: "http://127.0.0.1:1/" },
    { kind: "transport", status: 307 },
  ],
  [{ kind: "reset" }, { kind: "transport" }],
] satisfies [Fault, object][])("a handshake that fails: %o", async (fault, expected) => {
  const { backend, client } = await startWebSocketWorld();
  backend.fault(fault);
  expect(await apiRejection(client.connect())).toMatchObject(expected);
  expect(backend.requests).toHaveLength(1);
  await expect.poll(() => backend.openSockets).toBe(0);
});

test("a handshake without an answer", async () => {
  const { backend, client } = await startWebSocketWorld();
  backend.fault({ kind: "stall_headers" });
  const error = await apiRejection(client.connect({ connectTimeoutMs: 40 }));
  expect(error).toMatchObject({ kind: "transport", code: "connect_timeout" });
  await expect.poll(() => backend.openSockets).toBe(0);
});

test("a handshake that is aborted", async () => {
  const { backend, client } = await startWebSocketWorld();
  backend.fault({ kind: "stall_headers" });
  const controller = new AbortController();
  const connecting = apiRejection(client.connect({ signal: controller.signal }));
  await backend.waitForRequests(1);
  controller.abort(new Error("enough"));
  expect(await connecting).toMatchObject({ kind: "aborted", cause: new Error("enough") });
});

test.each([
  ["a URL", { baseUrl: "nonsense" }, {}, "failed to build websocket URL: ", "invalid_url"],
  ["a header", {}, { headers: { "x-own": "a\nb" } }, "failed to build websocket request: ", "invalid_header"],
])("%s that is none", async (_name, provider, connect, start, code) => {
  const { client } = await startWebSocketWorld({ provider });
  const error = await apiRejection(client.connect(connect));
  expect(error).toMatchObject({ kind: "stream", code });
  expect(error.message.startsWith(start)).toBe(true);
});

test("recovers from a 401, and no error shows the token", async () => {
  let token = "stale-token-1234";
  const auth: AuthProvider = {
    addAuthHeaders: (headers) => headers.set("authorization", `Bearer ${token}`),
    async recover() {
      token = "access-token-test";
      return true;
    },
  };
  const { connection } = await openConnection({ auth });
  expect(connection.isOpen).toBe(true);

  const bad: AuthProvider = {
    addAuthHeaders: (headers) => headers.set("authorization", "Bearer stale-token-1234"),
  };
  const { client } = await startWebSocketWorld({ auth: bad });
  const error = await apiRejection(client.connect());
  expect(error).toMatchObject({ status: 401 });
  expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain("stale-token");
});

test("an error that repeats the credential does not show it", async () => {
  const key = "sk-that-is-a-secret";
  const { backend, connection } = await openConnection({
    backend: { apiKeys: [key] },
    auth: { addAuthHeaders: (headers) => headers.set("authorization", `Bearer ${key}`) },
  });
  backend.fault({ kind: "error_event", status: 400, message: `no: ${key}`, headers: { "x-echo": key } });
  const items = await collectItems(await connection.stream(helloRequest));
  expect(items.at(-1)).toMatchObject({ error: { kind: "transport", status: 400 } });
  expect(inspect(items, { depth: 9, showHidden: true })).not.toContain("that-is-a-secret");
});

test("an error is told as well when the credential has no headers to show", async () => {
  let isSigning = true;
  const { backend, connection } = await openConnection({
    auth: {
      addAuthHeaders(headers) {
        if (!isSigning) throw new Error("it signs no more");
        headers.set("authorization", "Bearer sk-test");
      },
    },
  });
  backend.fault({ kind: "error_event", status: 400, message: "no", afterEvents: 1 });
  const stream = await connection.stream(helloRequest);
  isSigning = false;
  expect((await collectItems(stream)).at(-1)).toMatchObject({ error: { kind: "transport", status: 400 } });
});
