import { inspect } from "node:util";
import type { CodexErrorInfo } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import {
  codexErrorInfo,
  isRetryableUserError,
  isUserError,
  toErrorEvent,
  UserError,
  type UserErrorFacts,
} from "../../src/index.js";

const feedback = "Something went wrong? Hit `/feedback` to report the issue.";

test.each<readonly [UserErrorFacts, string, CodexErrorInfo, boolean]>([
  [{ kind: "stream", message: "m" }, "stream disconnected before completion: m", "other", true],
  [{ kind: "request_timeout" }, "request timed out", "other", true],
  [{ kind: "invalid_request", message: "m" }, "m", "other", false],
  [{ kind: "invalid_image_request" }, "Image poisoning", "other", false],
  [
    { kind: "server_overloaded" },
    "Selected model is at capacity. Please try a different model.",
    "server_overloaded",
    false,
  ],
  [{ kind: "cyber_policy", message: "m" }, "m", "cyber_policy", false],
  [{ kind: "misalignment_policy_violation", message: "m" }, "m", "misalignment_policy_violation", false],
  [
    { kind: "response_stream_failed", message: "m", status: 429, requestId: "req_1" },
    "Error while reading the server response: m, request id: req_1",
    { response_stream_connection_failed: { http_status_code: 429 } },
    true,
  ],
  [
    { kind: "response_stream_failed", message: "m" },
    "Error while reading the server response: m",
    { response_stream_connection_failed: { http_status_code: null } },
    true,
  ],
  [
    { kind: "connection_failed", message: "m", status: 502 },
    "Connection failed: m",
    { http_connection_failed: { http_status_code: 502 } },
    true,
  ],
  [
    { kind: "quota_exceeded" },
    "Quota exceeded. Check your plan and billing details.",
    "usage_limit_exceeded",
    false,
  ],
  [
    { kind: "usage_not_included" },
    "To use Codex with your ChatGPT plan, upgrade to Plus: https://chatgpt.com/explore/plus.",
    "usage_limit_exceeded",
    false,
  ],
  [
    { kind: "internal_server_error" },
    "We're currently experiencing high demand, which may cause temporary errors.",
    "internal_server_error",
    true,
  ],
  [
    { kind: "retry_limit", status: 429, requestId: "req_1" },
    "exceeded retry limit, last status: 429 Too Many Requests, request id: req_1",
    { response_too_many_failed_attempts: { http_status_code: 429 } },
    false,
  ],
  [{ kind: "timeout" }, "timeout waiting for child process to exit", "other", true],
  [{ kind: "turn_aborted" }, `turn aborted. ${feedback}`, "other", false],
  [{ kind: "interrupted" }, `interrupted (Ctrl-C). ${feedback}`, "other", false],
  [
    { kind: "session_budget_exceeded" },
    "shared rollout token budget exhausted",
    "session_budget_exceeded",
    false,
  ],
  [{ kind: "thread_not_found", threadId: "t1" }, "no thread with id: t1", "bad_request", false],
  [{ kind: "agent_limit_reached" }, "agent thread limit reached", "bad_request", false],
  [
    { kind: "session_configured_not_first_event" },
    "session configured event was not the first event in the stream",
    "internal_server_error",
    false,
  ],
  [{ kind: "spawn" }, "spawn failed: child stdout/stderr not captured", "other", false],
  [
    { kind: "internal_agent_died" },
    "internal error; agent loop died unexpectedly",
    "internal_server_error",
    true,
  ],
  [{ kind: "sandbox", message: "denied" }, "sandbox error: denied", "sandbox_error", false],
  [
    { kind: "landlock_sandbox_executable_not_provided" },
    "codex-linux-sandbox was required but not provided",
    "other",
    false,
  ],
  [{ kind: "unsupported_operation", message: "m" }, "unsupported operation: m", "bad_request", false],
  [{ kind: "refresh_token_failed", message: "m" }, "m", "unauthorized", false],
  [{ kind: "fatal", message: "m" }, "Fatal error: m", "other", false],
  [{ kind: "env_var", variable: "KEY" }, "Missing environment variable: `KEY`.", "other", false],
  [
    { kind: "env_var", variable: "KEY", instructions: "Set it." },
    "Missing environment variable: `KEY`. Set it.",
    "other",
    false,
  ],
  [{ kind: "io", message: "m" }, "m", "other", true],
  [{ kind: "json", message: "m" }, "m", "other", true],
  [{ kind: "tokio_join", message: "m" }, "m", "other", true],
  [{ kind: "tool_collision", toolName: "t" }, "duplicate tool: t", "other", false],
])("%j", (facts, message, info, isRetryable) => {
  const error = new UserError(facts);
  expect(error.message).toBe(message);
  expect(codexErrorInfo(error)).toEqual(info);
  expect(isRetryableUserError(error)).toBe(isRetryable);
});

test("an event carries text and code, with what was about to be done in front", () => {
  const error = new UserError({
    kind: "response_stream_failed",
    message: "m",
    status: 429,
    requestId: "req-123",
  });
  expect(toErrorEvent(error, "prefix")).toEqual({
    message: "prefix: Error while reading the server response: m, request id: req-123",
    codex_error_info: { response_stream_connection_failed: { http_status_code: 429 } },
  });
  expect(toErrorEvent(error).message).toBe(error.message);
});

function unexpected(body: string, facts: object = {}): string {
  return new UserError({ kind: "unexpected_status", status: 418, body, ...facts }).message;
}

test("a body is shown trimmed, and an empty one as an unknown error", () => {
  expect(unexpected("  plain  ", { url: "https://h/x" })).toBe(
    "unexpected status 418 I'm a teapot: plain, url: https://h/x",
  );
  expect(unexpected(" \n")).toBe("unexpected status 418 I'm a teapot: Unknown error");
});

test("the message of a JSON body is shown instead of it, however long it is", () => {
  const message = "x".repeat(1010);
  expect(unexpected(JSON.stringify({ error: { message } }))).toBe(
    `unexpected status 418 I'm a teapot: ${message}`,
  );
});

test.each([
  ["a".repeat(1000), "a".repeat(1000)],
  ["a".repeat(1010), `${"a".repeat(1000)}...`],
  [`${"a".repeat(999)}é`, `${"a".repeat(999)}...`],
  [`${"a".repeat(998)}😀b`, `${"a".repeat(998)}...`],
  [`${"é".repeat(500)}b`, `${"é".repeat(500)}...`],
])("a body of more than 1000 bytes is cut between characters", (body, shown) => {
  expect(unexpected(body)).toBe(`unexpected status 418 I'm a teapot: ${shown}`);
});

test("a message for users keeps url and request id", () => {
  expect(unexpected("b", { userMessage: "Blocked", url: "https://h/x", requestId: "req_1" })).toBe(
    "Blocked, url: https://h/x, request id: req_1",
  );
});

test("everything that is known follows in its order", () => {
  const facts = { authErrorCode: "e", authError: "d", requestId: "c", cfRay: "b", url: "a" };
  expect(unexpected("x", facts)).toBe(
    "unexpected status 418 I'm a teapot: x, url: a, cf-ray: b, request id: c, auth error: d, auth error code: e",
  );
});

test("facts are at hand but are not dumped by a logger", () => {
  const error = new UserError({ kind: "unexpected_status", status: 418, body: "private" });
  expect(error.facts).toMatchObject({ body: "private" });
  expect(Object.keys(error)).toEqual(["name", "kind"]);
  const { stack: _stack, ...shown } = error;
  expect(inspect(shown)).not.toContain("private");
});

test("an error of another copy of this package is recognized, by brand and not by name", () => {
  const foreign = Object.defineProperty(new Error("m"), Symbol.for("@codex-ts/api.UserError"), {
    value: true,
  });
  expect(isUserError(foreign)).toBe(true);
  expect(isUserError(Object.assign(new Error("m"), { name: "UserError" }))).toBe(false);
});
