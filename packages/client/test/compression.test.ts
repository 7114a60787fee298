import * as zlib from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { TransportRequest } from "../src/request.js";
import { defaultRetryPolicy } from "../src/retry.js";
import { createTransport, type Transport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { startServer, type TestServer } from "./support/test-server.js";

const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync?: (bytes: Uint8Array) => Buffer };
const hasZstd = zstdDecompressSync !== undefined;
const large = { text: "words ".repeat(1000) };
const largeText = JSON.stringify(large);

let server: TestServer;
let transport: Transport;
/** Statuses for requests with a compressed body; plain ones are answered with `plainStatus`. */
let statuses: number[] = [];
let plainStatus = 200;

beforeAll(async () => {
  server = await startServer(({ headers }, response) => {
    const isCompressed = headers["content-encoding"] === "zstd";
    response.writeHead((isCompressed ? statuses.shift() : plainStatus) ?? 200).end("ok");
  });
});
beforeEach(() => {
  statuses = [];
  plainStatus = 200;
  transport = createTransport({ sleep: async () => {} });
});
afterAll(() => server[Symbol.asyncDispose]());

function request(more: Partial<TransportRequest> = {}): TransportRequest {
  return { method: "POST", url: server.origin, body: { json: large }, compression: "zstd", ...more };
}

function sent() {
  return server.seen.at(-1);
}

test("sends JSON compact, as UTF-8, and says so", async () => {
  await transport.execute({ method: "POST", url: server.origin, body: { json: { ü: [1, "日", null] } } });
  expect(sent()?.body.toString()).toBe('{"ü":[1,"日",null]}');
  expect(sent()?.headers).toMatchObject({ "content-type": "application/json", "content-length": "21" });
});

test.each([['{"a": 1}'], [Buffer.from('{"a": 1}')]])("sends encoded JSON as it is", async (encodedJson) => {
  await transport.execute({ method: "POST", url: server.origin, body: { encodedJson } });
  expect(sent()?.body.toString()).toBe('{"a": 1}');
  expect(sent()?.headers["content-type"]).toBe("application/json");
});

test("keeps a content type that is set", async () => {
  const headers = { "Content-Type": "application/x-ndjson" };
  await transport.execute({ method: "POST", url: server.origin, headers, body: { encodedJson: "{}" } });
  expect(sent()?.headers["content-type"]).toBe("application/x-ndjson");
});

test("sends raw bytes without a content type", async () => {
  await transport.execute({ method: "PUT", url: server.origin, body: { raw: Uint8Array.of(0, 255) } });
  expect([...(sent()?.body ?? [])]).toEqual([0, 255]);
  expect(sent()?.headers).not.toHaveProperty("content-type");
});

test("sends no content headers without a body", async () => {
  await transport.execute({ method: "GET", url: server.origin, compression: "zstd" });
  for (const name of ["content-type", "content-length", "content-encoding", "transfer-encoding"]) {
    expect(sent()?.headers).not.toHaveProperty(name);
  }
});

test.each([
  [
    "a cycle",
    (() => {
      const cycle: { self?: unknown } = {};
      cycle.self = cycle;
      return cycle;
    })(),
    "the body cannot be serialized as JSON",
  ],
  ["a bigint", { a: 1n }, "the body cannot be serialized as JSON"],
  ["nothing", undefined, "the body has no JSON form"],
])("refuses %s as a JSON body", async (_what, json, message) => {
  const before = server.seen.length;
  const error = await rejection(transport.execute({ method: "POST", url: server.origin, body: { json } }));
  expect(error).toMatchObject({ kind: "build", code: "invalid_body", message });
  expect(server.seen).toHaveLength(before);
});

test("refuses raw bytes that are none", async () => {
  const raw = "text" as unknown as Uint8Array;
  const error = await rejection(transport.execute({ method: "POST", url: server.origin, body: { raw } }));
  expect(error).toMatchObject({ kind: "build", code: "invalid_body" });
});

test.each([
  [{ body: { raw: Buffer.from("x") } }, "request compression cannot be used with raw bodies"],
  [
    { headers: { "content-encoding": "gzip" } },
    "request compression was requested but content-encoding is already set",
  ],
])("refuses compression where it cannot be %#", async (more, message) => {
  expect(await rejection(transport.execute(request(more)))).toMatchObject({
    kind: "build",
    code: "compression",
    message,
  });
});

test.skipIf(hasZstd)("sends plain where the runtime has no zstd", async () => {
  await transport.execute(request());
  expect(sent()?.body.toString()).toBe(largeText);
  expect(sent()?.headers).not.toHaveProperty("content-encoding");
});

test.runIf(hasZstd)("compresses, and says so", async () => {
  await transport.execute(request());
  expect(zstdDecompressSync?.(sent()?.body ?? Buffer.of()).toString()).toBe(largeText);
  expect(sent()?.headers).toMatchObject({ "content-encoding": "zstd", "content-type": "application/json" });
  expect(sent()?.body.length).toBeLessThan(largeText.length / 10);
});

test.runIf(hasZstd)("does not compress what is small, unless told to", async () => {
  await transport.execute(request({ body: { json: { a: 1 } } }));
  expect(sent()?.headers).not.toHaveProperty("content-encoding");
  await using eager = createTransport({ compressionMinBytes: 0 });
  await eager.execute(request({ body: { json: { a: 1 } } }));
  expect(sent()?.headers["content-encoding"]).toBe("zstd");
});

test("can be switched off", async () => {
  await using plain = createTransport({ compression: "off", compressionMinBytes: 0 });
  await plain.execute(request());
  expect(sent()?.body.toString()).toBe(largeText);
  expect(sent()?.headers).not.toHaveProperty("content-encoding");
});

test.runIf(hasZstd).each([400, 415])(
  "after a %i it sends the same plain, and from then on all",
  async (status) => {
    statuses = [status];
    const before = server.seen.length;
    const refusals: unknown[] = [];
    const attempts: unknown[] = [];
    await transport.execute(request(), {
      telemetry: {
        onCompressionRefused: (report) => refusals.push(report),
        onRequest: ({ attempt, status: answered }) => attempts.push([attempt, answered]),
      },
    });
    await transport.execute(request());
    expect(server.seen.slice(before).map(({ headers }) => headers["content-encoding"])).toEqual([
      "zstd",
      undefined,
      undefined,
    ]);
    expect(sent()?.body.toString()).toBe(largeText);
    expect(refusals).toEqual([{ origin: server.origin, status }]);
    expect(attempts).toEqual([[0, 200]]);
  },
);

test.runIf(hasZstd)(
  "a request that is refused plain as well was not refused for its compression",
  async () => {
    statuses = [400];
    plainStatus = 400;
    const before = server.seen.length;
    expect(await rejection(transport.execute(request()))).toMatchObject({ kind: "http", status: 400 });
    expect(server.seen).toHaveLength(before + 2);
    await transport.execute(request());
    expect(sent()?.headers["content-encoding"]).toBe("zstd");
  },
);

test.runIf(hasZstd)("a retry of a refused body stays plain", async () => {
  statuses = [415];
  plainStatus = 500;
  const before = server.seen.length;
  await rejection(transport.stream(request(), { retry: { ...defaultRetryPolicy, maxAttempts: 1 } }));
  expect(server.seen.slice(before).map(({ headers }) => headers["content-encoding"])).toEqual([
    "zstd",
    undefined,
    undefined,
  ]);
});

test.runIf(hasZstd)("retries send the compressed bytes again", async () => {
  statuses = [500, 200];
  const before = server.seen.length;
  const stream = await transport.stream(request(), { retry: defaultRetryPolicy });
  stream.cancel();
  const [first, second] = server.seen.slice(before);
  expect(second?.body).toEqual(first?.body);
  expect(second?.headers["content-encoding"]).toBe("zstd");
});
