import { isTransportError } from "@codex-ts/client";
import { ApiError } from "./api-error.js";
import { toRequestError } from "./request-error.js";
import { toStreamError } from "./stream-error.js";

/** Turns what a handshake failed with into the error that the call ends with. */
export function toHandshakeError(cause: unknown): ApiError {
  const code = isTransportError(cause) && cause.kind === "build" ? cause.code : undefined;
  const what = code === undefined ? undefined : setUps.get(code);
  if (what === undefined || !isTransportError(cause)) return toRequestError(cause);
  return new ApiError(`failed to ${what}: ${cause.message}`, { kind: "stream", code, cause });
}

/** Turns what reading a response failed with into the error that its stream ends with. */
export function toTurnError(cause: unknown, requestId: string | undefined): ApiError {
  if (!isTransportError(cause)) return toStreamError(cause, requestId);
  if (cause.code === "websocket_closed") {
    const isCut = cause.closeCode === abnormalClosure;
    return new ApiError(
      isCut
        ? "stream closed before response.completed"
        : "websocket closed by server before response.completed",
      { kind: "stream", code: "closed_early", requestId, cause },
    );
  }
  const text = cause.code === undefined ? undefined : texts.get(cause.code);
  if (text === undefined) return toStreamError(cause, requestId);
  return new ApiError(text, { kind: "stream", code: cause.code, requestId, cause });
}

/** No close frame came (RFC 6455 §7.1.5). */
const abnormalClosure = 1006;

// The words of both tables are part of the protocol.
const setUps: ReadonlyMap<string, string> = new Map([
  ["ca", "configure websocket TLS"],
  ["invalid_header", "build websocket request"],
  ["invalid_url", "build websocket URL"],
]);

const idle = "idle timeout waiting for websocket";
const texts: ReadonlyMap<string, string> = new Map([
  ["websocket_binary", "unexpected binary websocket event"],
  ["websocket_event", idle],
  ["websocket_first_event", idle],
  ["websocket_idle", idle],
  ["websocket_send", "idle timeout sending websocket request"],
]);
