import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";
import { errorCode, turn } from "./support/post.js";
import { exchangeRaw, responsesRequest } from "./support/wire.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend();
});
afterEach(() => backend.close());

const json = JSON.stringify(turn("compressed"));
/** Made by Node 22; Node 20 has no zstd. */
const zstd = Buffer.from(
  "KLUv/SBohQIAMsURGICpLQaQvGWPbXPhx+J9E1mBmtGBdBOYC8fgmJxVCZKId9jedJuycFlPre3D1A2BvatIiMstXRsRTlddNgED2MKwjXcSbQQBAI+/EgU=",
  "base64",
);
/** 200,000 zero bytes. */
const zstdZeros = Buffer.from("KLUv/aBADQMAVAAAEAAAAQD7/znAAgNqCAA=", "base64");
const zstdJson =
  '{"model":"gpt-5.5","stream":true,"input":[{"role":"user","content":"hello zstd hello zstd hello zstd"}]}';

function postCompressed(coding: string, body: Uint8Array, { urls } = backend): Promise<Response> {
  return fetch(`${urls.openai}/responses`, {
    method: "POST",
    headers: {
      authorization: "Bearer sk-test",
      "content-type": "application/json",
      "content-encoding": coding,
    },
    body,
  });
}

test.each([
  ["gzip", gzipSync(json), json],
  ["deflate", deflateSync(json), json],
  ["br", brotliCompressSync(json), json],
  ["zstd", zstd, zstdJson],
  ["identity", Buffer.from(json), json],
])("takes in %s and keeps both forms", async (coding, body, expected) => {
  expect((await postCompressed(coding, body)).status).toBe(200);
  const [request] = backend.requests;
  expect(request?.rawBody).toEqual(body);
  expect(request?.body.toString()).toBe(expected);
});

test.each(["gzip", "deflate", "br", "zstd"])("answers 400 to bytes that are not %s", async (coding) => {
  const response = await postCompressed(coding, Buffer.from("neither nor"));
  expect(response.status).toBe(400);
  expect(await errorCode(response)).toBe("invalid_content_encoding");
});

test("answers 400 to zstd that is cut short", async () => {
  expect((await postCompressed("zstd", zstd.subarray(0, -8))).status).toBe(400);
});

test("answers 415 to another coding, and names those it has", async () => {
  const response = await postCompressed("snappy", Buffer.from(json));
  expect(response.status).toBe(415);
  expect(response.headers.get("accept-encoding")).toBe("gzip, deflate, br, zstd");
  expect(await errorCode(response)).toBe("unsupported_content_encoding");
});

test("answers 413 to a body that is too large, when it has all arrived", async () => {
  await using small = await startBackend({ maxBodyBytes: 100_000 });
  const { head, rawBody } = await exchangeRaw(small.urls.origin, responsesRequest(turn("x".repeat(200_000))));
  expect(head).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
  expect(rawBody).toContain('"code":"body_too_large"');
});

test.each([
  ["gzip", gzipSync(Buffer.alloc(200_000))],
  ["zstd", zstdZeros],
])("answers 400 to %s that becomes too large", async (coding, body) => {
  await using small = await startBackend({ maxBodyBytes: 100_000 });
  const response = await postCompressed(coding, body, small);
  expect(response.status).toBe(400);
  expect(await errorCode(response)).toBe("invalid_content_encoding");
});
