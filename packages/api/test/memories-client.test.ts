import type { MemoriesRequest } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { MemoriesClient } from "../src/index.js";
import { badAnswers, goodAnswers, requestVectors } from "./support/body-vectors.js";
import { answerWith, startEndpointBackend } from "./support/endpoint-backend.js";

const path = "/memories/trace_summarize";
const request: MemoriesRequest = {
  model: "gpt-mem",
  traces: [{ id: "t1", metadata: { source_path: "rollouts/a.jsonl" }, items: [{ anything: 1 }] }],
};

test.each(requestVectors<MemoriesRequest>("memories"))(
  "body vector %s",
  async (_name, input, expectedBody) => {
    const { backend, options } = await startEndpointBackend();
    await new MemoriesClient(options).summarize(input);
    expect(backend.requests[0]).toMatchObject({ method: "POST", path: `/v1${path}` });
    expect(backend.requests[0]?.json()).toStrictEqual(expectedBody);
  },
);

test.each(goodAnswers("memories"))("answer vector %s", async (_name, body, value) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, body);
  expect(await new MemoriesClient(options).summarize(request)).toEqual(value);
});

test.each(badAnswers("memories"))("answer vector %s", async (_name, body) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, body);
  await expect(new MemoriesClient(options).summarize(request)).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_answer",
    message: expect.stringMatching(/^output\[0\]\.raw_memory: /),
  });
});

test.each([
  ['{"output":[{"memory_summary":"b"}]}', "missing field `output[0].trace_summary`"],
  ['{"output":[{"trace_summary":"a"}]}', "missing field `output[0].memory_summary`"],
  [
    '{"output":[{"raw_memory":"a","memory_summary":"b"},{"raw_memory":null,"memory_summary":"b"}]}',
    "output[1].raw_memory: Invalid input: expected string, received null",
  ],
])("of the answer %s it says where it is wrong", async (body, message) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, body);
  await expect(new MemoriesClient(options).summarize(request)).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_answer",
    message,
  });
});

test("the test backend's summary is read", async () => {
  const { options } = await startEndpointBackend();
  expect(await new MemoriesClient(options).summarize(request)).toEqual([
    { raw_memory: "Trace t1 of rollouts/a.jsonl has 1 items.", memory_summary: "1 items" },
  ]);
});

test("a body that cannot be written is refused, and nothing is sent", async () => {
  const { backend, options } = await startEndpointBackend();
  const traces = [{ id: "t1", metadata: { source_path: "a" }, items: [1n] }];
  await expect(new MemoriesClient(options).summarize({ model: "m", traces })).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_body",
    message: expect.stringMatching(/^failed to encode memory summarize input: /),
  });
  expect(backend.requests).toHaveLength(0);
});
