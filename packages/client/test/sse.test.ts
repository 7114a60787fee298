import { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeSse, decodeSseBatches, type SseEvent, type SseOptions, TransportError } from "../src/index.js";
import { chunked, cutAt } from "./support/byte-sources.js";

async function eventsOf(source: AsyncIterable<Uint8Array>, options?: SseOptions): Promise<SseEvent[]> {
  const events: SseEvent[] = [];
  for await (const event of decodeSse(source, options)) events.push(event);
  return events;
}

async function dataOf(source: AsyncIterable<Uint8Array>, options?: SseOptions): Promise<string[]> {
  return (await eventsOf(source, options)).map(({ data }) => data);
}

/** Reads to the end and returns what came: the data of all events, and the error if there was one. */
async function outcomeOf(source: AsyncIterable<Uint8Array>, options?: SseOptions): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const { data } of decodeSse(source, options)) seen.push(data);
  } catch (error) {
    seen.push(error);
  }
  return seen;
}

test("delivers name, data and id of an event", async () => {
  const source = chunked('id: 7\nevent: response.created\ndata: {"a":1}\n\n');
  expect(await eventsOf(source)).toEqual([{ event: "response.created", data: '{"a":1}', id: "7" }]);
});

test("delivers the events that a chunk completes as one batch, and no empty batch", async () => {
  const batches: string[][] = [];
  for await (const batch of decodeSseBatches(
    chunked("data: 1\n\ndata: 2\n\nda", "ta: 3", "\n\n: ping\n\n"),
  )) {
    batches.push(batch.map(({ data }) => data));
  }
  expect(batches).toEqual([["1", "2"], ["3"]]);
});

const corpus = [
  "\ufeffdata: after a byte-order mark\n\n",
  "data: héllo wörld ✓ 😀\r\ndata: second line\r\n\r\n",
  ": comment\revent: named\rdata:no blank\rdata\r\r",
  "id: 1\n\ndata: id of an event without data\n\n",
  "i: unknown\nidx: unknown\nid\ndata: cleared\n\n",
  "id: a\0b\ndata: NUL in the id\r\n\r",
  "\nretry: 10\nevent\ndata: \ufffd kept\n\n",
  "event: lost\n\n\n\ndata: ï»¿ and: a colon\nid:z",
  "\n\ndata:  two blanks\n\ndata: dropped",
].join("");
const corpusEvents: readonly SseEvent[] = [
  { event: "message", data: "after a byte-order mark", id: "" },
  { event: "message", data: "héllo wörld ✓ 😀\nsecond line", id: "" },
  { event: "named", data: "no blank\n", id: "" },
  { event: "message", data: "id of an event without data", id: "1" },
  { event: "message", data: "cleared", id: "" },
  { event: "message", data: "NUL in the id", id: "" },
  { event: "message", data: "\ufffd kept", id: "" },
  { event: "message", data: "ï»¿ and: a colon", id: "z" },
  { event: "message", data: " two blanks", id: "z" },
];

test("delivers the same events wherever the bytes are cut once", async () => {
  const bytes = Buffer.from(corpus);
  for (let position = 0; position <= bytes.length; position++) {
    expect(await eventsOf(chunked(...cutAt(bytes, [position])))).toEqual(corpusEvents);
  }
});

test("delivers the same events when each byte comes alone", async () => {
  const bytes = Buffer.from(corpus);
  expect(await eventsOf(chunked(...cutAt(bytes, [...bytes.keys()])))).toEqual(corpusEvents);
});

test("delivers the same events wherever the bytes are cut", async () => {
  const bytes = Buffer.from(corpus);
  const positions = fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(positions, async (cuts) =>
      isDeepStrictEqual(await eventsOf(chunked(...cutAt(bytes, cuts))), corpusEvents),
    ),
    { numRuns: 10_000 },
  );
});

const line = fc.oneof(
  fc.constantFrom("", "", "id", "id: 1", "event: e", ":", "data", "retry: 1", "i", "event:", "d"),
  fc.string({ unit: "binary", maxLength: 6 }).map((text) => `data: ${text.replace(/[\r\n]/g, "")}`),
);
const stream = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r")).map((parts) => parts.join("")));

test("cuts arbitrary streams into the same events whether they come at once or in pieces", async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.array(fc.nat({ max: 200 }), { maxLength: 8 }), async (lines, cuts) => {
      const bytes = Buffer.from(lines.join(""));
      const inside = cuts.filter((cut) => cut < bytes.length);
      expect(await eventsOf(chunked(...cutAt(bytes, inside)))).toEqual(await eventsOf(chunked(bytes)));
    }),
    { numRuns: 2_000 },
  );
});

test("takes a byte-order mark off the start of the stream only", async () => {
  expect(await dataOf(chunked("data: 1\n\n", "\ufeffdata: 2\n\n", "data: \ufeff3\n\n"))).toEqual([
    "1",
    "\ufeff3",
  ]);
});

test("takes the Latin-1 reading of a byte-order mark for what it is", async () => {
  expect(await dataOf(chunked("ï»¿data: 1\n\ndata: 2\n\n"))).toEqual(["2"]);
});

test("ends a line at a CR as soon as the next byte is there", async () => {
  expect(await dataOf(chunked("data: a\r\r", "x"))).toEqual(["a"]);
});

test("joins a character that is cut into single bytes", async () => {
  const bytes = Buffer.from("data: 😀\n\n");
  expect(await dataOf(chunked(...cutAt(bytes, [7, 8, 9])))).toEqual(["😀"]);
});

test("keeps the bytes of a cut character when the sender uses the memory of a chunk again", async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    const memory = Buffer.from("data: \u00e9");
    yield memory.subarray(0, 7);
    memory.fill(0x78);
    yield Buffer.from([0xa9, 0x0a, 0x0a]);
  }
  expect(await dataOf(source())).toEqual(["é"]);
});

test("reads plain Uint8Array chunks that are part of a larger buffer", async () => {
  const bytes = new TextEncoder().encode("xxdata: é\n\nxx");
  expect(await dataOf(chunked(bytes.subarray(2, -2)))).toEqual(["é"]);
});

test.each([
  ["an overlong form", [0xc0, 0xaf]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
  ["a code point beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
  ["a continuation byte without a start", [0x80]],
  ["a start that is not continued", [0xe2, 0x28]],
  ["a byte that never occurs", [0xff]],
])("stops at %s and says so once the body is over", async (_, invalid) => {
  const broken = Buffer.concat([Buffer.from("data: 1\n\ndata: é\n\ndata: "), Buffer.from(invalid)]);
  for (const position of broken.keys()) {
    const chunks = cutAt(broken, [position]);
    const outcome = await outcomeOf(chunked(...chunks, "\n\ndata: 2\n\n", "data: 3\n\n"));
    expect(outcome).toEqual(["1", "é", expect.objectContaining({ kind: "network", code: "sse_utf8" })]);
  }
});

test("reports a body that ends inside a character", async () => {
  const [error] = await outcomeOf(chunked(Buffer.from("data: é").subarray(0, -1)), { flushTail: true });
  expect(error).toMatchObject({ code: "sse_utf8", message: expect.stringMatching(/^UTF8 error: /) });
});

test("wraps the failure of the source behind the events in front of it", async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("data: 1\n\n");
    throw new TransportError("other side closed", {
      kind: "network",
      code: "connect_failed",
      requestId: "r",
    });
  }
  const [first, error] = await outcomeOf(source());
  expect(first).toBe("1");
  expect(error).toMatchObject({
    kind: "network",
    code: "connect_failed",
    requestId: "r",
    message: "Transport error: network error: other side closed",
    cause: { message: "other side closed" },
  });
});

test("reports a foreign failure of the source as kind network", async () => {
  const source = Readable.from(failing());
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("data: 1\n\n");
    throw new Error("boom");
  }
  const [, error] = await outcomeOf(source);
  expect(error).toMatchObject({ kind: "network", message: "Transport error: network error: boom" });
});

test("hands on an abort of the source as it is", async () => {
  const aborted = new TransportError("the exchange was aborted", { kind: "aborted" });
  // biome-ignore lint/correctness/useYield: a source that fails at once
  async function* source(): AsyncGenerator<Uint8Array> {
    throw aborted;
  }
  expect((await outcomeOf(source()))[0]).toBe(aborted);
});

test("refuses chunks that are no bytes", async () => {
  const source = Readable.from(["data: 1\n\n"]) as AsyncIterable<Uint8Array>;
  expect(await outcomeOf(source)).toEqual([expect.any(TypeError)]);
  expect((source as Readable).destroyed).toBe(true);
});

test.each([
  ["an object", 'data: {"type":"response.completed"}', ['{"type":"response.completed"}']],
  ["an object on two lines", 'data: {"a":\ndata: 1}\n', ['{"a":\n1}']],
  ["an object whose lines end in CR", 'data: {"a":1}\r\r', ['{"a":1}']],
  ["half an object", 'data: {"type":"response.comp', []],
  ["a number, which may go on", "data: 12", []],
  ["no data", "event: x\n", []],
  ["a line that could be an id", 'data: {"a":1}\nid', ['{"a":1}']],
])("flushes a tail with %s only when it is complete", async (_, tail, expected) => {
  expect(await dataOf(chunked("data: 1\n\n", tail), { flushTail: true })).toEqual(["1", ...expected]);
  expect(await dataOf(chunked("data: 1\n\n", tail))).toEqual(["1"]);
});

test("counts an id in the tail", async () => {
  const [event] = await eventsOf(chunked('data: {"a":1}\nid: 5'), { flushTail: true });
  expect(event?.id).toBe("5");
});

test("flushes a complete tail also when the source fails behind it", async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('data: {"a":1}\n');
    throw new Error("reset");
  }
  const outcome = await outcomeOf(source(), { flushTail: true });
  expect(outcome).toEqual(['{"a":1}', expect.objectContaining({ kind: "network" })]);
});

test.each([
  ["in one chunk", [`data: ${"x".repeat(101)}\n\n`]],
  ["over several chunks", ["data: ", "x".repeat(60), "x".repeat(60)]],
  ["on several lines", [`data: ${"x".repeat(60)}\n`, `data: ${"x".repeat(60)}\n`]],
  ["in its id", ["id: ", "x".repeat(60), "x".repeat(60)]],
])("ends the stream at an event that is too long %s", async (_, chunks) => {
  const outcome = await outcomeOf(chunked("data: 1\n\n", ...chunks, "\n\ndata: 2\n\n"), {
    maxEventBytes: 100,
  });
  expect(outcome).toEqual(["1", expect.objectContaining({ kind: "network", code: "sse_oversize" })]);
});

test("counts neither former events nor comments towards the length of an event", async () => {
  const chunks = Array.from({ length: 50 }, () => `: ping\n\ndata: ${"x".repeat(90)}\n\n`);
  expect(await dataOf(chunked(...chunks), { maxEventBytes: 100 })).toHaveLength(50);
});

test.each([
  { idleTimeoutMs: -1 },
  { eventTimeoutMs: Number.NaN },
  { firstEventTimeoutMs: -5 },
  { maxEventBytes: 0 },
])("refuses the limit %o", (options) => {
  expect(() => decodeSse(chunked(), options)).toThrow(TypeError);
  expect(() => decodeSseBatches(chunked(), options)).toThrow(`"${Object.keys(options)[0]}"`);
});
