import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, modelInfo, startBackend } from "../src/index.js";
import { postResponses } from "./support/post.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend();
});
afterEach(() => backend.close());

const headers = { authorization: "Bearer sk-test" };
const listModels = () => fetch(`${backend.urls.openai}/models?client_version=1.2.3`, { headers });
const announced = async () => (await postResponses(backend)).headers.get("x-models-etag");

test("a list that is changed is listed, and told of by model calls", async () => {
  const before = await announced();
  const models = [modelInfo("new")];
  backend.setModels(models);
  const answer = await listModels();
  expect(await answer.json()).toEqual({ models });
  expect(await announced()).toBe(answer.headers.get("etag"));
  expect(await announced()).not.toBe(before);
});

test("takes tags of a test's own, for both or for each", async () => {
  backend.setModels([], { etag: '"a"' });
  expect([(await listModels()).headers.get("etag"), await announced()]).toEqual(['"a"', '"a"']);
  backend.setModels([], { etag: '"a"', announcedEtag: '"b"' });
  expect([(await listModels()).headers.get("etag"), await announced()]).toEqual(['"a"', '"b"']);
});

test("without tags nothing is told", async () => {
  backend.setModels([modelInfo("m")], { etag: null });
  expect([(await listModels()).headers.get("etag"), await announced()]).toEqual([null, null]);
});
