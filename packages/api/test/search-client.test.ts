import { parseResponseItem, type SearchRequest } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { SearchClient } from "../src/index.js";
import { badAnswers, goodAnswers, requestVectors } from "./support/body-vectors.js";
import { answerWith, startEndpointBackend } from "./support/endpoint-backend.js";

const path = "/alpha/search";
const request: SearchRequest = { id: "ses_1", model: "gpt-test" };

test.each(requestVectors<SearchRequest>("search"))("body vector %s", async (_name, input, expectedBody) => {
  const { backend, options } = await startEndpointBackend();
  await new SearchClient(options).search(input);
  expect(backend.requests[0]).toMatchObject({ method: "POST", path: `/v1${path}` });
  expect(backend.requests[0]?.json()).toStrictEqual(expectedBody);
});

test.each(goodAnswers("search"))("answer vector %s", async (_name, body, value) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, body);
  expect(await new SearchClient(options).search(request)).toStrictEqual(value);
});

test.each(badAnswers("search"))("answer vector %s", async (_name, body) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, body);
  await expect(new SearchClient(options).search(request)).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_answer",
    message: "failed to decode search response: missing field `output`",
  });
});

test("results are kept as they came", async () => {
  const { backend, options } = await startEndpointBackend();
  const results = [{ ref_id: "turn0search0", rank: { score: 1 } }, "text", null];
  answerWith(backend, path, JSON.stringify({ output: "r", results }));
  expect(await new SearchClient(options).search(request)).toStrictEqual({
    output: "r",
    encrypted_output: null,
    results,
  });
});

test("members that are not set are left out, also of commands and settings", async () => {
  const { backend, options } = await startEndpointBackend();
  await new SearchClient(options).search({
    ...request,
    reasoning: null,
    commands: { search_query: [{ q: "a", recency: undefined }], open: undefined },
    settings: { filters: { allowed_domains: undefined }, external_web_access: false },
  });
  expect(backend.requests[0]?.json()).toStrictEqual({
    ...request,
    commands: { search_query: [{ q: "a" }] },
    settings: { filters: {}, external_web_access: false },
  });
});

test("items of a type nobody knows go out as they came in", async () => {
  const { backend, options } = await startEndpointBackend();
  const original = { type: "shiny_new_item", nested: [1] };
  await new SearchClient(options).search({ ...request, input: [parseResponseItem(original)] });
  expect(backend.requests[0]?.json()).toMatchObject({ input: [original] });
});

test("a body that cannot be written is refused, and nothing is sent", async () => {
  const { backend, options } = await startEndpointBackend();
  await expect(new SearchClient(options).search({ ...request, input: [1n] })).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_body",
    message: expect.stringMatching(/^failed to encode search request: /),
  });
  expect(backend.requests).toHaveLength(0);
});
