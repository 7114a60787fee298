import { inspect } from "node:util";
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTransport, type Transport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { startTcpServer } from "./support/tcp-server.js";
import { startServer, type TestServer } from "./support/test-server.js";

interface Script {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

let server: TestServer;
let transport: Transport;
let script: Script = {};

beforeAll(async () => {
  server = await startServer((_request, response) => {
    response.writeHead(script.status ?? 200, script.headers).end(script.body ?? "");
  });
  transport = createTransport();
});
afterAll(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});

const get = { method: "GET", url: "" };

function execute(next: Script) {
  script = next;
  return transport.execute({ ...get, url: `${server.origin}/path?key=sk-secret` });
}

async function read(next: Script): Promise<string> {
  script = next;
  const stream = await transport.stream({ ...get, url: `${server.origin}/path?key=sk-secret` });
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const encodings = [
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ["GZIP", gzipSync],
  ["identity", (text: string) => Buffer.from(text)],
  ["gzip, br", (text: string) => brotliCompressSync(gzipSync(text))],
] as const;

test.each(encodings)("decodes an answer in %s, though nobody asked for it", async (encoding, encode) => {
  const answer = { headers: { "content-encoding": encoding }, body: encode("hello ".repeat(10_000)) };
  expect((await execute(answer)).text()).toBe("hello ".repeat(10_000));
  expect(await read(answer)).toBe("hello ".repeat(10_000));
  expect(server.seen.at(-1)?.headers).not.toHaveProperty("accept-encoding");
});

test("decodes the body of an error as well", async () => {
  const answer = { status: 500, headers: { "content-encoding": "gzip" }, body: gzipSync("details") };
  expect((await rejection(execute(answer))).body).toBe("details");
  expect((await rejection(read(answer))).body).toBe("details");
});

test("an empty body needs no decoding", async () => {
  expect((await execute({ status: 204, headers: { "content-encoding": "gzip" } })).body).toHaveLength(0);
});

test.each([
  ["is not what its encoding says", { headers: { "content-encoding": "gzip" }, body: "plain" }],
  [
    "ends too early",
    { headers: { "content-encoding": "gzip" }, body: gzipSync("hello".repeat(1000)).subarray(0, 30) },
  ],
  ["has an encoding that is not known", { headers: { "content-encoding": "compress" }, body: "x" }],
])("an answer that %s is an error", async (_what, answer) => {
  const expected = { kind: "network", code: "content_decoding" };
  expect(await rejection(execute(answer))).toMatchObject(expected);
  expect(await rejection(read(answer))).toMatchObject(expected);
});

test.each([
  ["is not what its encoding says", "gzip"],
  ["has an encoding that is not known", "compress"],
])("a stream that %s frees its connection", async (_what, encoding) => {
  await using endless = await startServer((_request, response) => {
    response.writeHead(200, { "content-encoding": encoding }).write("plain");
  });
  const reading = async () => {
    const stream = await transport.stream({ ...get, url: endless.origin });
    await stream.body[Symbol.asyncIterator]().next();
  };
  expect(await rejection(reading())).toMatchObject({ code: "content_decoding" });
  await endless.allClosed();
});

test("a compressed answer may not be larger than allowed either", async () => {
  await using small = createTransport({ maxResponseBytes: 5000 });
  script = { headers: { "content-encoding": "gzip" }, body: gzipSync("0".repeat(5001)) };
  const error = await rejection(small.execute({ ...get, url: server.origin }));
  expect(error).toMatchObject({ kind: "network", code: "response_too_large" });
});

test("hands compressed events out as they come, and leaves a stalled stream at once", async () => {
  await using slow = await startServer((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    const gzip = createGzip();
    gzip.pipe(response);
    gzip.write("first");
    gzip.flush(constants.Z_SYNC_FLUSH);
  });
  const stream = await transport.stream({ ...get, url: slow.origin });
  const body = stream.body[Symbol.asyncIterator]();
  expect(Buffer.from((await body.next()).value ?? []).toString()).toBe("first");
  const waiting = body.next();
  await body.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  await slow.allClosed();
  const cancelled = await transport.stream({ ...get, url: slow.origin });
  await cancelled.body[Symbol.asyncIterator]().next();
  cancelled.cancel();
  await slow.allClosed();
});

test("an abort reaches the reader of a compressed stream", async () => {
  await using slow = await startServer((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).write(gzipSync("first"));
  });
  const controller = new AbortController();
  const stream = await transport.stream({ ...get, url: slow.origin }, { signal: controller.signal });
  const body = stream.body[Symbol.asyncIterator]();
  await body.next();
  const waiting = rejection(body.next());
  controller.abort("enough");
  expect(await waiting).toMatchObject({ kind: "aborted", cause: "enough" });
  await slow.allClosed();
});

test("an error tells what was asked and what came back, and no more", async () => {
  const headers = { "x-oai-request-id": "req_2", "content-type": "application/json" };
  const error = await rejection(execute({ status: 503, headers, body: '{"error":{}}' }));
  expect(error.message).toBe(`GET ${server.origin}/path answered 503 Service Unavailable`);
  expect(error).toMatchObject({
    kind: "http",
    status: 503,
    url: `${server.origin}/path`,
    requestId: "req_2",
  });
  expect(error.headers?.get("content-type")).toBe("application/json");
  expect(error.body).toBe('{"error":{}}');
});

test.each([
  [{ "x-request-id": "a", "x-oai-request-id": "b", "cf-ray": "c" }, "a"],
  [{ "x-oai-request-id": "b", "cf-ray": "c" }, "b"],
  [{ "cf-ray": "c" }, "c"],
  [{}, undefined],
])("finds the request id in %j", async (headers, requestId) => {
  expect((await rejection(execute({ status: 404, headers }))).requestId).toBe(requestId);
});

test("an HTML page where an answer should be has a code of its own", async () => {
  const headers = { "content-type": "text/html; charset=UTF-8" };
  const error = await rejection(execute({ status: 403, headers, body: "<html>" }));
  expect(error).toMatchObject({ kind: "http", status: 403, code: "html_answer" });
  expect(error.message).toBe(`GET ${server.origin}/path answered 403 Forbidden with an HTML page`);
});

test("an HTML page is recognised by how it starts when its type says something else", async () => {
  const headers = { "content-type": "text/plain" };
  const page = await rejection(execute({ status: 502, headers, body: "\n<!DOCTYPE html><html></html>" }));
  expect(page.code).toBe("html_answer");
  const text = await rejection(execute({ status: 502, headers, body: "no <html> here" }));
  expect(text.code).toBeUndefined();
});

test("an unknown status is just its number", async () => {
  expect((await rejection(execute({ status: 599 }))).message).toBe(`GET ${server.origin}/path answered 599`);
});

test("the body of an error is text or nothing, where an answer is read whole", async () => {
  expect((await rejection(execute({ status: 500, body: "é" }))).body).toBe("é");
  expect((await rejection(execute({ status: 500, body: "" }))).body).toBe("");
  expect((await rejection(execute({ status: 500, body: Buffer.from([0x61, 0xff]) }))).body).toBeUndefined();
  expect((await rejection(execute({ status: 500, body: Buffer.from([0x61, 0xc3]) }))).body).toBeUndefined();
});

test("the body of an error is decoded by its charset, where a stream was asked for", async () => {
  const latin1 = { "content-type": "text/plain; charset=ISO-8859-1" };
  expect((await rejection(read({ status: 500, headers: latin1, body: Buffer.from([0xe9]) }))).body).toBe("é");
  expect((await rejection(read({ status: 500, body: Buffer.from([0x61, 0xff]) }))).body).toBe("a\ufffd");
  const unknown = { "content-type": "text/plain; charset=klingon" };
  expect((await rejection(read({ status: 500, headers: unknown, body: "é" }))).body).toBe("é");
});

test("a long body of an error is cut", async () => {
  const body = "é".repeat(200_000);
  for (const sending of [execute({ status: 500, body }), read({ status: 500, body })]) {
    const error = await rejection(sending);
    expect(error.body?.length).toBe(131_072);
  }
});

test("an error whose body breaks off is a failure of the network, or of the status for a stream", async () => {
  await using broken = await startTcpServer((socket) => {
    socket.write("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 100\r\n\r\nhalf");
    setTimeout(() => socket.destroy(), 20);
  });
  const url = `http://127.0.0.1:${broken.port}/`;
  expect(await rejection(transport.execute({ method: "GET", url }))).toMatchObject({ kind: "network" });
  const error = await rejection(transport.stream({ method: "GET", url }));
  expect(error).toMatchObject({ kind: "http", status: 500 });
  expect(error.body).toBeUndefined();
});

test("passes over provisional answers", async () => {
  await using hinting = await startServer((_request, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    response.end("final");
  });
  expect((await transport.execute({ ...get, url: hinting.origin })).text()).toBe("final");
});

test("what is no HTTP is an error that does not show the bytes", async () => {
  await using odd = await startTcpServer((socket) => socket.end("SSH-2.0-sk-secret\r\n"));
  const error = await rejection(transport.execute({ method: "GET", url: `http://127.0.0.1:${odd.port}/` }));
  expect(error.kind).toBe("network");
  expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain("sk-secret");
});
