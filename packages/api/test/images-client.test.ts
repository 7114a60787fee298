import type { ImageEditRequest, ImageGenerationRequest } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { ImagesClient } from "../src/index.js";
import { badAnswers, goodAnswers, requestVectors } from "./support/body-vectors.js";
import { answerWith, startEndpointBackend } from "./support/endpoint-backend.js";

const generations = "/images/generations";
const edits = "/images/edits";
const fox: ImageGenerationRequest = { prompt: "a fox", model: "gpt-image-2" };
const hat: ImageEditRequest = { ...fox, images: [{ image_url: "data:image/png;base64,AA==" }] };

test.each(requestVectors<ImageGenerationRequest>("image_generation"))(
  "body vector %s",
  async (_name, input, expectedBody) => {
    const { backend, options } = await startEndpointBackend();
    await new ImagesClient(options).generate(input);
    expect(backend.requests[0]).toMatchObject({ method: "POST", path: `/v1${generations}` });
    expect(backend.requests[0]?.json()).toStrictEqual(expectedBody);
  },
);

test.each(requestVectors<ImageEditRequest>("image_edit"))(
  "body vector %s",
  async (_name, input, expectedBody) => {
    const { backend, options } = await startEndpointBackend();
    await new ImagesClient(options).edit(input);
    expect(backend.requests[0]).toMatchObject({ method: "POST", path: `/v1${edits}` });
    expect(backend.requests[0]?.json()).toStrictEqual(expectedBody);
  },
);

test("members that are not set are left out", async () => {
  const { backend, options } = await startEndpointBackend();
  const client = new ImagesClient(options);
  await client.generate({ ...fox, n: undefined });
  await client.edit(hat);
  expect(backend.requests.map((request) => request.json())).toStrictEqual([fox, hat]);
});

test.each(goodAnswers("image"))("answer vector %s", async (_name, body, value) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, generations, body);
  expect(await new ImagesClient(options).generate(fox)).toEqual(value);
});

test("what the server does not say is null", async () => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, generations, '{"created":1,"data":[],"size":null}');
  expect(await new ImagesClient(options).generate(fox)).toStrictEqual({
    created: 1,
    data: [],
    background: null,
    quality: null,
    size: null,
  });
});

const texts: Record<string, string> = {
  image_no_data: "missing field `data`",
  image_url_only: "missing field `data[0].b64_json`",
  image_negative_created: "created: Expected an unsigned integer",
};

test.each(badAnswers("image"))("answer vector %s", async (name, body) => {
  const { backend, options } = await startEndpointBackend();
  const client = new ImagesClient(options);
  answerWith(backend, generations, body);
  answerWith(backend, edits, body);
  const failure = { kind: "stream", code: "invalid_answer" };
  await expect(client.generate(fox)).rejects.toMatchObject({
    ...failure,
    message: `failed to decode image generation response: ${texts[name]}`,
  });
  await expect(client.edit(hat)).rejects.toMatchObject({
    ...failure,
    message: `failed to decode image edit response: ${texts[name]}`,
  });
});

test.each([{ background: "plaid" }, { quality: "ultra" }, { created: 1.5 }])(
  "refuses an answer with %j",
  async (bad) => {
    const { backend, options } = await startEndpointBackend();
    answerWith(backend, generations, JSON.stringify({ created: 1, data: [], ...bad }));
    await expect(new ImagesClient(options).generate(fox)).rejects.toMatchObject({ code: "invalid_answer" });
  },
);

test("a body that cannot be written is refused, and nothing is sent", async () => {
  const { backend, options } = await startEndpointBackend();
  const client = new ImagesClient(options);
  const broken = { n: 1n as unknown as number };
  const failure = { kind: "stream", code: "invalid_body" };
  await expect(client.generate({ ...fox, ...broken })).rejects.toMatchObject({
    ...failure,
    message: expect.stringMatching(/^failed to encode image generation request: /),
  });
  await expect(client.edit({ ...hat, ...broken })).rejects.toMatchObject({
    ...failure,
    message: expect.stringMatching(/^failed to encode image edit request: /),
  });
  expect(backend.requests).toHaveLength(0);
});
