import type { RequestHeaders, WebSocketTransport } from "@codex-ts/client";
import type { ApiClientOptions } from "./endpoint-session.js";
import type { ResponsesOptions } from "./responses-options.js";
import type { TurnState } from "./turn-state.js";

/** What a {@link ResponsesWebSocketClient} is made from. */
export interface WebSocketClientOptions extends Omit<ApiClientOptions, "transport"> {
  /** Opens the connections. Closing it ends them. */
  readonly transport: WebSocketTransport;
}

/** How a connection is opened. */
export interface WebSocketConnectOptions
  extends Pick<ResponsesOptions, "sessionId" | "sessionSource" | "threadId"> {
  /** Sent with the handshake besides the provider's headers, and instead of those of the same name. */
  readonly headers?: RequestHeaders | undefined;
  /** Ends the attempt to connect, with an error of kind `aborted`. An open connection does not heed it. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Limit in milliseconds for one handshake, with proxy and TLS. 0 turns it off.
   *
   * @defaultValue 15_000
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Whether compression of messages is offered to the server.
   *
   * @defaultValue true
   */
  readonly perMessageDeflate?: boolean | undefined;
  /**
   * Sends a ping so often, in milliseconds, and drops a connection that does not answer. 0 turns it off.
   *
   * @defaultValue 0
   */
  readonly pingIntervalMs?: number | undefined;
}

/** How one response is asked for on a connection. */
export interface WebSocketResponseOptions {
  /** Gets the turn's routing token, as soon as a message carries it. Put its value into `client_metadata` yourself. */
  readonly turnState?: TurnState | undefined;
  /** Ends the response at once, with an error of kind `aborted`. That drops the connection. */
  readonly signal?: AbortSignal | undefined;
}
