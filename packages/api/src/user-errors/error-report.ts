import { isTransportError, type TransportError } from "@codex-ts/client";
import { type ApiError, isApiError } from "../api-error.js";
import { type IdentityFacts, identityFacts } from "./identity-facts.js";

/**
 * Gives the headers of a refusal that are worth reporting, for a log or a bug report. None of them is a credential.
 * Of any other failure nothing is known.
 */
export function errorDebugContext(error: ApiError | TransportError): IdentityFacts {
  const refusal = isApiError(error) ? error.cause : error;
  return identityFacts(isTransportError(refusal) && refusal.kind === "http" ? refusal.headers : undefined);
}

/** Names a failure for telemetry: without a body, and without anything that the server said about the request. */
export function errorTelemetryText(error: ApiError | TransportError): string {
  if (isTransportError(error)) return transportText(error);
  const { kind, cause, code, message, status } = error;
  switch (kind) {
    case "transport":
      return isTransportError(cause) ? transportText(cause) : message;
    case "api":
      return `api error ${status ?? 0}`;
    case "stream":
      return message;
    case "retryable":
      return "retryable error";
    case "file":
      return `file error: ${code}`;
    default:
      return kind.replaceAll("_", " ");
  }
}

function transportText({ kind, status, detail, message }: TransportError): string {
  switch (kind) {
    case "http":
      return `http ${status ?? 0}`;
    case "network":
    case "build":
      return detail ?? message;
    case "retry_limit":
      return "retry limit reached";
    case "aborted":
    case "timeout":
      return kind;
  }
}
