import type { CodexErrorInfo, UserErrorKind } from "@codex-ts/protocol";
import type { UserError } from "./user-error.js";

/** How a session reports a failure to its client. */
export interface ErrorEvent {
  readonly message: string;
  readonly codex_error_info: CodexErrorInfo;
}

/** Gives the code by which a client of a session tells failures apart. */
export function codexErrorInfo(error: UserError): CodexErrorInfo {
  const detail = { http_status_code: error.status ?? null };
  switch (error.kind) {
    case "retry_limit":
      return { response_too_many_failed_attempts: detail };
    case "connection_failed":
      return { http_connection_failed: detail };
    case "response_stream_failed":
      return { response_stream_connection_failed: detail };
    default:
      return codes.get(error.kind) ?? "other";
  }
}

/**
 * Makes the event that tells a client of a session of a failure.
 *
 * @param prefix - What the session was about to do.
 */
export function toErrorEvent(error: UserError, prefix?: string): ErrorEvent {
  const message = prefix === undefined ? error.message : `${prefix}: ${error.message}`;
  return { message, codex_error_info: codexErrorInfo(error) };
}

/**
 * Tells whether the turn is worth another try, although its requests have used up their own retries. If the server
 * said how long to wait first, {@link UserError.delayMs} has it.
 */
export function isRetryableUserError({ kind }: UserError): boolean {
  return retryable.has(kind);
}

const codes: ReadonlyMap<UserErrorKind, CodexErrorInfo> = new Map<UserErrorKind, CodexErrorInfo>([
  ["agent_limit_reached", "bad_request"],
  ["context_window_exceeded", "context_window_exceeded"],
  ["cyber_policy", "cyber_policy"],
  ["internal_agent_died", "internal_server_error"],
  ["internal_server_error", "internal_server_error"],
  ["misalignment_policy_violation", "misalignment_policy_violation"],
  ["quota_exceeded", "usage_limit_exceeded"],
  ["refresh_token_failed", "unauthorized"],
  ["sandbox", "sandbox_error"],
  ["server_overloaded", "server_overloaded"],
  ["session_budget_exceeded", "session_budget_exceeded"],
  ["session_configured_not_first_event", "internal_server_error"],
  ["thread_not_found", "bad_request"],
  ["unsupported_operation", "bad_request"],
  ["usage_limit_reached", "usage_limit_exceeded"],
  ["usage_not_included", "usage_limit_exceeded"],
]);

const retryable: ReadonlySet<UserErrorKind> = new Set<UserErrorKind>([
  "connection_failed",
  "internal_agent_died",
  "internal_server_error",
  "io",
  "json",
  "request_timeout",
  "response_stream_failed",
  "stream",
  "timeout",
  "tokio_join",
  "unexpected_status",
]);
