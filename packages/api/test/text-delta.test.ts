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

async function eventsOf(payload: object): Promise<{ events: object[]; undelivered: string[] }> {
  const undelivered: string[] = [];
  const telemetry = {
    onUnknownEvent: ({ reason }: UndeliveredEvent): void => void undelivered.push(reason),
  };
  const transport = new ReplayTransport({ chunks: [frames(payload, completed)] });
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
