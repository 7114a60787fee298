import { type CompactionRequest, parseResponseItem, toWireItem } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { CompactClient, ResponsesClient, TurnState } from "../src/index.js";
import { badAnswers, goodAnswers, requestVectors } from "./support/body-vectors.js";
import { answerWith, startEndpointBackend } from "./support/endpoint-backend.js";
import { helloRequest } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";

const path = "/responses/compact";
const request: CompactionRequest = {
  model: "gpt-test",
  input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] }],
  parallel_tool_calls: true,
};

test.each(requestVectors<CompactionRequest>("compact"))(
  "body vector %s",
  async (_name, input, expectedBody) => {
    const { backend, options } = await startEndpointBackend();
    await new CompactClient(options).compact(input);
    expect(backend.requests[0]).toMatchObject({ method: "POST", path: `/v1${path}` });
    expect(backend.requests[0]?.json()).toStrictEqual(expectedBody);
  },
);

test.each(goodAnswers("compact"))("answer vector %s", async (_name, body, value) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, body);
  expect(await new CompactClient(options).compact(request)).toEqual(value);
});

test.each(badAnswers("compact"))("answer vector %s", async (_name, body) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, body);
  await expect(new CompactClient(options).compact(request)).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_answer",
    message: "missing field `output[1].encrypted_content`",
  });
});

test.each([
  ["{}", "missing field `output`"],
  ["[]", "missing field `output`"],
  ['{"output":{}}', "output: expected an array"],
  ['{"output":[5]}', "output[0]: expected an object, found a number"],
  ['{"output":[{}]}', "missing field `output[0].type`"],
  [
    '{"output":[{"type":"message","role":"user","content":[{"type":"input_text","text":7}]}]}',
    "output[0].content[0].text: expected a string, found a number",
  ],
])("of the answer %s it says where it is wrong", async (body, message) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, body, { "x-request-id": "req_9" });
  await expect(new CompactClient(options).compact(request)).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_answer",
    message,
    requestId: "req_9",
  });
});

test("items of a type nobody knows go out as they came in, and come back so", async () => {
  const { backend, options } = await startEndpointBackend();
  const original = { type: "shiny_new_item", nested: { "a b": [1, null] } };
  answerWith(backend, path, JSON.stringify({ output: [original] }));
  const items = await new CompactClient(options).compact({
    ...request,
    input: [parseResponseItem(original)],
  });
  expect(backend.requests[0]?.json()).toMatchObject({ input: [original] });
  expect(items.map(toWireItem)).toEqual([original]);
});

test("empty instructions and members that are not set are left out, empty tools are sent", async () => {
  const { backend, options } = await startEndpointBackend();
  await new CompactClient(options).compact({
    ...request,
    instructions: "",
    tools: [],
    reasoning: undefined,
    text: undefined,
  });
  expect(backend.requests[0]?.json()).toStrictEqual({ ...request, tools: [] });
});

test("a body that cannot be written is refused, and nothing is sent", async () => {
  const { backend, options } = await startEndpointBackend();
  await expect(new CompactClient(options).compact({ ...request, tools: [1n] })).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_body",
    message: expect.stringMatching(/^failed to encode compaction input: /),
  });
  expect(backend.requests).toHaveLength(0);
});

test("the turn's token is taken from the answer, also from one that cannot be read, and only once", async () => {
  const { backend, options } = await startEndpointBackend();
  const client = new CompactClient(options);
  const turnState = new TurnState();
  answerWith(backend, path, "{}", { "x-codex-turn-state": "first" });
  await expect(client.compact(request, { turnState })).rejects.toMatchObject({ code: "invalid_answer" });
  expect(turnState.value).toBe("first");
  await client.compact(request, { turnState });
  expect(turnState.value).toBe("first");
});

test("sends the headers of the session that it is given, and accepts anything", async () => {
  const { backend, options } = await startEndpointBackend();
  const headers = { "x-codex-installation-id": "inst-1", "session-id": "s1", "thread-id": "t1" };
  await new CompactClient(options).compact(request, { headers });
  expect(backend.requests[0]?.headers).toMatchObject({ ...headers, accept: "*/*" });
  expect(backend.requests[0]?.headers).not.toHaveProperty("x-client-request-id");
  expect(backend.requests[0]?.headers).not.toHaveProperty("content-encoding");
});

// Current servers compact within an ordinary answer.
test("a conversation that ends in a trigger is compacted by a stream", async () => {
  const { backend, options } = await startEndpointBackend();
  const compaction = { type: "compaction", id: "cmp_1", encrypted_content: "e" };
  backend.script({ items: [compaction] });
  const stream = await new ResponsesClient(options).stream({
    ...helloRequest,
    input: [...helloRequest.input, { type: "compaction_trigger" }],
  });
  const events = await collectItems(stream);
  expect(backend.requests[0]?.json()).toMatchObject({
    input: [{ type: "message" }, { type: "compaction_trigger" }],
  });
  expect(events).toContainEqual({ event: { type: "output_item_done", item: compaction } });
});
