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
  const contentType = cause.headers && (cause.headers.get("content-type") ?? "");
  return new BackendError(cause.kind === "http" ? refusal({ method, url }, cause) : cause.message, {
    kind: kindOf(cause),
    status: cause.status,
    requestId: cause.requestId,
    method,
    url,
    retryAfterMs: cause.retryAfterMs,
    contentType,
    // A refusal without a body has an empty one.
    body: cause.kind === "http" ? (cause.body ?? "") : cause.body,
    cause,
  });
}

function kindOf({ kind, code }: TransportError): BackendErrorKind {
  if (code === "auth" || code === "recovery_failed") return "auth";
  if (kind === "http") return "status";
  return kind === "timeout" || kind === "aborted" ? kind : "transport";
}

function refusal({ method, url }: CallTarget, { status = 0, headers }: TransportError): string {
  const type = headers?.get("content-type")?.slice(0, longestContentType) ?? "";
  return `${method} ${url} failed: ${statusText(status)}; content-type=${type}`;
}

const longestContentType = 100;
