import { afterAll, beforeAll, expect, test } from "vitest";
import { createTransport, type Transport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { startServer, type TestServer } from "./support/test-server.js";

let server: TestServer;
let transport: Transport;

beforeAll(async () => {
  server = await startServer(({ path, body }, response) => {
    if (path === "/stall") return;
    response.writeHead(Number(path.slice(1)) || 200, {
      "x-request-id": "req_1",
      "set-cookie": ["a=1", "b=2"],
    });
    response.end(path === "/echo" ? body : "hello");
  });
  transport = createTransport();
});

afterAll(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});

test("returns status, headers and body of an answer that was read whole", async () => {
  const response = await transport.execute({ method: "GET", url: `${server.origin}/a?b=c` });
  expect(response.status).toBe(200);
  expect(response.headers.get("x-request-id")).toBe("req_1");
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(response.text()).toBe("hello");
  expect(response.url).toBe(`${server.origin}/a?b=c`);
});

test("returns a stream at the head of the answer", async () => {
  const stream = await transport.stream({ method: "GET", url: `${server.origin}/` });
  expect(stream.status).toBe(200);
  expect(stream.headers.get("x-request-id")).toBe("req_1");
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.body) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("hello");
});

test("an empty answer has an empty body", async () => {
  const response = await transport.execute({ method: "GET", url: `${server.origin}/204` });
  expect(response.status).toBe(204);
  expect(response.body).toHaveLength(0);
});

test("drops the byte-order mark from the text", async () => {
  const body = { raw: Buffer.from("\ufeffhi") };
  const response = await transport.execute({ method: "POST", url: `${server.origin}/echo`, body });
  expect(response.text()).toBe("hi");
  expect(response.body).toHaveLength(5);
});

test("uses a connection again", async () => {
  for (let i = 0; i < 3; i += 1) await transport.execute({ method: "GET", url: `${server.origin}/` });
  const connections = server.seen.slice(-3).map(({ connection }) => connection);
  expect(new Set(connections).size).toBe(1);
});

test("sends method and headers in any spelling", async () => {
  await transport.execute({ method: "post", url: `${server.origin}/`, headers: { "X-Some-Header": "ü" } });
  const request = server.seen.at(-1);
  expect(request?.method).toBe("POST");
  expect(request?.headers["x-some-header"]).toBe("ü");
  expect(request?.headers.accept).toBe("*/*");
});

test.each([
  ["a record", { one: "1", two: undefined, three: "3" }],
  [
    "pairs",
    [
      ["one", "1"],
      ["three", "3"],
    ] as const,
  ],
  ["Headers", new Headers({ one: "1", three: "3" })],
])("takes headers as %s", async (_form, headers) => {
  await transport.execute({ method: "GET", url: `${server.origin}/`, headers });
  expect(server.seen.at(-1)?.headers).toMatchObject({ one: "1", three: "3" });
});

test("sends the values of a repeated header", async () => {
  const headers = [
    ["x-a", "1"],
    ["X-A", "2"],
  ] as const;
  await transport.execute({ method: "GET", url: `${server.origin}/`, headers });
  expect(server.seen.at(-1)?.headers["x-a"]).toBe("1, 2");
});

test("headers of the request win over those of the transport", async () => {
  await using own = createTransport({ headers: { originator: "ours", accept: "text/plain" } });
  await own.execute({ method: "GET", url: `${server.origin}/`, headers: { Originator: "theirs" } });
  expect(server.seen.at(-1)?.headers).toMatchObject({ originator: "theirs", accept: "text/plain" });
});

test.each([
  ["a line break", { "x-a": "1\r\nx-b: 2" }],
  ["a NUL", { "x-a": "1\0" }],
  ["a delete character", { "x-a": "\x7f" }],
  ["a character outside Latin-1", { "x-a": "€" }],
  ["a name that is no token", { "x a": "1" }],
  ["an empty name", { "": "1" }],
  ["a header that frames the message", { "Transfer-Encoding": "chunked" }],
  ["a value that is no string", { "x-a": 1 as unknown as string }],
])("refuses %s in a header and sends nothing", async (_what, headers) => {
  const before = server.seen.length;
  const error = await rejection(transport.execute({ method: "GET", url: `${server.origin}/`, headers }));
  expect(error).toMatchObject({ kind: "build", code: "invalid_header" });
  expect(server.seen).toHaveLength(before);
});

test("never shows the value of a refused header", async () => {
  const headers = { authorization: "Bearer sk-secret\n" };
  const error = await rejection(transport.execute({ method: "GET", url: `${server.origin}/`, headers }));
  expect(error.message).toBe(
    'the value of header "authorization" holds a control character or one outside Latin-1',
  );
});

test.each([
  ["", "is not an absolute http or https URL"],
  ["/path", "is not an absolute http or https URL"],
  ["file:///etc/passwd", "is not an absolute http or https URL"],
  ["http://user:hunter2@127.0.0.1/", "holds a user name or password"],
])("refuses the URL %j and does not try it again", async (url, reason) => {
  const attempts: number[] = [];
  const retry = { maxAttempts: 3, baseDelayMs: 0, on429: true, on5xx: true, onTransport: true };
  const telemetry = { onRequest: ({ attempt }: { attempt: number }) => attempts.push(attempt) };
  const error = await rejection(transport.execute({ method: "GET", url }, { retry, telemetry }));
  expect(error).toMatchObject({ kind: "network", code: "invalid_url" });
  expect(error.message).toBe(`the URL of the request ${reason}`);
  expect(attempts).toEqual([]);
});

test.each([
  [
    { method: "GET", url: "http://127.0.0.1/", timeoutMs: -1 },
    {},
    '"timeoutMs" must be a non-negative integer',
  ],
  [{ method: "G T", url: "http://127.0.0.1/" }, {}, '"method" must be an HTTP method other than CONNECT'],
  [{ method: "connect", url: "http://127.0.0.1/" }, {}, '"method" must be an HTTP method other than CONNECT'],
  [
    { method: "GET", url: "http://127.0.0.1/" },
    { connectTimeoutMs: 1.5 },
    '"connectTimeoutMs" must be a non-negative integer',
  ],
  [
    { method: "GET", url: "http://127.0.0.1/" },
    { headersTimeoutMs: Number.NaN },
    '"headersTimeoutMs" must be a non-negative integer',
  ],
])("rejects wrong input %#", async (request, options, message) => {
  await expect(transport.execute(request, options)).rejects.toThrow(new TypeError(message));
});

test.each([
  [{ connectTimeoutMs: -1 }, '"connectTimeoutMs" must be a non-negative integer'],
  [{ headersTimeoutMs: 0.5 }, '"headersTimeoutMs" must be a non-negative integer'],
  [{ bodyTimeoutMs: "1" as unknown as number }, '"bodyTimeoutMs" must be a non-negative integer'],
  [{ maxRedirects: -1 }, '"maxRedirects" must be a non-negative integer'],
  [{ maxResponseBytes: 0 }, '"maxResponseBytes" must be a positive integer'],
  [{ compressionMinBytes: -1 }, '"compressionMinBytes" must be a non-negative integer'],
  [{ compression: "gzip" as "off" }, '"compression" must be "auto" or "off"'],
  [
    { headers: { "x-a": "\n" } },
    'the value of header "x-a" holds a control character or one outside Latin-1',
  ],
])("refuses wrong options %#", (options, message) => {
  expect(() => createTransport(options)).toThrow(message);
});

test("refuses an answer that is larger than allowed", async () => {
  await using small = createTransport({ maxResponseBytes: 4 });
  const error = await rejection(small.execute({ method: "GET", url: `${server.origin}/` }));
  expect(error).toMatchObject({ kind: "network", code: "response_too_large" });
  await using enough = createTransport({ maxResponseBytes: 5 });
  expect((await enough.execute({ method: "GET", url: `${server.origin}/` })).text()).toBe("hello");
});

test("closing ends what is under way and refuses what comes", async () => {
  const closing = createTransport();
  const before = server.seen.length;
  const waiting = rejection(closing.execute({ method: "GET", url: `${server.origin}/stall` }));
  const stream = await closing.stream({ method: "GET", url: `${server.origin}/` });
  await server.received(before + 2);
  await closing.close();
  expect(await waiting).toMatchObject({ kind: "aborted", code: "closed" });
  const error = await rejection(closing.execute({ method: "GET", url: `${server.origin}/` }));
  expect(error).toMatchObject({ kind: "build", code: "closed", message: "the transport is closed" });
  stream.cancel();
  await closing.close();
});
