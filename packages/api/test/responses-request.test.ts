import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";
import { parseResponseItem, type ResponsesRequest } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { type ApiError, TurnState } from "../src/index.js";
import { apiKeyAuth } from "./support/api-key-auth.js";
import { startBackendClient } from "./support/backend-client.js";
import { readVectors } from "./support/read-vectors.js";
import { helloRequest, testClient } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";

interface BodyVector {
  readonly name: string;
  readonly request: string;
  readonly input: ResponsesRequest;
  readonly expected_body: object;
  readonly member_order?: readonly string[];
}

const { requests } = readVectors<{ readonly requests: readonly BodyVector[] }>("request-bodies");
const bodyVectors = requests.filter(({ request }) => request === "responses");

test.each(bodyVectors.map((vector) => [vector.name, vector] as const))(
  "body vector %s",
  async (_name, { input, expected_body, member_order }) => {
    const { backend, client } = await startBackendClient();

    await collectItems(await client.stream(input));

    const body = backend.requests[0]?.json() as object;
    expect(body).toStrictEqual(expected_body);
    if (member_order !== undefined) expect(Object.keys(body)).toEqual(member_order);
  },
);

test("an item of a type nobody knows goes back as it came", async () => {
  const { backend, client } = await startBackendClient();
  const original = { type: "shiny_new_item", id: "x_1", nested: { "a b": [1, null] } };
  const action = { type: "new_action", where: "there" };

  await collectItems(
    await client.stream({
      ...helloRequest,
      input: [
        ...helloRequest.input,
        parseResponseItem(original),
        parseResponseItem({ type: "web_search_call", action }),
        { type: "message", id: "msg_1", role: "user", content: [] },
      ],
    }),
  );

  expect(backend.requests[0]?.json()).toMatchObject({
    input: [
      { type: "message" },
      original,
      { type: "web_search_call", action },
      { type: "message", id: "msg_1" },
    ],
  });
});

test("members that are undefined are not sent", async () => {
  const { backend, client } = await startBackendClient();
  await collectItems(
    await client.stream({ ...helloRequest, tools: undefined, text: { verbosity: undefined } }),
  );
  const body = backend.requests[0]?.json() as Record<string, unknown>;
  expect(Object.keys(body)).not.toContain("tools");
  expect(body["text"]).toEqual({});
});

test.each([
  ["a circular structure", circular()],
  ["a bigint", { size: 1n }],
])("%s in the body is refused and nothing is sent", async (_name, tool) => {
  const { backend, client } = await startBackendClient();

  await expect(client.stream({ ...helloRequest, tools: [tool] })).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_body",
    message: expect.stringMatching(/^failed to encode responses request: .+$/),
  });
  expect(backend.requests).toEqual([]);
});

function circular(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

test("options become headers, and later sources replace earlier ones", async () => {
  const { backend, client } = await startBackendClient({
    provider: {
      headers: { "X-Provider": "p", "x-both": "provider", "session-id": "provider", accept: "text/html" },
      queryParams: { "api-version": "2026-01-01" },
    },
    auth: {
      addAuthHeaders(headers) {
        apiKeyAuth.addAuthHeaders(headers);
        headers.set("x-auth-wins", "auth");
      },
    },
  });

  await collectItems(
    await client.stream(helloRequest, {
      headers: new Headers({
        "x-both": "request",
        "thread-id": "request",
        "x-auth-wins": "request",
        accept: "application/json",
        "content-type": "application/json; charset=utf-8",
      }),
      sessionId: "sess_123",
      threadId: "thread_123",
      sessionSource: { subagent: "review" },
    }),
  );

  const [request] = backend.requests;
  expect(request).toMatchObject({ method: "POST", path: "/v1/responses" });
  expect(request?.query.get("api-version")).toBe("2026-01-01");
  expect(request?.headers).toMatchObject({
    "x-provider": "p",
    "x-both": "request",
    "x-auth-wins": "auth",
    "session-id": "sess_123",
    "thread-id": "thread_123",
    "x-client-request-id": "thread_123",
    "x-openai-subagent": "review",
    accept: "text/event-stream",
    "content-type": "application/json; charset=utf-8",
    authorization: "Bearer sk-test",
  });
});

test("without options there are no session headers", async () => {
  const { backend, client } = await startBackendClient();
  await collectItems(await client.stream(helloRequest, { sessionSource: "cli" }));
  const names = Object.keys(backend.requests[0]?.headers ?? {});
  expect(names.filter((name) => /session|thread|subagent|client-request/.test(name))).toEqual([]);
});

test.each([
  ["a line break in an option", { threadId: "secret\r\nx-evil: 1" }],
  ["a control character in a header", { headers: { "x-test": "secret\u0007" } }],
  ["a character outside Latin-1", { sessionId: "secret\u{1f600}" }],
  ["a name that is no token", { headers: { "x test": "secret" } }],
])("%s is refused, its value is not shown, and nothing is sent", async (_name, options) => {
  const { backend, client } = await startBackendClient();

  const error = await client.stream(helloRequest, options).then(
    () => undefined,
    (reason: ApiError) => reason,
  );

  expect(error).toMatchObject({ name: "ApiError", kind: "transport", code: "invalid_header" });
  expect(`${error?.message}${error?.stack}`).not.toContain("secret");
  expect(backend.requests).toEqual([]);
});

test("when signing fails nothing is sent", async () => {
  const auth: AuthProvider = {
    addAuthHeaders() {
      throw new AuthError("the key cannot be read", { kind: "build" });
    },
  };
  const { backend, client } = await startBackendClient({ auth });

  const error = await client.stream(helloRequest).catch((reason: ApiError) => reason);

  expect(error).toMatchObject({ kind: "transport", cause: { kind: "build" } });
  expect(backend.requests).toEqual([]);
});

test("a body that is encoded already is sent as it is", async () => {
  const { backend, client } = await startBackendClient();
  const body = '{ "model": "gpt-test", "stream": true, "input": [] }';

  const stream = await client.streamEncoded(body, { headers: { "session-id": "s" } });
  await collectItems(stream);

  expect(backend.requests[0]?.rawBody.toString()).toBe(body);
  expect(backend.requests[0]?.headers).toMatchObject({
    "session-id": "s",
    accept: "text/event-stream",
    "content-type": "application/json",
  });
});

test("a compressed body arrives whole", async () => {
  const { backend, client } = await startBackendClient();
  const text = "compress me ".repeat(5000);

  await collectItems(
    await client.stream(
      {
        ...helloRequest,
        input: [{ type: "message", role: "user", content: [{ type: "input_text", text }] }],
      },
      { compression: "zstd" },
    ),
  );

  const [request] = backend.requests;
  expect(request?.json()).toMatchObject({ input: [{ content: [{ text }] }] });
  const hasZstd = "zstd" in process.versions;
  expect(request?.headers["content-encoding"]).toBe(hasZstd ? "zstd" : undefined);
  if (hasZstd) expect(request?.rawBody.length).toBeLessThan(text.length / 10);
});

test("the turn state is set before the stream is returned, and not sent by itself", async () => {
  const { backend, client } = await startBackendClient();
  backend.script(
    { headers: { "x-codex-turn-state": "ts-1" } },
    { headers: { "x-codex-turn-state": "ts-2" } },
  );
  const turnState = new TurnState();

  const first = await client.stream(helloRequest, { turnState });
  expect(turnState.value).toBe("ts-1");
  await collectItems(first);
  await collectItems(await client.stream(helloRequest, { turnState }));

  expect(turnState.value).toBe("ts-1");
  expect(backend.requests[1]?.headers).not.toHaveProperty("x-codex-turn-state");
});

test("the policy of the provider decides what is tried again, with the same bytes", async () => {
  const { backend, client } = await startBackendClient({
    provider: { retry: { maxAttempts: 1, baseDelayMs: 1, on429: false, on5xx: true, onTransport: true } },
  });
  backend.fault({ kind: "status", status: 500, times: 2 });

  await expect(client.stream(helloRequest)).rejects.toMatchObject({ kind: "transport", status: 500 });
  expect(backend.requests).toHaveLength(2);
  expect(backend.requests[0]?.rawBody).toEqual(backend.requests[1]?.rawBody);
});

test("attempts are reported to the telemetry of the client", async () => {
  const statuses: unknown[] = [];
  const { backend, client } = await startBackendClient({
    telemetry: { onRequest: ({ status }) => statuses.push(status) },
    provider: { retry: { maxAttempts: 1, baseDelayMs: 1, on429: false, on5xx: true, onTransport: true } },
  });
  backend.fault({ kind: "status", status: 502 });

  await collectItems(await client.stream(helloRequest));

  expect(statuses).toEqual([502, 200]);
});

test("aborting while the head is waited for rejects with the reason as cause", async () => {
  const { backend, client } = await startBackendClient();
  backend.fault({ kind: "stall_headers" });
  const controller = new AbortController();
  const answer = client.stream(helloRequest, { signal: controller.signal });
  const [request] = await backend.waitForRequests(1);

  const reason = new Error("enough");
  controller.abort(reason);

  await expect(answer).rejects.toMatchObject({ name: "ApiError", kind: "aborted", cause: reason });
  expect(await request?.outcome).toBe("aborted");
});

test("a limit that is no limit is refused at once", async () => {
  await expect(startBackendClient({ provider: { streamIdleTimeoutMs: -1 } })).rejects.toThrow(
    '"streamIdleTimeoutMs" must be a non-negative number of milliseconds',
  );
  await expect(startBackendClient({ provider: { streamMaxEventBytes: 0 } })).rejects.toThrow(
    '"streamMaxEventBytes" must be a positive number',
  );
});

test("a transport that is closed refuses with a typed error", async () => {
  const { client, transport } = await startBackendClient();
  await transport.close();
  await expect(client.stream(helloRequest)).rejects.toMatchObject({
    kind: "transport",
    cause: { name: "TransportError", kind: "build" },
  });
});

test("what another transport throws arrives as the cause of an ApiError", async () => {
  const cause = new RangeError("not ours");
  const client = testClient({
    stream: () => Promise.reject(cause),
    execute: () => Promise.reject(cause),
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  await expect(client.stream(helloRequest)).rejects.toMatchObject({
    name: "ApiError",
    kind: "transport",
    cause,
  });
});
