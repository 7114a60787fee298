import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";
import { errorCode } from "./support/post.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend({ finalizeRetries: 1 });
});
afterEach(() => backend.close());

const chatgpt = { authorization: "Bearer access-token-test", "content-type": "application/json" };

function post(path: string, body: object, headers: Record<string, string> = chatgpt): Promise<Response> {
  return fetch(`${backend.urls.chatgpt}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

interface Created {
  readonly file_id: string;
  readonly upload_url: string;
}

async function announce(size: number, more: object = {}): Promise<Created> {
  const response = await post("/files", {
    file_name: "notes.txt",
    file_size: size,
    use_case: "codex",
    ...more,
  });
  return (await response.json()) as Created;
}

function put(url: string, content: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob", ...headers }, body: content });
}

test("takes a file in, first with a delay", async () => {
  const { file_id, upload_url } = await announce(5, { codex_model: "gpt-5.5" });
  const stored = await put(upload_url, "hello");
  expect([stored.status, stored.headers.get("x-ms-request-id")]).toEqual([201, "blob-request-1"]);
  expect(await (await post(`/files/${file_id}/uploaded`, {})).json()).toEqual({ status: "retry" });
  expect(await (await post(`/files/${file_id}/uploaded`, {})).json()).toEqual({
    status: "success",
    download_url: upload_url,
    file_name: "notes.txt",
    mime_type: "text/plain",
  });
  expect(backend.files).toMatchObject([
    {
      id: file_id,
      name: "notes.txt",
      announcedSize: 5,
      details: { codex_model: "gpt-5.5" },
      finalizeCount: 2,
    },
  ]);
  expect(backend.files[0]?.content?.toString()).toBe("hello");
});

test("gives the content back to who knows the URL", async () => {
  const { upload_url } = await announce(5);
  expect((await fetch(upload_url)).status).toBe(403);
  await put(upload_url, "hello");
  const response = await fetch(upload_url);
  expect([response.headers.get("content-type"), await response.text()]).toEqual(["text/plain", "hello"]);
  expect((await fetch(upload_url.split("?")[0] ?? "")).status).toBe(403);
});

test("says so when the content is missing, or has another size", async () => {
  const { file_id, upload_url } = await announce(5);
  const missing = await post(`/files/${file_id}/uploaded`, {});
  expect(await missing.json()).toEqual({ status: "error", error_message: "The content was not uploaded" });
  await put(upload_url, "hello!");
  const wrong = await post(`/files/${file_id}/uploaded`, {});
  expect(await wrong.json()).toEqual({
    status: "error",
    error_message: "The content has 6 bytes, announced were 5",
  });
});

test.each([
  [400, "InvalidAuthenticationInfo", { authorization: "Bearer access-token-test" }, ""],
  [400, "MissingRequiredHeader", { "x-ms-blob-type": "PageBlob" }, ""],
  [403, "AuthenticationFailed", {}, "x"],
])("the storage answers %d %s", async (status, code, headers, suffix) => {
  const { upload_url } = await announce(5);
  const response = await put(upload_url + suffix, "hello", headers);
  expect([response.status, response.headers.get("x-ms-error-code")]).toEqual([status, code]);
});

test("has no files for API keys", async () => {
  const headers = { ...chatgpt, authorization: "Bearer sk-test" };
  for (const path of ["/files", "/files/file_1/uploaded"]) {
    const response = await post(path, {}, headers);
    expect([response.status, await errorCode(response)]).toEqual([403, "chatgpt_auth_required"]);
  }
});

test.each([
  ["file_name", { file_size: 5, use_case: "codex" }],
  ["file_size", { file_name: "a", file_size: -1, use_case: "codex" }],
  ["use_case", { file_name: "a", file_size: 5 }],
])("answers 400 without a proper %s", async (param, body) => {
  const response = await post("/files", body);
  expect(await response.json()).toMatchObject({ error: { code: "invalid_request_body", param } });
});

test("does not know a file that was not announced, or that was forgotten", async () => {
  const { file_id } = await announce(5);
  backend.reset();
  const response = await post(`/files/${file_id}/uploaded`, {});
  expect([response.status, await errorCode(response)]).toEqual([404, "file_not_found"]);
  expect(backend.files).toEqual([]);
});
