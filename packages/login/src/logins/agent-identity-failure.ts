import { isAgentIdentityError } from "@codex-ts/agent-identity";
import { isLoginError, LoginError } from "../login-error.js";

/** Turns what `@codex-ts/agent-identity` throws into an error of this package; anything else stays as it is. */
export function toAgentIdentityFailure(error: unknown): unknown {
  if (!isAgentIdentityError(error)) return error;
  // What went wrong when a new task was to be stored here.
  if (isLoginError(error.cause)) return error.cause;
  const { retryable, status, message } = error;
  return new LoginError(message, { kind: "agent_identity", retryable, status, cause: error });
}

/**
 * The same for the registrations of a ChatGPT login: when the service stays down, that is a kind of its own, after
 * which a session may go on with the bearer token.
 */
export function toBootstrapFailure(error: unknown): unknown {
  if (!isAgentIdentityError(error) || error.operation === undefined) return toAgentIdentityFailure(error);
  const { operation, attempts, message, status } = error;
  return new LoginError(
    `agent identity bootstrap unavailable after ${attempts} attempts during ${operation}: ${message}`,
    { kind: "agent_identity_unavailable", retryable: true, status, cause: error },
  );
}
