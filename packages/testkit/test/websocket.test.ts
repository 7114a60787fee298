import { connect as connectSocket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Backend, type Fault, startBackend } from "../src/index.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend();
});
afterEach(() => backend.close());

/** A client that is a few lines long, so that what it sees is what was sent. */
class Client {
  readonly webSocket: WebSocket;
  readonly texts: string[] = [];
  readonly closed: Promise<number>;
  readonly ended: Promise<void>;

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    this.closed = new Promise((resolve) => webSocket.once("close", resolve));
    this.ended = this.closed.then(() => {});
    webSocket.on("message", (data: Buffer) => this.texts.push(data.toString()));
  }

  get events(): { type: string; [member: string]: unknown }[] {
    return this.texts.map((text) => JSON.parse(text) as { type: string });
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  create(members: object = {}): void {
    this.webSocket.send(
      JSON.stringify({ type: "response.create", model: "gpt-test", input: [user("hello")], ...members }),
    );
  }

  /** Waits for the end of so many responses. */
  async completed(count = 1): Promise<void> {
    await expect.poll(() => this.types.filter((type) => type === "response.completed").length).toBe(count);
  }
}

function user(text: string): object {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

interface Refused {
  readonly status: number;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

function open(headers: Record<string, string> = { authorization: "Bearer sk-test" }): WebSocket {
  const webSocket = new WebSocket(`${backend.urls.openai.replace("http", "ws")}/responses`, { headers });
  webSocket.on("error", () => {});
  return webSocket;
}

async function connect(headers?: Record<string, string>): Promise<Client> {
  const client = new Client(open(headers));
  await new Promise((resolve, reject) => client.webSocket.once("open", resolve).once("error", reject));
  return client;
}

function refused(headers?: Record<string, string>): Promise<Refused> {
  return new Promise((resolve) => {
    open(headers).once("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
  });
}

test("answers messages like requests over HTTP, and logs both sides", async () => {
  backend.script("Hello there.");
  const client = await connect();
  client.create();
  await client.completed();
  expect(client.types.slice(0, 3)).toEqual([
    "response.created",
    "response.in_progress",
    "response.output_item.added",
  ]);
  const deltas = client.events.filter(({ type }) => type === "response.output_text.delta");
  expect(deltas.map((event) => event["delta"]).join("")).toBe("Hello there.");

  const [log] = backend.webSockets;
  expect(log?.messages.map(({ from }) => from)).toEqual(["client", ...client.texts.map(() => "server")]);
  expect(log?.messages.slice(1).map(({ text }) => text)).toEqual(client.texts);
  client.webSocket.close(1000);
  await client.closed;
  expect(backend.requests.map(({ method, status, path }) => [method, status, path])).toEqual([
    ["GET", 101, "/v1/responses"],
    ["WEBSOCKET", 200, "/v1/responses"],
  ]);
  const [upgrade, message] = backend.requests;
  expect([await upgrade?.outcome, await message?.outcome]).toEqual(["answered", "answered"]);
  expect(message?.json()).toMatchObject({ type: "response.create", model: "gpt-test" });
  expect(message?.auth).toMatchObject({ kind: "bearer", credential: "apiKey" });
  expect(log?.closed).toEqual({ code: 1000, reason: "" });
});

test("answers one message after the other, in order", async () => {
  backend.script({ text: "first", delayMs: 20 }, "second");
  const client = await connect();
  client.create();
  client.create();
  await client.completed(2);
  const deltas = client.events.filter(({ type }) => type === "response.output_text.delta");
  expect(deltas.map((event) => event["delta"])).toEqual(["first", "second"]);
});

test("knows the responses of its own connection as previous ones, and no others", async () => {
  const client = await connect();
  client.create();
  await client.completed();
  const { response } = client.events.at(-1) as unknown as { response: { id: string } };
  client.create({ previous_response_id: response.id, input: [] });
  await client.completed(2);
  const other = await connect();
  other.create({ previous_response_id: response.id });
  await expect
    .poll(() => other.events)
    .toMatchObject([{ type: "error", status: 400, error: { code: "previous_response_not_found" } }]);
});

test("a prewarm gets an empty answer, and takes no script", async () => {
  backend.script("for the turn");
  const client = await connect();
  client.create({ generate: false, input: [] });
  await client.completed();
  expect(client.types).toEqual(["response.created", "response.in_progress", "response.completed"]);
  client.create();
  await client.completed(2);
  expect(client.texts.join("")).toContain("for the turn");
});

test.each([
  ["not JSON", "invalid_json"],
  ["[]", "invalid_json"],
  ['{"type":"response.cancel"}', "invalid_request_body"],
  ['{"type":"response.create","input":[]}', "invalid_request_body"],
])("answers %s with an error event %s", async (text, code) => {
  const client = await connect();
  client.webSocket.send(text);
  await expect.poll(() => client.events).toMatchObject([{ type: "error", status: 400, error: { code } }]);
});

test("an answer with an error status is an error event", async () => {
  backend.script({ status: 429, headers: { "retry-after": "3" }, body: '{"error":{"code":"slow_down"}}' });
  const client = await connect();
  client.create();
  await expect
    .poll(() => client.events)
    .toEqual([{ type: "error", status: 429, error: { code: "slow_down" }, headers: { "retry-after": "3" } }]);
  expect(backend.requests[1]?.status).toBe(429);
});

test("headers of an answer come in an event, frames as payloads", async () => {
  backend.script({
    headers: { "x-codex-turn-state": "sticky" },
    frames: [': hi\n\nevent: a\ndata: {"type":"res', 'ponse.completed"}\r\n\r\ndata: cut off'],
  });
  const client = await connect();
  client.create();
  await expect
    .poll(() => client.events)
    .toEqual([
      { type: "response.metadata", headers: { "x-codex-turn-state": "sticky" } },
      { type: "response.completed" },
    ]);
});

test("a script that throws shows it", async () => {
  backend.script(() => {
    throw new Error("my mistake");
  });
  const client = await connect();
  client.create();
  await expect
    .poll(() => client.events)
    .toMatchObject([
      { type: "error", status: 500, error: { code: "testkit_failure", message: "my mistake" } },
    ]);
});

test("the agreement carries the usual headers, and those of the option", async () => {
  await using own = await startBackend({
    webSocketHeaders: { "openai-model": "gpt-real" },
    requireAuth: false,
  });
  const webSocket = new WebSocket(`${own.urls.codex.replace("http", "ws")}/responses`);
  const headers = await new Promise<NodeJS.Dict<string | string[]>>((resolve) =>
    webSocket.once("upgrade", (response) => resolve(response.headers)),
  );
  expect(headers).toMatchObject({
    "openai-model": "gpt-real",
    "x-request-id": expect.stringMatching(/^req_/),
    "x-models-etag": expect.any(String),
    "x-codex-primary-used-percent": "12.5",
  });
  webSocket.terminate();
});

test.each([true, false])("compresses if that is wanted (%s)", async (webSocketCompression) => {
  await using own = await startBackend({ webSocketCompression, requireAuth: false });
  const webSocket = new WebSocket(`${own.urls.openai.replace("http", "ws")}/responses`);
  await new Promise((resolve) => webSocket.once("open", resolve));
  expect(webSocket.extensions).toBe(webSocketCompression ? "permessage-deflate" : "");
  expect(own.webSockets[0]?.isCompressed).toBe(webSocketCompression);
  webSocket.terminate();
});

test.each([
  [{}, "missing_authorization"],
  [{ authorization: "Bearer sk-wrong" }, "invalid_api_key"],
])("answers 401 to an upgrade with %o", async (headers, code) => {
  const { status, body } = await refused(headers);
  expect([status, JSON.parse(body)]).toMatchObject([401, { error: { code } }]);
  expect(backend.requests[0]).toMatchObject({ method: "GET", status: 401 });
});

test.each<[Fault, number]>([
  [{ kind: "status", status: 426, over: "websocket" }, 426],
  [{ kind: "unauthorized" }, 401],
  [{ kind: "html" }, 403],
  [{ kind: "status", status: 503, headers: { "retry-after": "1" } }, 503],
  [{ kind: "rate_limit" }, 429],
  [{ kind: "redirect", to: "http://127.0.0.1:1/" }, 307],
])("a fault of the upgrade: %o", async (fault, status) => {
  backend.fault(fault);
  expect((await refused()).status).toBe(status);
  const client = await connect();
  client.create();
  await client.completed();
});

test.each<Fault>([{ kind: "stall_headers" }, { kind: "reset" }])(
  "an upgrade without an answer: %o",
  async (fault) => {
    backend.fault(fault);
    const webSocket = open();
    await backend.waitForRequests(1);
    const closed = new Promise((resolve) => webSocket.once("close", resolve));
    if (fault.kind === "stall_headers") webSocket.terminate();
    await closed;
    expect(await backend.requests[0]?.outcome).toBe(fault.kind === "reset" ? "cut" : "aborted");
    await expect.poll(() => backend.openSockets).toBe(0);
  },
);

test("other upgrades are answered over HTTP", async () => {
  const webSocket = new WebSocket(`${backend.urls.openai.replace("http", "ws")}/models`);
  webSocket.on("error", () => {});
  const status = await new Promise((resolve) =>
    webSocket.once("unexpected-response", (_request, response) => resolve(response.statusCode)),
  );
  expect(status).toBe(401);
});

test("cuts, in the middle of an answer", async () => {
  backend.fault({ kind: "cut", afterBytes: 700 });
  const client = await connect();
  client.create();
  expect(await client.closed).toBe(1006);
  expect(client.types.length).toBeGreaterThan(1);
  expect(client.types).not.toContain("response.completed");
  expect(Buffer.byteLength(client.texts.join(""))).toBeLessThanOrEqual(700);
  expect(await backend.requests[1]?.outcome).toBe("cut");
});

test("closes with a code, after some events", async () => {
  backend.fault({ kind: "close", code: 1009, reason: "too big", afterEvents: 2 });
  const client = await connect();
  client.create();
  expect(await client.closed).toBe(1009);
  expect(client.types).toEqual(["response.created", "response.in_progress"]);
});

test("sends an error event, and goes on with the next message", async () => {
  backend.fault({ kind: "error_event", status: 400, code: "websocket_connection_limit_reached" });
  const client = await connect();
  client.create();
  await expect
    .poll(() => client.events)
    .toMatchObject([{ type: "error", status: 400, error: { code: "websocket_connection_limit_reached" } }]);
  client.create();
  await client.completed();
});

test("sends nothing more, a binary message, no terminal event, a large event, or fragments", async () => {
  const stalled = await connect();
  backend.fault({ kind: "stall", afterBytes: Number.POSITIVE_INFINITY });
  stalled.create();
  await stalled.completed();
  stalled.create();

  const binary = await connect();
  backend.fault({ kind: "binary", over: "websocket" });
  const isBinary = new Promise((resolve) => binary.webSocket.once("message", (_data, is) => resolve(is)));
  binary.create();
  expect(await isBinary).toBe(true);

  const open = await connect();
  backend.fault({ kind: "no_completed" });
  open.create();
  expect(await open.closed).toBe(1000);
  expect(open.types.at(-1)).toBe("response.output_item.done");

  const large = await connect();
  backend.fault({ kind: "oversize", bytes: 100_000 });
  large.create();
  await large.completed();
  expect(large.texts[1]).toHaveLength(100_000);

  const dripping = await connect();
  backend.fault({ kind: "drip", bytes: 100, intervalMs: 0 });
  dripping.create();
  await dripping.completed();
  expect(dripping.types[0]).toBe("response.created");
  // Meanwhile the stalled one has not got its second answer.
  expect(stalled.types.filter((type) => type === "response.created")).toHaveLength(1);
});

test("a fault over HTTP only waits for a request", async () => {
  backend.fault({ kind: "status", status: 500, over: "http" });
  const client = await connect();
  client.create();
  await client.completed();
  const response = await fetch(`${backend.urls.openai}/responses`, { method: "POST" });
  expect(response.status).toBe(500);
});

test("a client that goes away leaves nothing", async () => {
  backend.script({ text: "never", delayMs: 60_000 });
  const client = await connect();
  client.create();
  await backend.waitForRequests(2);
  client.webSocket.terminate();
  expect(await backend.requests[1]?.outcome).toBe("aborted");
  expect(backend.requests[1]?.aborted).toBe(true);
  await expect.poll(() => backend.openSockets).toBe(0);
});

test("closing the backend ends WebSockets", async () => {
  const client = await connect();
  await backend.close();
  expect(await client.closed).toBe(1006);
});

test("survives a client that resets the connection of an upgrade that is not answered", async () => {
  backend.fault({ kind: "stall_headers" });
  const { port } = new URL(backend.urls.origin);
  const socket = connectSocket(Number(port), "127.0.0.1");
  const head = ["GET /v1/responses HTTP/1.1", "host: x", "connection: Upgrade", "upgrade: websocket"];
  socket.write(`${head.join("\r\n")}\r\nauthorization: Bearer sk-test\r\n\r\n`);
  const [request] = await backend.waitForRequests(1);
  socket.resetAndDestroy();
  expect(await request?.outcome).toBe("aborted");
});
