import { modelInfo } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { ModelsClient } from "../src/index.js";
import { answerWith, startEndpointBackend } from "./support/endpoint-backend.js";

const clientVersion = "0.99.0";

test("reads the catalogue and the tag of this very list", async () => {
  const { backend, options } = await startEndpointBackend();
  const body = JSON.stringify({ models: [modelInfo("gpt-test", { priority: 7, supported_in_api: false })] });
  answerWith(backend, "/models", body, { etag: '"abc"' });
  const { models, etag } = await new ModelsClient(options).list({ clientVersion });
  expect(etag).toBe('"abc"');
  expect(models).toMatchObject([{ slug: "gpt-test", priority: 7, supported_in_api: false }]);
  const [request] = backend.requests;
  expect(request).toMatchObject({ method: "GET", path: "/v1/models" });
  expect(String(request?.query)).toBe("client_version=0.99.0");
  expect(request?.headers).not.toHaveProperty("if-none-match");
  expect(request?.body).toHaveLength(0);
});

test("asks wherever the provider is", async () => {
  const { backend, options } = await startEndpointBackend();
  const provider = {
    ...options.provider,
    baseUrl: `${backend.urls.origin}/api/codex/`,
    queryParams: { "api-version": "1" },
  };
  const { models } = await new ModelsClient({ ...options, provider }).list({ clientVersion });
  expect(models.length).toBeGreaterThan(0);
  expect(backend.requests[0]?.path).toBe("/api/codex/models");
  expect(String(backend.requests[0]?.query)).toBe("api-version=1&client_version=0.99.0");
});

test.each([
  ["missing", {}],
  ["not visible ASCII", { etag: "é" }],
])("a tag that is %s is none", async (_what, headers) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, "/models", '{"models":[]}', headers);
  expect(await new ModelsClient(options).list({ clientVersion })).toEqual({ models: [], etag: null });
});

test("one bad model fails all, and is named", async () => {
  const { backend, options } = await startEndpointBackend();
  const models = [modelInfo("good"), modelInfo("bad", { visibility: "sometimes" })];
  answerWith(backend, "/models", JSON.stringify({ models }));
  await expect(new ModelsClient(options).list({ clientVersion })).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_answer",
    message: expect.stringMatching(/^failed to decode models response: models\[1\]\.visibility: /),
  });
});

test("members that nobody knows are let pass", async () => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, "/models", JSON.stringify({ models: [modelInfo("m", { next_year: true })], more: 1 }));
  const { models } = await new ModelsClient(options).list({ clientVersion });
  expect(models[0]).not.toHaveProperty("next_year");
});

test("that nothing changed was not asked, so it is an error", async () => {
  const { backend, options } = await startEndpointBackend();
  backend.fault({ kind: "status", status: 304, path: "/models", body: "" });
  await expect(new ModelsClient(options).list({ clientVersion })).rejects.toMatchObject({
    kind: "transport",
    status: 304,
  });
});

test.each(["", "1.0&x=1", "1.0#", "1 0"])("refuses the version %j", async (version) => {
  const { backend, options } = await startEndpointBackend();
  await expect(new ModelsClient(options).list({ clientVersion: version })).rejects.toThrow(
    new TypeError('"clientVersion" must be a version such as 1.2.3'),
  );
  expect(backend.requests).toHaveLength(0);
});
