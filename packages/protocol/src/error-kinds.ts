/** Why a call of a typed API failed. */
export type ApiErrorKind =
  | "transport"
  | "api"
  | "stream"
  | "context_window_exceeded"
  | "quota_exceeded"
  | "usage_not_included"
  | "retryable"
  | "rate_limit"
  | "invalid_request"
  | "cyber_policy"
  | "misalignment_policy_violation"
  | "server_overloaded";

/** What a failure means for the user of a session. */
export type UserErrorKind =
  | "stream"
  | "context_window_exceeded"
  | "request_timeout"
  | "unexpected_status"
  | "invalid_request"
  | "invalid_image_request"
  | "usage_limit_reached"
  | "server_overloaded"
  | "cyber_policy"
  | "misalignment_policy_violation"
  | "response_stream_failed"
  | "connection_failed"
  | "quota_exceeded"
  | "usage_not_included"
  | "internal_server_error"
  | "retry_limit"
  | "timeout"
  | "turn_aborted"
  | "interrupted"
  | "session_budget_exceeded"
  | "thread_not_found"
  | "agent_limit_reached"
  | "session_configured_not_first_event"
  | "spawn"
  | "internal_agent_died"
  | "sandbox"
  | "landlock_sandbox_executable_not_provided"
  | "unsupported_operation"
  | "refresh_token_failed"
  | "fatal"
  | "env_var"
  | "html_challenge"
  | "tool_collision"
  | "io"
  | "json"
  | "tokio_join";

/** The status that came with a failure; `null` when there was no answer. */
export interface HttpStatusDetail {
  readonly http_status_code: number | null;
}

/** The code by which a client of a session tells failures apart. */
export type CodexErrorInfo =
  | "context_window_exceeded"
  | "session_budget_exceeded"
  | "usage_limit_exceeded"
  | "server_overloaded"
  | "cyber_policy"
  | "misalignment_policy_violation"
  | "unauthorized"
  | "internal_server_error"
  | "bad_request"
  | "sandbox_error"
  | "active_turn_not_steerable"
  | "thread_rollback_failed"
  | "other"
  | { readonly response_too_many_failed_attempts: HttpStatusDetail }
  | { readonly http_connection_failed: HttpStatusDetail }
  | { readonly response_stream_connection_failed: HttpStatusDetail }
  | { readonly response_stream_disconnected: HttpStatusDetail };
