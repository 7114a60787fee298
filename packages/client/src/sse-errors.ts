import { transportErrorText } from "./error-text.js";
import { isTransportError, TransportError } from "./errors.js";
import type { ReadLimit } from "./sse-clock.js";

export function abortError(cause: unknown): TransportError {
  return new TransportError("reading the event stream was aborted", { kind: "aborted", cause });
}

export function timeoutError(limit: ReadLimit): TransportError {
  return new TransportError("idle timeout waiting for SSE", { kind: "timeout", code: `sse_${limit}` });
}

export function oversizeError(maxEventBytes: number): TransportError {
  const message = `an event of the stream is longer than ${maxEventBytes} bytes`;
  return new TransportError(message, { kind: "network", code: "sse_oversize" });
}

export function encodingError(): TransportError {
  const message = "UTF8 error: the event stream holds bytes that are not UTF-8";
  return new TransportError(message, { kind: "network", code: "sse_utf8" });
}

/** An abort stays as it is; everything else gets the words in which the reference client wraps it. */
export function sourceError(cause: unknown): TransportError {
  const error = isTransportError(cause) ? cause : new TransportError(textOf(cause), { kind: "network" });
  if (error.kind === "aborted") return error;
  const { kind, code, url, requestId } = error;
  return new TransportError(`Transport error: ${transportErrorText(error)}`, {
    kind,
    code,
    url,
    requestId,
    cause,
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "the byte source failed";
}
