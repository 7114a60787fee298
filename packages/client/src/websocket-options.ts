import type { AuthProvider } from "@codex-ts/auth-provider";
import { checkInteger, checkTimeLimit } from "./number-options.js";
import type { RequestHeaders } from "./request.js";
import type { RequestTelemetry } from "./telemetry.js";

/** Where a WebSocket goes to. */
export interface WebSocketRequest {
  /** Absolute `ws:` or `wss:` URL; `http:` and `https:` mean the same. */
  readonly url: string;
  /** Sent with the handshake. Win over the transport's default headers, and lose to those of the credential. */
  readonly headers?: RequestHeaders | undefined;
}

/** How a WebSocket is opened, and how it lives. Time limits are milliseconds; 0 and Infinity switch them off. */
export interface WebSocketOptions {
  /**
   * Whose headers the handshake gets, anew after a recovery from a 401.
   *
   * @defaultValue unauthenticated
   */
  readonly auth?: AuthProvider | undefined;
  /** Ends the attempt to connect, with an error of kind `aborted`. An open connection does not heed it. */
  readonly signal?: AbortSignal | undefined;
  /** Hooks for the handshake, called after those of the transport. */
  readonly telemetry?: RequestTelemetry | undefined;
  /**
   * Limit for one handshake, from the first packet to the server's answer, with proxy and TLS.
   *
   * @defaultValue 15_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Whether compression of messages is offered to the server (RFC 7692).
   *
   * @defaultValue true
   */
  readonly perMessageDeflate?: boolean | undefined;
  /**
   * Largest message that is accepted, counted after decompression. A larger one ends the connection.
   *
   * @defaultValue 67_108_864 (64 MiB)
   */
  readonly maxMessageBytes?: number | undefined;
  /**
   * What to do about binary messages: `refuse` ends the connection, `skip` goes on without them.
   *
   * @defaultValue "refuse"
   */
  readonly binaryMessages?: "refuse" | "skip" | undefined;
  /**
   * Sends a ping so often.
   *
   * @defaultValue 0 (never)
   */
  readonly pingIntervalMs?: number | undefined;
  /**
   * A connection has ended when it showed no life for so long after a ping, counted in whole intervals.
   *
   * @defaultValue the value of `pingIntervalMs`
   */
  readonly pingTimeoutMs?: number | undefined;
}

/** {@link WebSocketOptions} that outlive the handshake, with their defaults. */
export interface WebSocketSettings {
  readonly perMessageDeflate: boolean;
  readonly maxMessageBytes: number;
  readonly binaryMessages: "refuse" | "skip";
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
}

/** @throws TypeError which names the option and the expectation. */
export function toWebSocketSettings(options: WebSocketOptions): WebSocketSettings {
  checkTimeLimit("connectTimeoutMs", options.connectTimeoutMs);
  checkTimeLimit("pingIntervalMs", options.pingIntervalMs);
  checkTimeLimit("pingTimeoutMs", options.pingTimeoutMs);
  checkInteger("maxMessageBytes", options.maxMessageBytes, 1);
  const { perMessageDeflate = true, maxMessageBytes = 64 * 1024 * 1024, pingIntervalMs = 0 } = options;
  const { binaryMessages = "refuse" } = options;
  if (binaryMessages !== "refuse" && binaryMessages !== "skip")
    throw new TypeError('"binaryMessages" must be "refuse" or "skip"');
  const pingTimeoutMs = (options.pingTimeoutMs ?? pingIntervalMs) || Number.POSITIVE_INFINITY;
  return { perMessageDeflate, maxMessageBytes, binaryMessages, pingIntervalMs, pingTimeoutMs };
}
