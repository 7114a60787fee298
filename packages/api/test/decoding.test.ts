import { expect, test } from "vitest";
import { completed, frames, textDelta } from "./support/frames.js";
import { ReplayTransport } from "./support/replay-transport.js";
import { helloRequest, testClient } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";

/** Gives what the payloads become: the events by themselves, and a failure as `{ error }`. */
async function decode(...payloads: readonly object[]): Promise<unknown[]> {
  const stream = await testClient(new ReplayTransport({ chunks: [frames(...payloads)] })).stream(
    helloRequest,
  );
  const [, ...items] = await collectItems(stream);
  return items.map((item) => ("event" in (item as object) ? (item as { event: unknown }).event : item));
}

/** The same for payloads that do not end the response. */
async function decodeUnended(...payloads: readonly object[]): Promise<unknown[]> {
  return (await decode(...payloads, completed)).slice(0, -1);
}

test.each([
  ["delta", 5],
  ["item_id", {}],
  ["call_id", []],
  ["summary_index", 1.5],
  ["summary_index", "1"],
  ["content_index", 1.5],
  ["content_index", 2 ** 63],
])("a %s of the wrong type spoils the event: %j", async (member, value) => {
  expect(await decodeUnended({ ...textDelta("a"), [member]: value })).toEqual([]);
});

test.each([
  "item_id",
  "call_id",
  "summary_index",
  "content_index",
  "response",
  "headers",
  "safety_buffering",
])("a %s of null is the same as none", async (member) => {
  expect(await decodeUnended({ ...textDelta("a"), [member]: null })).toEqual([
    { type: "output_text_delta", delta: "a" },
  ]);
});

test.each([
  ["the item", { item_id: "ctc_1", call_id: "call_1" }, { item_id: "ctc_1", call_id: "call_1" }],
  ["the item alone", { item_id: "ctc_1" }, { item_id: "ctc_1", call_id: null }],
  ["the call, where there is no item", { call_id: "call_1" }, { item_id: "call_1", call_id: "call_1" }],
])("input of a tool call belongs to %s", async (_name, ids, expected) => {
  const payload = { type: "response.custom_tool_call_input.delta", delta: "{", ...ids };
  expect(await decodeUnended(payload)).toEqual([{ type: "tool_call_input_delta", delta: "{", ...expected }]);
});

test.each([
  { type: "response.custom_tool_call_input.delta", delta: "x" },
  { type: "response.custom_tool_call_input.delta", item_id: "i" },
  { type: "response.function_call_arguments.delta", delta: "x", item_id: "i" },
  { type: "response.created" },
  { type: "response.completed" },
  { type: "response.output_item.added", item: "message" },
  { type: "response.output_item.done", item: [] },
])("%j gives nothing", async (payload) => {
  expect(await decodeUnended(payload)).toEqual([]);
});

const created = { type: "created" };

test.each([
  ["a string", { "openai-model": "m" }],
  ["any case", { "OpenAI-Model": "m" }],
  ["the other name", { "X-OpenAI-Model": "m" }],
  ["a list", { "openai-model": ["m", "n"] }],
  ["a list in a list", { "openai-model": [["m"]] }],
  ["a later member, where the first has none", { "openai-model": 5, "x-openai-model": "m" }],
])("the model is read from a header that is %s", async (_name, headers) => {
  const model = { type: "server_model", model: "m" };
  expect(await decodeUnended({ type: "response.created", response: { headers } })).toEqual([model, created]);
  expect(await decodeUnended({ type: "response.created", response: {}, headers })).toEqual([model, created]);
});

test.each([
  ["an empty list", { "openai-model": [] }],
  ["an object", { "openai-model": { name: "m" } }],
  ["another name", { model: "m", "my-openai-model": "m" }],
])("%s is no model", async (_name, headers) => {
  expect(await decodeUnended({ type: "response.created", response: { model: "m", headers } })).toEqual([
    created,
  ]);
});

test.each([
  ["itself", { headers: { "openai-model": "m" } }],
  ["its response", { response: { headers: { "openai-model": "m" } } }],
])("a text delta that names the model in %s gives both events", async (_name, members) => {
  expect(await decodeUnended({ ...textDelta("a"), ...members })).toEqual([
    { type: "server_model", model: "m" },
    { type: "output_text_delta", delta: "a" },
  ]);
});

test("a model is reported when it changes", async () => {
  const named = (model: string): object => ({
    type: "response.in_progress",
    headers: { "openai-model": model },
  });
  expect(await decodeUnended(named("a"), named("a"), named("b"), named("a"))).toEqual([
    { type: "server_model", model: "a" },
    { type: "server_model", model: "b" },
    { type: "server_model", model: "a" },
  ]);
});

test("what a payload carries comes before its own event, in a fixed order", async () => {
  const payload = {
    type: "response.metadata",
    safety_buffering: { use_cases: ["cyber"], reasons: ["user_risk"], more: 1 },
    metadata: {
      openai_chatgpt_moderation_metadata: { inline: true },
      openai_verification_recommendation: ["trusted_access_for_cyber"],
    },
    headers: { "openai-model": "m" },
  };
  const events = await decodeUnended(payload);
  expect(events.map((event) => (event as { type: string }).type)).toEqual([
    "server_model",
    "model_verifications",
    "turn_moderation_metadata",
    "safety_buffering",
  ]);
});

test.each([
  false,
  { use_cases: ["cyber"] },
  { use_cases: ["cyber"], reasons: [1] },
  { use_cases: "cyber", reasons: [] },
])("a safety notice of the shape %j is none, and the event is delivered", async (safety_buffering) => {
  expect(await decodeUnended({ ...textDelta("a"), safety_buffering })).toHaveLength(1);
});

const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };

test.each([
  ["without details", usage, { cached_input_tokens: 0, reasoning_output_tokens: 0 }],
  [
    "with null details",
    { ...usage, input_tokens_details: null, output_tokens_details: null },
    { cached_input_tokens: 0, reasoning_output_tokens: 0 },
  ],
  [
    "with what was written to the cache",
    { ...usage, input_tokens_details: { cached_tokens: 0, cache_write_tokens: 1 } },
    { cached_input_tokens: 0, reasoning_output_tokens: 0, cache_write_input_tokens: 1 },
  ],
])("usage is read %s", async (_name, wire, expected) => {
  expect(await decode({ type: "response.completed", response: { id: "r", usage: wire } })).toEqual([
    { type: "completed", response_id: "r", end_turn: null, token_usage: { ...usage, ...expected } },
  ]);
});

test.each([
  ["no object", 5],
  ["no id", {}],
  ["a null id", { id: null }],
  ["a numeric id", { id: 5 }],
  ["an end_turn that is no boolean", { id: "r", end_turn: "yes" }],
  ["a usage that is no object", { id: "r", usage: [] }],
  ["a fraction of a token", { id: "r", usage: { ...usage, input_tokens: 1.5 } }],
  ["no total", { id: "r", usage: { ...usage, total_tokens: undefined } }],
  ["details without their number", { id: "r", usage: { ...usage, output_tokens_details: {} } }],
])("a completed response with %s fails the stream", async (_name, response) => {
  expect(await decode({ type: "response.completed", response }, completed)).toMatchObject([
    {
      error: {
        kind: "stream",
        code: "invalid_completed",
        message: expect.stringMatching(/^failed to parse ResponseCompleted: \S/),
      },
    },
  ]);
});

test.each([
  undefined,
  null,
  "failed",
  {},
  { error: null },
  { error: [] },
  { error: { type: 1 } },
  { error: { message: {} } },
  { error: { code: "slow_down", plan_type: 1 } },
  { error: { code: "slow_down", resets_at: 1.5 } },
])("a failed response of the shape %j is a failure nobody can name", async (response) => {
  expect(await decode({ type: "response.failed", response })).toMatchObject([
    { error: { kind: "stream", message: "response.failed event received" } },
  ]);
});

test.each([
  ["cyber_policy", " m ", "cyber_policy", " m "],
  ["cyber_policy", null, "cyber_policy", "This request has been flagged for possible cybersecurity risk."],
  [
    "misalignment_policy_violation",
    " ",
    "misalignment_policy_violation",
    "This request was blocked due to a misalignment policy violation.",
  ],
  ["invalid_prompt", "", "invalid_request", ""],
  ["invalid_prompt", null, "invalid_request", "Invalid request."],
  ["something_new", null, "retryable", ""],
  [null, "m", "retryable", "m"],
])("a failure of code %j and message %j is %s", async (code, message, kind, expected) => {
  expect(await decode({ type: "response.failed", response: { error: { code, message } } })).toMatchObject([
    { error: { kind, message: expected } },
  ]);
});

test.each([
  [undefined, "unknown"],
  [{}, "unknown"],
  [{ incomplete_details: { reason: 5 } }, "unknown"],
  [{ incomplete_details: { reason: "content_filter" } }, "content_filter"],
])("an incomplete response of the shape %j gives its reason", async (response, reason) => {
  expect(await decode({ type: "response.incomplete", response })).toMatchObject([
    {
      error: {
        kind: "stream",
        code: "response_incomplete",
        message: `Incomplete response returned, reason: ${reason}`,
      },
    },
  ]);
});

test("a head that names no more than a flag is enough for its event", async () => {
  const replay = { headers: { "x-reasoning-included": "" }, chunks: [frames(completed)] };
  const items = await collectItems(await testClient(new ReplayTransport(replay)).stream(helloRequest));
  expect(items[1]).toEqual({ event: { type: "server_reasoning_included", included: true } });
});
