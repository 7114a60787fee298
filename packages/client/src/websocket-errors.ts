import { TransportError, type TransportErrorCode } from "./errors.js";
import { codeOf } from "./network-error.js";
import { describeTarget, type RequestTarget } from "./request-target.js";
import type { ReadLimit } from "./sse-clock.js";

/** No close frame came (RFC 6455 §7.1.5). */
const abnormalClosure = 1006;
const longestReason = 123;

/** The server closed the connection, or it was lost. */
export function closedError(target: RequestTarget, code: number, reason: Uint8Array): TransportError {
  if (code === abnormalClosure) {
    return new TransportError(`${describeTarget(target)} was cut`, {
      kind: "network",
      code: "websocket_closed",
      closeCode: code,
    });
  }
  const text = Buffer.from(reason).toString().slice(0, longestReason);
  const quote = text === "" ? "" : `: ${JSON.stringify(text)}`;
  return new TransportError(`${describeTarget(target)} was closed by the server with code ${code}${quote}`, {
    kind: "network",
    code: "websocket_closed",
    closeCode: code,
  });
}

/** Turns what an open WebSocket fails with into our error. */
export function brokenError(target: RequestTarget, cause: Error): TransportError {
  const libraryCode = codeOf(cause) ?? "";
  const isLost = !libraryCode.startsWith("WS_ERR");
  const code = isLost ? "websocket_closed" : (protocolCodes.get(libraryCode) ?? "websocket_protocol");
  const message = `${describeTarget(target)} failed: ${cause.message}`;
  return new TransportError(message, {
    kind: "network",
    code,
    closeCode: isLost ? abnormalClosure : undefined,
    detail: cause.message,
    cause,
  });
}

/** A message of a kind that nobody asked for. */
export function binaryError(target: RequestTarget): TransportError {
  return new TransportError(`${describeTarget(target)} sent a binary message`, {
    kind: "network",
    code: "websocket_binary",
  });
}

/** A connection that is closed already was to be used. */
export function notOpenError(target: RequestTarget, cause: Error | undefined): TransportError {
  const message = `${describeTarget(target)} is closed`;
  return new TransportError(message, { kind: "network", code: "websocket_closed", cause });
}

/** A limit of a reader ran out. */
export function readTimeoutError(target: RequestTarget, limit: ReadLimit): TransportError {
  const message = `${describeTarget(target)} timed out: ${readLimits[limit]}`;
  return new TransportError(message, { kind: "timeout", code: `websocket_${limit}` });
}

/** A message could not be sent in time, or a ping was not answered in time. */
export function deadError(target: RequestTarget, code: "websocket_ping" | "websocket_send"): TransportError {
  const what = code === "websocket_ping" ? "a ping was not answered" : "a message could not be sent";
  return new TransportError(`${describeTarget(target)} timed out: ${what}`, { kind: "timeout", code });
}

const readLimits: Readonly<Record<ReadLimit, string>> = {
  event: "no message came",
  first_event: "no first message came",
  idle: "it was silent",
};

const protocolCodes: ReadonlyMap<string, TransportErrorCode> = new Map([
  ["WS_ERR_UNSUPPORTED_MESSAGE_LENGTH", "websocket_oversize"],
  ["WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH", "websocket_oversize"],
]);
