import { expect } from "vitest";
import { AgentIdentityError } from "../../src/index.js";

/** Calls a function and returns the AgentIdentityError that it throws. */
export function thrownBy(call: () => unknown): AgentIdentityError {
  try {
    call();
  } catch (error) {
    return asAgentIdentityError(error);
  }
  throw new Error("nothing was thrown");
}

/** Waits for a promise and returns the AgentIdentityError that it rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<AgentIdentityError> {
  const error = await promise.then(
    () => new Error("nothing was thrown"),
    (reason: unknown) => reason,
  );
  return asAgentIdentityError(error);
}

function asAgentIdentityError(error: unknown): AgentIdentityError {
  expect(error).toBeInstanceOf(AgentIdentityError);
  return error as AgentIdentityError;
}
