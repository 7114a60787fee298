import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import type { AuthProvider } from "@codex-ts/auth-provider";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { RequestBody } from "../src/request.js";
import type { RetryPolicy } from "../src/retry.js";
import { StreamedBody } from "../src/streamed-body.js";
import { createTransport, type Transport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { type SeenRequest, startServer, type TestServer } from "./support/test-server.js";

type Script = (request: SeenRequest, response: ServerResponse) => void;

let server: TestServer;
let transport: Transport;
let script: Script[] = [];

beforeAll(async () => {
  server = await startServer((request, response) => {
    const step = script.shift() ?? (() => response.end("ok"));
    step(request, response);
  });
  transport = createTransport({ env: {} });
});
beforeEach(() => {
  script = [];
});
afterAll(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});

const chunks = [Buffer.from("one "), Buffer.from("two "), Buffer.from("three")];
const whole = "one two three";
const retry: RetryPolicy = { maxAttempts: 2, baseDelayMs: 1, on429: false, on5xx: true, onTransport: true };

async function* replay(from: Iterable<Uint8Array> = chunks): AsyncGenerator<Uint8Array> {
  yield* from;
}

function streamed(options: Partial<Extract<RequestBody, { stream: unknown }>> = {}): RequestBody {
  return { stream: () => replay(), length: whole.length, ...options };
}

function put(body: RequestBody, path = "/"): { method: string; url: string; body: RequestBody } {
  return { method: "PUT", url: `${server.origin}${path}`, body };
}

const answer =
  (status: number, headers: Record<string, string> = {}): Script =>
  (_request, response) =>
    response.writeHead(status, headers).end();

function bodiesSince(count: number): string[] {
  return server.seen.slice(count).map(({ body }) => body.toString());
}

test("sends what the source yields, with its length and without a content type", async () => {
  await transport.execute(put(streamed()));
  const seen = server.seen.at(-1);
  expect(seen?.body.toString()).toBe(whole);
  expect(seen?.headers["content-length"]).toBe("13");
  expect(seen?.headers).not.toHaveProperty("content-type");
  expect(seen?.headers).not.toHaveProperty("transfer-encoding");
});

test("an empty source is not opened", async () => {
  const stream = (): never => {
    throw new Error("opened");
  };
  await transport.execute(put({ stream, length: 0 }));
  expect(server.seen.at(-1)?.headers["content-length"]).toBe("0");
});

test("opens the source anew for a retry", async () => {
  const before = server.seen.length;
  script = [answer(503), answer(503)];
  await transport.execute(put(streamed()), { retry });
  expect(bodiesSince(before)).toEqual([whole, whole, whole]);
});

test("opens the source anew for a redirect", async () => {
  const before = server.seen.length;
  script = [answer(307, { location: "/next" })];
  await transport.execute(put(streamed()));
  expect(bodiesSince(before)).toEqual([whole, whole]);
  expect(server.seen.at(-1)?.path).toBe("/next");
});

test("a credential keeps it from another origin", async () => {
  const foreign = await startServer((_request, response) => response.end());
  onTestFinished(() => foreign[Symbol.asyncDispose]());
  script = [answer(307, { location: `${foreign.origin}/` })];
  const auth: AuthProvider = { addAuthHeaders: (headers) => headers.set("authorization", "Bearer sk-1") };
  const error = await rejection(transport.execute(put(streamed()), { auth }));
  expect(error).toMatchObject({ kind: "http", code: "redirect_refused", status: 307 });
  expect(foreign.seen).toEqual([]);
});

test("opens the source anew when the credential recovered", async () => {
  const before = server.seen.length;
  script = [answer(401)];
  const auth: AuthProvider = { addAuthHeaders() {}, recover: async () => true };
  await transport.execute(put(streamed()), { auth });
  expect(bodiesSince(before)).toEqual([whole, whole]);
});

test.each([
  ["retried", 503, {}],
  ["redirected", 307, { location: "/next" }],
  ["sent again after a 401", 401, {}],
])("a source that was read and gives its bytes once is not %s", async (_what, status, headers) => {
  const before = server.seen.length;
  script = [answer(status, headers)];
  const recovered: number[] = [];
  const auth: AuthProvider = {
    addAuthHeaders() {},
    recover: async ({ round }) => recovered.push(round) > 0,
  };
  const error = await rejection(transport.execute(put(streamed({ isReplayable: false })), { retry, auth }));
  expect(error).toMatchObject({ kind: "http", status });
  expect(bodiesSince(before)).toEqual([whole]);
  expect(recovered).toEqual([]);
});

test("a redirect that asks for GET is followed, whatever became of the body", async () => {
  const before = server.seen.length;
  script = [answer(303, { location: "/result" })];
  const response = await transport.execute(put(streamed({ isReplayable: false })));
  expect(response.text()).toBe("ok");
  expect(server.seen.slice(before).map(({ method }) => method)).toEqual(["PUT", "GET"]);
});

test("a source that was never read is still good for a retry", async () => {
  const attempts: number[] = [];
  const refusing = createTcpServer().listen(0, "127.0.0.1");
  await once(refusing, "listening");
  const { port } = refusing.address() as AddressInfo;
  refusing.close();
  await once(refusing, "close");
  const body = streamed({ isReplayable: false });
  const error = await rejection(
    transport.execute(
      { method: "PUT", url: `http://127.0.0.1:${port}/`, body },
      { retry, telemetry: { onRequest: ({ attempt }) => attempts.push(attempt) } },
    ),
  );
  expect(error.code).toBe("connect_failed");
  expect(attempts).toEqual([0, 1, 2]);
});

const broken = new Error("disk on fire");
test.each<readonly [string, () => AsyncIterable<Uint8Array>, string, unknown]>([
  ["is too short", () => replay(chunks.slice(1)), "it ended after 9 of 13 bytes", undefined],
  ["is too long", () => replay([...chunks, Buffer.from("!")]), "it has more than 13 bytes", undefined],
  [
    "yields no bytes",
    () => replay(["one two three" as unknown as Uint8Array]),
    "it yielded something that is not a Uint8Array",
    undefined,
  ],
  [
    "fails",
    async function* () {
      yield Buffer.from("one ");
      throw broken;
    },
    "it could not be read",
    broken,
  ],
  [
    "cannot be opened",
    () => {
      throw broken;
    },
    "it could not be read",
    broken,
  ],
])("a source that %s ends the request, which is not retried", async (_what, stream, reason, cause) => {
  const attempts: number[] = [];
  const telemetry = { onRequest: ({ attempt }: { attempt: number }) => attempts.push(attempt) };
  const error = await rejection(
    transport.execute(put({ stream, length: whole.length }, "/upload?sig=secret"), { retry, telemetry }),
  );
  expect(error).toMatchObject({ kind: "build", code: "invalid_body" });
  expect(error.message).toBe(`the body of PUT ${server.origin}/upload was not sent whole: ${reason}`);
  expect(error.cause).toBe(cause);
  expect(attempts).toEqual([0]);
});

test("the connection is usable again after a request whose source failed", async () => {
  await rejection(transport.execute(put({ stream: () => replay(chunks.slice(1)), length: 13 })));
  const response = await transport.execute(put(streamed()));
  expect(response.text()).toBe("ok");
});

test.each([-1, 0.5, Number.NaN])("refuses a length of %d", async (length) => {
  await expect(transport.execute(put(streamed({ length })))).rejects.toThrow(
    new TypeError('"body.length" must be a non-negative integer'),
  );
});

test("cannot be compressed", async () => {
  const error = await rejection(transport.execute({ ...put(streamed()), compression: "zstd" }));
  expect(error).toMatchObject({ kind: "build", code: "compression" });
});

test("carries the headers of a credential that signs requests, which does not see the body", async () => {
  const signed: unknown[] = [];
  const auth: AuthProvider = {
    addAuthHeaders() {},
    async applyAuth(request) {
      signed.push(request.body);
      request.headers.set("authorization", "Bearer sk-async");
      return request;
    },
  };
  await transport.execute(put(streamed()), { auth });
  expect(server.seen.at(-1)).toMatchObject({ headers: { authorization: "Bearer sk-async" } });
  expect(server.seen.at(-1)?.body.toString()).toBe(whole);
  expect(signed).toEqual([undefined]);
});

/** A source without an end that tells how far it was read. Its `next` never settles after `stallAfter` bytes. */
class EndlessSource implements AsyncIterableIterator<Uint8Array> {
  pulledBytes = 0;
  readonly left: Promise<void>;
  readonly #stallAfter: number;
  #onLeft: (() => void) | undefined;

  constructor(stallAfter: number = Number.POSITIVE_INFINITY) {
    this.#stallAfter = stallAfter;
    this.left = new Promise((resolve) => {
      this.#onLeft = resolve;
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.pulledBytes >= this.#stallAfter) return new Promise(() => {});
    this.pulledBytes += 65_536;
    return Promise.resolve({ done: false, value: Buffer.alloc(65_536) });
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#onLeft?.();
    return { done: true, value: undefined };
  }
}

const gibibyte = 2 ** 30;

test("is read no faster than the server takes it, and left when the exchange is aborted", async () => {
  const sockets: Socket[] = [];
  const idle = createTcpServer({ pauseOnConnect: true }, (socket) => sockets.push(socket));
  idle.listen(0, "127.0.0.1");
  await once(idle, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    idle.close();
  });
  const source = new EndlessSource();
  const controller = new AbortController();
  const failed = rejection(
    transport.execute(
      {
        method: "PUT",
        url: `http://127.0.0.1:${(idle.address() as AddressInfo).port}/`,
        body: { stream: () => source, length: gibibyte },
      },
      { signal: controller.signal },
    ),
  );

  const pulled = await settled(() => source.pulledBytes);
  controller.abort();

  expect((await failed).kind).toBe("aborted");
  await source.left;
  // The buffers of the two sockets in the kernel take a few megabytes, whatever the process does.
  expect(pulled).toBeGreaterThan(0);
  expect(pulled).toBeLessThan(32 * 2 ** 20);
  expect(source.pulledBytes).toBe(pulled);
});

/** Waits until a number does not change any more. */
async function settled(read: () => number): Promise<number> {
  let last = -1;
  for (let value = read(); value !== last || value === 0; value = read()) {
    last = value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return last;
}

test("a source that stalls is left when the exchange is aborted", async () => {
  const source = new EndlessSource(65_536);
  const controller = new AbortController();
  const failed = rejection(
    transport.execute(put({ stream: () => source, length: gibibyte }), { signal: controller.signal }),
  );
  await settled(() => source.pulledBytes);
  controller.abort(new Error("enough"));
  const error = await failed;
  expect([error.kind, (error.cause as Error).message]).toEqual(["aborted", "enough"]);
  await source.left;
});

test("who waits for a source that stalls sees the end when it is left", async () => {
  const source = new EndlessSource(0);
  const reading = new StreamedBody({ stream: () => source, length: 1 }).read({
    method: "PUT",
    url: "http://h/",
  });
  const waiting = reading.next();
  await reading.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await reading.next()).toEqual({ done: true, value: undefined });
});

test("a source that stalls is left when the server has answered already", async () => {
  const early: Server = createServer((request, response) => {
    request.resume();
    response.writeHead(413).end("too much");
  });
  early.listen(0, "127.0.0.1");
  await once(early, "listening");
  onTestFinished(() => {
    early.closeAllConnections();
    early.close();
  });
  const source = new EndlessSource(65_536);
  const url = `http://127.0.0.1:${(early.address() as AddressInfo).port}/`;
  const error = await rejection(
    transport.execute({ method: "PUT", url, body: { stream: () => source, length: gibibyte } }),
  );
  expect(error).toMatchObject({ kind: "http", status: 413, body: "too much" });
  await source.left;
});

test("without default headers nothing of the transport goes along but what HTTP needs", async () => {
  const traced = createTransport({
    env: {},
    headers: { "x-mine": "1" },
    trace: () => ({ traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }),
  });
  onTestFinished(() => traced.close());
  const request = { ...put(streamed()), headers: { "x-own": "2" } };
  await traced.execute(request, { defaultHeaders: false });
  const bare = Object.keys(server.seen.at(-1)?.headers ?? {}).sort();
  await traced.execute(request);
  const full = Object.keys(server.seen.at(-1)?.headers ?? {});

  expect(bare).toEqual(["accept", "connection", "content-length", "host", "x-own"]);
  expect(full).toEqual(expect.arrayContaining(["originator", "traceparent", "user-agent", "x-mine"]));
});
