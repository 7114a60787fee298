import fc from "fast-check";
import { expect, test } from "vitest";
import { isApiError } from "../src/index.js";
import { completed, frames, textDelta } from "./support/frames.js";
import { type Replay, ReplayTransport } from "./support/replay-transport.js";
import { helloRequest, testClient } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";

/** Frames with everything that a cut may hit: all three line ends, characters of two to four bytes, comments, two data lines. */
const body = Buffer.from(
  [
    "\ufeff: ping\r\nevent: response.created\r\ndata: ",
    '{"type":"response.created","response":{"id":"r","headers":{"openai-model":"m"}}}\r\n\r\n',
    'data: {"type":"response.output_text.delta",\ndata: "delta":"zwei\u00e4\u20ac"}\n\n',
    'id: 7\rdata: {"type":"response.output_text.delta","delta":"\u{1f600}\\ud83d\\ude00"}\r\r',
    frames({ type: "new" }, { type: "response.refusal.delta" }, textDelta(""), completed),
  ].join(""),
);

async function itemsOf(replay: Replay): Promise<unknown[]> {
  return collectItems(await testClient(new ReplayTransport(replay)).stream(helloRequest));
}

function cutAt(bytes: Buffer, positions: readonly number[]): Buffer[] {
  const cuts = [0, ...[...positions].sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

test("any split of a stream into chunks gives the same events", async () => {
  const whole = await itemsOf({ chunks: [body] });
  expect(whole).toHaveLength(7);

  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(body.length), { maxLength: 12 }), async (positions) => {
      expect(await itemsOf({ chunks: cutAt(body, positions) })).toEqual(whole);
    }),
    { numRuns: 10_000 },
  );
}, 120_000);

test("a cut at any byte gives the same events, and so do single bytes", async () => {
  const whole = await itemsOf({ chunks: [body] });
  const everyByte = Array.from(body, (_byte, index) => index);

  for (const position of everyByte) expect(await itemsOf({ chunks: cutAt(body, [position]) })).toEqual(whole);
  expect(await itemsOf({ chunks: cutAt(body, everyByte) })).toEqual(whole);
});

test("a body that breaks off at any byte ends in the same events up to there, and one error", async () => {
  const whole = await itemsOf({ chunks: [body] });

  for (let length = 0; length < body.length - 2; length++) {
    const items = await itemsOf({ chunks: [body.subarray(0, length)] });
    expect(items.slice(0, -1)).toEqual(whole.slice(0, items.length - 1));
    expect(items.at(-1)).toMatchObject({ error: { kind: "stream" } });
  }
});

test("no bytes whatever make a stream fail with anything but an ApiError", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 })), async (chunks) => {
      expect(await outcome({ chunks })).not.toBe("another error");
    }),
    { numRuns: 500 },
  );
});

const knownTypes = [
  "codex.rate_limits",
  "error",
  "response.completed",
  "response.created",
  "response.custom_tool_call_input.delta",
  "response.failed",
  "response.incomplete",
  "response.metadata",
  "response.output_item.added",
  "response.output_item.done",
  "response.output_text.delta",
  "response.reasoning_summary_part.added",
  "response.reasoning_summary_text.delta",
  "response.reasoning_text.delta",
];

const knownMembers = [
  "headers",
  "metadata",
  "response",
  "item",
  "safety_buffering",
  "item_id",
  "call_id",
  "delta",
  "summary_index",
  "content_index",
  "error",
  "rate_limits",
  "__proto__",
];

test("no payload whatever makes a stream fail with anything but an ApiError", async () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.record({
      id: fc.oneof(fc.string(), fc.integer()),
      type: fc.constantFrom("message", "reasoning", "function_call", "web_search_call", "new"),
      headers: fc.dictionary(fc.constantFrom("openai-model", "X-OpenAI-Model"), fc.jsonValue()),
      error: fc.jsonValue(),
      usage: fc.jsonValue(),
      content: fc.jsonValue(),
    }),
  );
  const payload = fc
    .tuple(fc.constantFrom(...knownTypes), fc.dictionary(fc.constantFrom(...knownMembers), value))
    .map(([type, members]) => ({ ...members, type }));

  await fc.assert(
    fc.asyncProperty(fc.array(payload, { maxLength: 4 }), async (payloads) => {
      expect(await outcome({ chunks: [frames(...payloads)] })).not.toBe("another error");
    }),
    { numRuns: 500 },
  );
});

async function outcome(replay: Replay): Promise<string> {
  const stream = await testClient(new ReplayTransport(replay)).stream(helloRequest);
  try {
    for await (const _event of stream);
    return "completed";
  } catch (error) {
    return isApiError(error) ? error.kind : "another error";
  }
}
