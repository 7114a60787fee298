import { inspect } from "node:util";
import { expect, test } from "vitest";
import { AgentIdentityError, isAgentIdentityError } from "../src/index.js";

test("carries what a caller decides by", () => {
  const cause = new Error("inner");
  const error = new AgentIdentityError("outer", {
    kind: "task_registration",
    retryable: true,
    status: 503,
    operation: "agent task registration",
    attempts: 3,
    cause,
  });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "AgentIdentityError",
    message: "outer",
    retryable: true,
    status: 503,
    cause,
  });
});

test("is hard and has no cause unless told", () => {
  const error = new AgentIdentityError("text", { kind: "invalid_key" });
  expect(error.retryable).toBe(false);
  expect("cause" in error).toBe(false);
  expect(inspect(error)).not.toContain("Symbol(");
});

test("isAgentIdentityError goes by brand, not by name or class", () => {
  expect(isAgentIdentityError(new AgentIdentityError("text", { kind: "jwks" }))).toBe(true);
  const fromAnotherCopy = { [Symbol.for("@codex-ts/agent-identity.AgentIdentityError")]: true };
  expect(isAgentIdentityError(fromAnotherCopy)).toBe(true);
  const impostor = Object.assign(new Error("text"), { name: "AgentIdentityError", kind: "jwks" });
  expect([impostor, null, undefined, "text"].map(isAgentIdentityError)).toEqual([false, false, false, false]);
});
