import { expect, test } from "vitest";
import { startBackend } from "../src/index.js";
import { errorCode, postResponses, turn } from "./support/post.js";

const options = {
  apiKeys: ["sk-one", "key-two"],
  bearerTokens: ["token-plain", { token: "token-bound", accountId: "account-1" }],
};

test.each([
  ["Bearer sk-one", {}, { kind: "bearer", credential: "apiKey", accountId: null }],
  ["bearer key-two", {}, { kind: "bearer", credential: "apiKey", accountId: null }],
  [
    "Bearer token-plain",
    { "chatgpt-account-id": "any" },
    { kind: "bearer", credential: "token", accountId: null },
  ],
  ["Bearer token-bound", {}, { kind: "bearer", credential: "token", accountId: "account-1" }],
  [
    "Bearer token-bound",
    { "chatgpt-account-id": "account-1" },
    { kind: "bearer", credential: "token", accountId: "account-1" },
  ],
])("accepts %s with %j", async (authorization, headers, verdict) => {
  await using backend = await startBackend(options);
  const response = await postResponses(backend, turn("x"), { headers: { ...headers, authorization } });
  expect(response.status).toBe(200);
  expect(backend.requests[0]?.auth).toEqual(verdict);
});

test.each([
  ["Bearer sk-wrong", {}, "invalid_api_key"],
  ["Bearer token-unknown", {}, "invalid_token"],
  ["Bearer token-bound", { "chatgpt-account-id": "account-2" }, "account_mismatch"],
  ["Bearer", {}, "invalid_authorization"],
])("answers 401 to %s with %j", async (authorization, headers, code) => {
  await using backend = await startBackend(options);
  const response = await postResponses(backend, turn("x"), { headers: { ...headers, authorization } });
  expect(response.status).toBe(401);
  expect(await errorCode(response)).toBe(code);
});

test("answers 401 to a request without Authorization, in the backend's shape", async () => {
  await using backend = await startBackend();
  const response = await fetch(`${backend.urls.codex}/responses`, { method: "POST", body: "{}" });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({
    error: {
      message: "The request carries no Authorization",
      type: "authentication_error",
      param: null,
      code: "missing_authorization",
    },
  });
});

test("accepts all when no credential is required, and still says what it was", async () => {
  await using backend = await startBackend({ requireAuth: false });
  const response = await postResponses(backend, turn("x"), { headers: { authorization: "Bearer sk-wrong" } });
  expect(response.status).toBe(200);
  expect(backend.requests[0]?.auth).toMatchObject({ kind: "invalid", code: "invalid_api_key" });
});
