import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";
import { payloads, postResponses, turn } from "./support/post.js";
import { exchangeRaw, responsesRequest } from "./support/wire.js";

const frames = ['event: a\ndata: {"n":1}\n\n', ": é\n\n", 'data: {"type":"response.completed"}\n\n'];
const text = frames.join("");
const bytes = Buffer.from(text);

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend({ answer: { frames } });
});
afterEach(() => backend.close());

const request = responsesRequest(turn("hello"));
const wire = (): ReturnType<typeof exchangeRaw> => exchangeRaw(backend.urls.origin, request);

test("without a fault the body arrives as scripted, to its end", async () => {
  const answer = await wire();
  expect(Buffer.from(answer.body, "latin1")).toEqual(bytes);
  expect(answer.isComplete).toBe(true);
  expect(answer.errorCode).toBeUndefined();
});

test.each([0, 1, 30, bytes.length, Number.POSITIVE_INFINITY])(
  "cuts after %d bytes of the body",
  async (afterBytes) => {
    backend.fault({ kind: "cut", afterBytes });
    const answer = await wire();
    expect(answer.head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(Buffer.from(answer.body, "latin1")).toEqual(bytes.subarray(0, afterBytes));
    expect(answer.isComplete).toBe(false);
    expect(answer.errorCode).toBeUndefined();
    expect(await backend.requests[0]?.outcome).toBe("cut");
  },
);

test.each([0, 4])("cuts a body of known length after %d bytes", async (afterBytes) => {
  backend.script({ body: "0123456789" });
  backend.fault({ kind: "cut", afterBytes });
  const answer = await wire();
  expect(answer.head).toMatch(/^content-length: 10$/im);
  expect(answer.rawBody).toBe("0123456789".slice(0, afterBytes));
});

test.each([
  [undefined, 0],
  [7, 7],
  [Number.POSITIVE_INFINITY, bytes.length],
])("stalls after %s bytes until the client goes away", async (afterBytes, expected) => {
  backend.fault({ kind: "stall", afterBytes });
  const leave = new AbortController();
  const response = await postResponses(backend, turn("hello"), { signal: leave.signal });
  const received: Buffer[] = [];
  const reading = (async () => {
    for await (const chunk of response.body ?? []) {
      received.push(Buffer.from(chunk));
      if (Buffer.concat(received).length === expected) leave.abort();
    }
  })();
  if (expected === 0) leave.abort();
  await expect(reading).rejects.toThrow();
  expect(Buffer.concat(received)).toEqual(bytes.subarray(0, expected));
  expect(await backend.requests[0]?.outcome).toBe("aborted");
  expect(backend.requests[0]?.aborted).toBe(true);
});

test("sends each byte by itself", async () => {
  backend.fault({ kind: "byte_by_byte" });
  const { chunks, isComplete, reads } = await wire();
  expect(chunks.map((chunk) => chunk.length)).toEqual(Array.from(bytes, () => 1));
  expect(Buffer.from(chunks.join(""), "latin1")).toEqual(bytes);
  expect(isComplete).toBe(true);
  // Neighbours may arrive together, but not all of them.
  expect(reads).toBeGreaterThan(10);
});

test("drips so many bytes at a time", async () => {
  backend.fault({ kind: "drip", bytes: 10, intervalMs: 1 });
  const { chunks, body } = await wire();
  expect(chunks.map((chunk) => chunk.length)).toEqual([10, 10, 4, 6, 10, 10, 10, 7]);
  expect(Buffer.from(body, "latin1")).toEqual(bytes);
});

test("ends lines with CRLF", async () => {
  backend.fault({ kind: "crlf" });
  const { body } = await wire();
  expect(Buffer.from(body, "latin1").toString("utf8")).toBe(text.replaceAll("\n", "\r\n"));
});

test("leaves the terminal event out, and ends the body properly", async () => {
  backend.fault({ kind: "no_completed" });
  const { body, isComplete } = await wire();
  expect(Buffer.from(body, "latin1").toString("utf8")).toBe(frames.slice(0, 2).join(""));
  expect(isComplete).toBe(true);
});

test("compresses a stream with gzip", async () => {
  backend.fault({ kind: "gzip" });
  const { head, body } = await wire();
  expect(head).toMatch(/^content-encoding: gzip$/im);
  expect(gunzipSync(Buffer.from(body, "latin1"))).toEqual(bytes);
});

test("flushes each compressed frame before the next one is made", async () => {
  let firstIsRead = (): void => {};
  const read = new Promise<void>((resolve) => {
    firstIsRead = resolve;
  });
  backend.script({
    frames: (async function* () {
      yield "data: 1\n\n";
      await read;
      yield "data: 2\n\n";
    })(),
  });
  backend.fault({ kind: "gzip" });
  const response = await postResponses(backend);
  let received = "";
  for await (const chunk of response.body ?? []) {
    received += Buffer.from(chunk).toString();
    if (received === "data: 1\n\n") firstIsRead();
  }
  expect(received).toBe("data: 1\n\ndata: 2\n\n");
});

test("compresses a whole body with gzip, with its length", async () => {
  backend.script({ body: "whole" });
  backend.fault({ kind: "gzip" });
  const { head, rawBody, isComplete } = await wire();
  expect(head).toMatch(/^content-encoding: gzip$/im);
  expect(gunzipSync(Buffer.from(rawBody, "latin1")).toString()).toBe("whole");
  expect(isComplete).toBe(true);
});

test.each([256, 100_000])("puts an event of exactly %d bytes of data after the first", async (size) => {
  backend.fault({ kind: "oversize", bytes: size });
  const { body } = await wire();
  const [, second = ""] = body.split("\n\n");
  const data = /^data: (.*)$/m.exec(second)?.[1] ?? "";
  expect(data.length).toBe(size);
  expect(payloads(body)[1]).toMatchObject({ item: { type: "image_generation_call", result: /^A+$/ } });
});

test.each([
  { kind: "cut", afterBytes: -1 },
  { kind: "cut", afterBytes: 1.5 },
  { kind: "stall", afterBytes: Number.NaN },
  { kind: "drip", bytes: 0, intervalMs: 1 },
  { kind: "oversize", bytes: 255 },
  { kind: "oversize", bytes: Number.POSITIVE_INFINITY },
  { kind: "gzip", times: 0 },
] as const)("refuses the impossible fault %j", (fault) => {
  expect(() => backend.fault(fault)).toThrow(TypeError);
});
