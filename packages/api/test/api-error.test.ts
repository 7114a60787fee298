import { inspect } from "node:util";
import { TransportError } from "@codex-ts/client";
import { expect, test } from "vitest";
import { ApiError, type ApiErrorOptions, apiErrorText, isApiError } from "../src/index.js";

test.each<readonly [ApiErrorOptions["kind"], string]>([
  ["api", "api error 418 I'm a teapot: m"],
  ["stream", "stream error: m"],
  ["context_window_exceeded", "context window exceeded"],
  ["quota_exceeded", "quota exceeded"],
  ["usage_not_included", "usage not included"],
  ["retryable", "retryable error: m"],
  ["rate_limit", "rate limit: m"],
  ["invalid_request", "invalid request: m"],
  ["cyber_policy", "cyber policy: m"],
  ["misalignment_policy_violation", "misalignment policy violation: m"],
  ["server_overloaded", "server overloaded"],
  ["aborted", "aborted"],
])("the reference shows an error of kind %s as %s", (kind, text) => {
  expect(apiErrorText(new ApiError("m", { kind, status: 418 }))).toBe(text);
});

test.each([
  [new TransportError("boom", { kind: "network" }), "network error: boom"],
  [new TransportError("took too long", { kind: "timeout" }), "timeout"],
  [
    new TransportError("POST https://h answered 401", { kind: "http", status: 401, body: 'a "b"' }),
    'http 401 Unauthorized: Some("a \\"b\\"")',
  ],
])("the reference shows a failed exchange as its cause", (cause, text) => {
  expect(apiErrorText(new ApiError("m", { kind: "transport", cause }))).toBe(text);
});

test("an error of another copy of this package is recognized, by brand and not by name", () => {
  const foreign = Object.defineProperty(new Error("m"), Symbol.for("@codex-ts/api.ApiError"), {
    value: true,
  });
  expect(isApiError(foreign)).toBe(true);
  expect(isApiError(Object.assign(new Error("m"), { name: "ApiError", kind: "stream" }))).toBe(false);
  expect(isApiError(null)).toBe(false);
});

test("an error keeps its facts and its cause", () => {
  const cause = new Error("why");
  const options = {
    kind: "retryable",
    code: "response_failed",
    status: 500,
    delayMs: 5,
    resetsAt: new Date(0),
    requestId: "req_1",
    serverCode: "server_error",
    cause,
  } as const;
  const error = new ApiError("m", options);
  expect({ ...error, cause: error.cause }).toEqual({ name: "ApiError", ...options });
});

test("without a cause there is no member of that name", () => {
  const error = new ApiError("m", { kind: "stream" });
  expect(Object.hasOwn(error, "cause")).toBe(false);
  expect(inspect(error)).not.toContain("Symbol");
});
