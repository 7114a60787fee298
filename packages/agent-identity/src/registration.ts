import { isTransportError, type TransportErrorCode } from "@codex-ts/client";
import { clockSkewHint } from "./clock-skew.js";
import { AgentIdentityError, isAgentIdentityError, type RegistrationOperation } from "./errors.js";

const maxAttempts = 3;

/**
 * Runs a registration up to three times, without a pause between, as long as its failures are retryable.
 *
 * @param attempt - Must sign anew each time: the server refuses an old timestamp.
 */
export async function retryRegistration<T>(
  operation: RegistrationOperation,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isAgentIdentityError(error) || !error.retryable) throw error;
      if (attempts < maxAttempts) continue;
      const { kind, retryable, status } = error;
      const message = `retryable agent identity registration failure: ${error.message}`;
      throw new AgentIdentityError(message, { kind, retryable, status, operation, attempts, cause: error });
    }
  }
}

/** How the two registrations word their failures. */
export interface RegistrationTexts {
  /** Nothing usable came back: no connection, or a time limit. */
  readonly unreachable: string;
  /** The server answered with another status than 200–299. */
  readonly refused: (status: number, body: string | undefined) => string;
  /** The answer arrived, but cannot be read. */
  readonly unreadable: string;
}

/**
 * Turns what the transport threw into the registration's own error. An aborted exchange, and what no transport
 * throws, is returned as it is.
 *
 * @param epochMs - The time that was signed.
 */
export function registrationFailure(
  error: unknown,
  kind: "agent_registration" | "task_registration",
  texts: RegistrationTexts,
  epochMs: number,
): unknown {
  if (!isTransportError(error) || error.kind === "aborted") return error;
  const { status } = error;
  if (error.kind === "http" && status !== undefined) {
    const text = texts.refused(status, error.body);
    const retryable = status === 429 || status >= 500;
    const hint = retryable ? undefined : clockSkewHint(error.headers, epochMs);
    const message = hint === undefined ? text : `${text} (${hint})`;
    return new AgentIdentityError(message, { kind, retryable, status, cause: error });
  }
  if (error.code !== undefined && unreadableCodes.has(error.code)) {
    return new AgentIdentityError(texts.unreadable, { kind, cause: error });
  }
  const retryable =
    (error.kind === "network" || error.kind === "timeout") &&
    !(error.code !== undefined && finalCodes.has(error.code));
  return new AgentIdentityError(texts.unreachable, { kind, retryable, cause: error });
}

const unreadableCodes: ReadonlySet<TransportErrorCode> = new Set(["content_decoding", "response_too_large"]);

// Sending the request again cannot change these.
const finalCodes: ReadonlySet<TransportErrorCode> = new Set([
  "invalid_redirect",
  "invalid_url",
  "too_many_redirects",
]);
