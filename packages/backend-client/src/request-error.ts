import { isTransportError, statusText, type TransportError } from "@codex-ts/client";
import { BackendError, type BackendErrorKind, isBackendError } from "./errors.js";

/** What was asked for. */
export interface CallTarget {
  readonly method: string;
  /** Without query. */
  readonly url: string;
}

/** Turns what a transport failed with into the error that the call ends with. */
export function toRequestError({ method, url }: CallTarget, cause: unknown): unknown {
  if (isBackendError(cause)) return cause;
  if (!isTransportError(cause))
    return new BackendError(`${method} ${url} failed`, { kind: "transport", method, url, cause });
  const { kind, status, headers, body, requestId, retryAfterMs } = cause;
  const isRefusal = kind === "http" && status !== undefined;
  return new BackendError(isRefusal ? `${method} ${url} failed: ${statusText(status)}` : cause.message, {
    kind: kindOf(cause),
    status,
    requestId,
    method,
    url,
    retryAfterMs,
    contentType: headers && (headers.get("content-type") ?? ""),
    // A refusal without a body has an empty one.
    body: isRefusal ? (body ?? "") : body,
    cause,
  });
}

function kindOf({ kind, code }: TransportError): BackendErrorKind {
  if (code === "auth") return "auth";
  // That the credential could not be renewed does not change who said no.
  if (kind === "http" || code === "recovery_failed") return "status";
  return kind === "timeout" || kind === "aborted" ? kind : "transport";
}
