import { isTransportError, type TransportError, transportErrorText } from "@codex-ts/client";
import { type ApiError, isApiError } from "../api-error.js";
import type { LocalTimeOptions } from "./local-time.js";
import { blockedByCloudflare, refusalFacts } from "./refusal-facts.js";
import { isUserError, UserError, type UserErrorFacts } from "./user-error.js";

/**
 * Turns what a client failed with into what its user is told, in the words of the reference client.
 *
 * An error of this kind already is given back as it is; what is no error of these packages becomes `fatal`.
 *
 * @param time - Against which the time is told at which a used-up limit starts anew.
 */
export function toUserError(error: unknown, time: LocalTimeOptions = {}): UserError {
  if (isUserError(error)) return error;
  if (isApiError(error))
    return new UserError(apiFacts(error), { ...time, delayMs: error.delayMs, cause: error });
  if (isTransportError(error))
    return new UserError(transportFacts(error), { ...time, delayMs: error.retryAfterMs, cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return new UserError({ kind: "fatal", message }, { cause: error });
}

function apiFacts(error: ApiError): UserErrorFacts {
  const { kind, message, status = 0 } = error;
  switch (kind) {
    case "context_window_exceeded":
    case "quota_exceeded":
    case "server_overloaded":
    case "usage_not_included":
      return { kind };
    case "cyber_policy":
    case "invalid_request":
    case "misalignment_policy_violation":
      return { kind, message };
    case "retryable":
      return error.code === "usage_limit_reached"
        ? { kind: "usage_limit_reached", planType: error.planType, resetsAt: error.resetsAt }
        : { kind: "stream", message };
    case "stream":
    case "rate_limit":
      return { kind: "stream", message };
    case "api":
      return {
        kind: "unexpected_status",
        status,
        body: message,
        userMessage: blockedByCloudflare(status, message),
      };
    case "transport":
      return isTransportError(error.cause) ? transportFacts(error.cause) : { kind: "stream", message };
    case "aborted":
      return { kind: "turn_aborted" };
    case "file":
      return { kind: "invalid_request", message };
  }
}

function transportFacts(error: TransportError): UserErrorFacts {
  switch (error.kind) {
    case "http":
      return refusalFacts(error);
    case "timeout":
      return error.code === "connect_timeout"
        ? { kind: "connection_failed", message: transportErrorText(error) }
        : { kind: "request_timeout" };
    case "network":
      return { kind: isConnectFailure(error) ? "connection_failed" : "stream", message: detailOf(error) };
    case "build":
      return { kind: "stream", message: detailOf(error) };
    case "retry_limit":
      return { kind: "retry_limit", status: 500 };
    case "aborted":
      return { kind: "turn_aborted" };
  }
}

/** The connection was never there. */
function isConnectFailure({ code }: TransportError): boolean {
  return code === "connect_failed" || code === "proxy" || code === "proxy_407";
}

/** The failure without what was asked for. */
function detailOf({ detail, message }: TransportError): string {
  return detail ?? message;
}
