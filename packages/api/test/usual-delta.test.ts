import fc from "fast-check";
import { expect, test } from "vitest";
import type { UndeliveredEvent } from "../src/index.js";
import { completed, frames } from "./support/frames.js";
import { ReplayTransport } from "./support/replay-transport.js";
import { helloRequest, testClient } from "./support/requests.js";

const plain = {
  type: "response.output_text.delta",
  sequence_number: 4,
  item_id: "msg_1",
  output_index: 0,
  content_index: 0,
  delta: "Hi",
  logprobs: [],
};
const delta = { type: "output_text_delta", delta: "Hi" };

interface Reading {
  readonly events: object[];
  readonly undelivered: string[];
}

function eventsOf(payload: object): Promise<Reading> {
  return eventsOfText(JSON.stringify(payload));
}

async function eventsOfText(data: string): Promise<Reading> {
  const undelivered: string[] = [];
  const telemetry = {
    onUnknownEvent: ({ reason }: UndeliveredEvent): void => void undelivered.push(reason),
  };
  const transport = new ReplayTransport({ chunks: [`data: ${data}\n\n`, frames(completed)] });
  const events: object[] = [];
  for await (const event of await testClient(transport, { telemetry }).stream(helloRequest)) {
    // The snapshot comes from the headers.
    if (event.type !== "completed" && event.type !== "rate_limits") events.push(event);
  }
  return { events, undelivered };
}

test.each([
  ["with all that servers write", plain],
  ["with nothing but its text", { type: plain.type, delta: "Hi" }],
  [
    "with members that are null",
    { ...plain, item_id: null, call_id: null, content_index: null, response: null },
  ],
])("a text delta %s is one event", async (_name, payload) => {
  expect(await eventsOf(payload)).toEqual({ events: [delta], undelivered: [] });
});

test("an empty text delta is an event too", async () => {
  expect(await eventsOf({ ...plain, delta: "" })).toEqual({
    events: [{ ...delta, delta: "" }],
    undelivered: [],
  });
});

test.each([
  ["delta", null],
  ["delta", 1],
  ["item_id", 1],
  ["content_index", 0.5],
  ["content_index", "0"],
  ["call_id", 1],
  ["summary_index", "0"],
])("a text delta whose %s is %j is malformed", async (name, value) => {
  expect(await eventsOf({ ...plain, [name]: value })).toEqual({ events: [], undelivered: ["malformed"] });
});

test.each([
  ["headers", { headers: { "openai-model": "m" } }, { type: "server_model", model: "m" }],
  ["response", { response: { headers: { "openai-model": "m" } } }, { type: "server_model", model: "m" }],
  [
    "safety_buffering",
    { safety_buffering: { use_cases: ["a"], reasons: [] } },
    { type: "safety_buffering", use_cases: ["a"], reasons: [], show_buffering_ui: false, faster_model: null },
  ],
])("what a text delta carries in %s comes before it", async (_name, members, expected) => {
  expect((await eventsOf({ ...plain, ...members })).events).toEqual([expected, delta]);
});

test.each([
  ["escapes", { ...plain, delta: '\n"\\\u0001\u2028/' }, '\n"\\\u0001\u2028/'],
  ["characters beyond Latin-1", { ...plain, delta: "漢字🙂" }, "漢字🙂"],
  ["padding", { ...plain, obfuscation: "k3Lw" }, "Hi"],
  ["four million line ends", { ...plain, delta: "\n".repeat(4_000_000) }, "\n".repeat(4_000_000)],
])("a text delta with %s is read", async (_name, payload, expected) => {
  expect((await eventsOf(payload)).events).toEqual([{ ...delta, delta: expected }]);
});

test.each([
  [
    "a surrogate half that is escaped",
    String.raw`{"type":"response.output_text.delta","delta":"\ud83d"}`,
    ["\ud83d"],
  ],
  ["the last of two texts", '{"type":"response.output_text.delta","delta":"a","delta":"b"}', ["b"]],
  [
    "no number that begins with a zero",
    '{"type":"response.output_text.delta","output_index":01,"delta":"a"}',
    [],
  ],
  ["no escape that JSON does not know", String.raw`{"type":"response.output_text.delta","delta":"\u12"}`, []],
  ["no control character", '{"type":"response.output_text.delta","delta":"a\tb"}', []],
  ["nothing with a rest", '{"type":"response.output_text.delta","delta":"a"}}', []],
])("a text delta is read as JSON: %s", async (_name, data, expected) => {
  const { events } = await eventsOfText(data);
  expect(events.map((event) => (event as typeof delta).delta)).toEqual(expected);
});

/** A payload whose text has a space at its start is none that servers write, so it goes the general way. */
function inAnotherForm(data: string): string {
  return data.replace("{", "{ ");
}

const usual = fc.record(
  {
    sequence_number: fc.nat(),
    item_id: fc.stringMatching(/^[\w-]{0,8}$/),
    output_index: fc.nat(),
    content_index: fc.nat(),
    summary_index: fc.nat(),
    delta: fc.oneof(fc.string(), fc.string({ unit: "binary" })),
    logprobs: fc.constant([]),
    obfuscation: fc.stringMatching(/^\w{0,8}$/),
  },
  { requiredKeys: ["delta"] },
);

const types = fc.constantFrom(
  plain.type,
  "response.reasoning_summary_text.delta",
  "response.reasoning_text.delta",
);

const unusual = fc.oneof(
  ...Object.entries<fc.Arbitrary<unknown>>({
    sequence_number: fc.constantFrom(-1, 0.5, 1e21, null, "1"),
    item_id: fc.oneof(fc.string(), fc.constantFrom(null, 1)),
    output_index: fc.constantFrom(-1, 1e9, null),
    content_index: fc.constantFrom(-1, 0.5, 2 ** 63, null, "1"),
    delta: fc.constantFrom(null, 1, ""),
    logprobs: fc.constantFrom([{}], null),
    obfuscation: fc.string(),
    call_id: fc.constantFrom("call_1", null, 1),
    summary_index: fc.constantFrom(-1, 0.5, null, "1"),
    headers: fc.constantFrom({ "openai-model": "m" }, null),
    new: fc.jsonValue(),
  }).map(([name, values]) => values.map((value) => ({ [name]: value }))),
);

/** Members in any order, behind the type. */
const payloads = fc.tuple(usual, fc.option(unusual, { nil: {} }), types).chain(([most, few, type]) => {
  const members = Object.entries({ ...most, ...few });
  return fc
    .shuffledSubarray(members, { minLength: members.length })
    .map((shuffled) => JSON.stringify({ type, ...Object.fromEntries(shuffled) }));
});

test.each([
  [
    {
      type: "response.reasoning_summary_text.delta",
      item_id: "rs_1",
      output_index: 0,
      summary_index: 2,
      delta: "Hi",
    },
    { type: "reasoning_summary_delta", delta: "Hi", summary_index: 2 },
  ],
  [
    {
      type: "response.reasoning_text.delta",
      item_id: "rs_1",
      output_index: 0,
      content_index: 3,
      delta: "\n",
    },
    { type: "reasoning_content_delta", delta: "\n", content_index: 3 },
  ],
])("a delta of reasoning is one event, with its index: %j", async (payload, event) => {
  expect(await eventsOf(payload)).toEqual({ events: [event], undelivered: [] });
  expect(await eventsOfText(inAnotherForm(JSON.stringify(payload)))).toEqual({
    events: [event],
    undelivered: [],
  });
});

test.each([
  '{"type":"response.reasoning_summary_text.delta","summary_index":1,"summary_index":2,"delta":"a"}',
  '{"type":"response.reasoning_summary_text.delta","summary_index":1,"delta":"a","summary_index":2}',
])("of two indexes the last one counts: %s", async (data) => {
  const event = { type: "reasoning_summary_delta", delta: "a", summary_index: 2 };
  expect(await eventsOfText(data)).toEqual({ events: [event], undelivered: [] });
});

test.each(["response.reasoning_summary_text.delta", "response.reasoning_text.delta"])(
  "a delta of type %s without its index is malformed",
  async (type) => {
    expect(await eventsOf({ type, item_id: "rs_1", delta: "Hi" })).toEqual({
      events: [],
      undelivered: ["malformed"],
    });
  },
);

test("a delta gives the same in whatever form it is written", async () => {
  await fc.assert(
    fc.asyncProperty(payloads, async (data) => {
      expect(await eventsOfText(data)).toEqual(await eventsOfText(inAnotherForm(data)));
    }),
    { numRuns: 1000 },
  );
}, 60_000);

test("a delta that was damaged gives the same in whatever form it is written", async () => {
  const damage = fc.record({ data: payloads, at: fc.nat(), cut: fc.integer({ min: 0, max: 2 }) });
  const character = fc.constantFrom("", "{", "}", "[", "]", '"', "\\", ",", ":", "0", "-", "a", " ", "\t");
  await fc.assert(
    fc.asyncProperty(damage, character, async ({ data, at, cut }, inserted) => {
      const start = 1 + (at % (data.length - 1));
      const damaged = data.slice(0, start) + inserted + data.slice(start + cut);
      expect(await eventsOfText(damaged)).toEqual(await eventsOfText(inAnotherForm(damaged)));
    }),
    { numRuns: 2000 },
  );
}, 60_000);
