import { isTransportError, TransportError, type TransportErrorCode } from "./errors.js";
import { describeTarget, type RequestTarget } from "./request-target.js";

/**
 * Turns a failure of the HTTP stack into ours.
 *
 * @param isConnected - Whether the request was on its way already.
 */
export function toNetworkError(target: RequestTarget, error: Error, isConnected: boolean): TransportError {
  if (isTransportError(error)) return error;
  const reason = reasonOf(error);
  const message = `${describeTarget(target)} failed: ${reason}`;
  const cause = withoutPayload(error);
  const timeout = timeouts.get(codeOf(error));
  if (timeout !== undefined) return new TransportError(message, { kind: "timeout", code: timeout, cause });
  const code = error instanceof ProxyError ? error.code : isConnected ? undefined : "connect_failed";
  return new TransportError(message, { kind: "network", code, detail: reason, cause });
}

/** A proxy that failed, in place of the server. */
export class ProxyError extends Error {
  readonly code: "proxy" | "proxy_407";

  constructor(message: string, code: ProxyError["code"], cause?: Error) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The code of a system or undici error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const timeouts: ReadonlyMap<string | undefined, TransportErrorCode> = new Map([
  ["UND_ERR_BODY_TIMEOUT", "body_timeout"],
  ["UND_ERR_CONNECT_TIMEOUT", "connect_timeout"],
  ["UND_ERR_HEADERS_TIMEOUT", "headers_timeout"],
]);

function reasonOf(error: Error): string {
  // When all addresses of a host refuse, Node throws an AggregateError without a message.
  if (error.message === "" && error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  return error.message || error.name;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * undici's parser error carries the bytes that it could not parse, which may be anything, and Node's TLS error the
 * whole certificate, which fills a screen.
 */
function withoutPayload(error: Error): Error {
  if (!("data" in error) && !("cert" in error)) return error;
  return Object.assign(new Error(error.message), { name: error.name, code: codeOf(error) });
}
