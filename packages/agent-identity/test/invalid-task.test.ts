import { expect, test } from "vitest";
import { isInvalidTaskRefusal } from "../src/invalid-task.js";

function refusal(body: unknown, headers: Record<string, string> = {}, status = 401) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers: new Headers(headers), body: text };
}

const encoded = Buffer.from('{"error":{"code":"task_expired"}}').toString("base64");

test.each([
  ["error.code", refusal({ error: { message: "no", code: "invalid_task_id" } })],
  ["code", refusal({ code: "task_not_found" })],
  ["error as text", refusal({ error: "invalid_task_id" })],
  ["detail.code", refusal({ detail: { code: "unknown_task" } })],
  ["detail as text", refusal({ detail: "Unknown task_id" })],
  ["a code with agent_ in front, in capitals", refusal({ error: { code: "AGENT_TASK_EXPIRED" } })],
  ["error.message", refusal({ error: { message: "Invalid task id", code: null } })],
  ["message", refusal({ message: "The task_id is invalid." })],
  ["error_description", refusal({ error: "invalid_token", error_description: "agent task not found" })],
  ["plain text", refusal("task has expired\n")],
  ["x-error-json", refusal("", { "x-error-json": encoded })],
  ["x-openai-authorization-error", refusal("", { "x-openai-authorization-error": "invalid_task_id" })],
])("sees an invalid task in %s", (_name, rejection) => {
  expect(isInvalidTaskRefusal(rejection)).toBe(true);
});

test.each([
  ["another status", refusal({ error: { code: "invalid_task_id" } }, {}, 403)],
  ["another code", refusal({ error: { message: "The token is expired", code: "token_expired" } })],
  [
    "an invalid signature",
    refusal({ error: { message: "Signature does not match", code: "invalid_signature" } }),
  ],
  ["nothing", refusal("")],
  ["a page", refusal("<html><body>task not found</body></html>")],
  ["a long text that has the words somewhere", refusal(`${"x ".repeat(300)}task not found`)],
  ["the words in a member that is no message", refusal({ error: { code: "x", request: "task not found" } })],
  ["the words within others", refusal("multitask not founded")],
  ["a header that is no JSON", refusal("", { "x-error-json": "%%%" })],
  ["a list", refusal([{ code: "invalid_task_id" }])],
])("sees none in %s", (_name, rejection) => {
  expect(isInvalidTaskRefusal(rejection)).toBe(false);
});
