import {
  isHtmlAnswer,
  isTransportError,
  statusText,
  TransportError,
  type TransportStream,
} from "@codex-ts/client";
import { ApiError } from "./api-error.js";
import { requestIdOf } from "./request-id.js";
import { abortedError } from "./stream-error.js";

/** Turns what a transport failed with into the error that the call ends with. */
export function toRequestError(cause: unknown): ApiError {
  if (!isTransportError(cause)) return new ApiError("the request failed", { kind: "transport", cause });
  if (cause.kind === "aborted") return abortedError(cause.cause, cause.requestId);
  return new ApiError(cause.message, {
    kind: "transport",
    code: cause.code,
    status: cause.status,
    delayMs: cause.retryAfterMs,
    resetsAt: cause.resetsAt,
    requestId: cause.requestId,
    cause,
  });
}

/**
 * Refuses a successful answer that is a web page: it would only be read as a stream without events.
 *
 * @throws {@link ApiError} of kind `transport`, code `html_answer`.
 */
export function refuseHtml({
  status,
  headers,
  url,
}: Pick<TransportStream, "headers" | "status" | "url">): void {
  if (!isHtmlAnswer(headers)) return;
  const { origin, pathname } = new URL(url);
  const message = `${origin}${pathname} answered ${statusText(status)} with an HTML page`;
  const requestId = requestIdOf(headers);
  throw toRequestError(
    new TransportError(message, { kind: "http", code: "html_answer", status, url, headers, requestId }),
  );
}
