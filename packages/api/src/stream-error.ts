import { isTransportError } from "@codex-ts/client";
import { ApiError, isApiError } from "./api-error.js";

/** Makes the error for a stream that the caller's signal ended. */
export function abortedError(reason: unknown, requestId: string | undefined): ApiError {
  return new ApiError("the request was aborted", { kind: "aborted", cause: reason, requestId });
}

/** Turns what reading a body failed with into the error that the stream ends with. */
export function toStreamError(cause: unknown, requestId: string | undefined): ApiError {
  if (isApiError(cause)) return cause;
  if (!isTransportError(cause))
    return new ApiError("the stream could not be read", { kind: "stream", requestId, cause });
  if (cause.kind === "aborted") return abortedError(cause.cause, requestId);
  return new ApiError(cause.message, { kind: "stream", code: cause.code, requestId, cause });
}
