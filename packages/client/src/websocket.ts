import type { WebSocketOptions, WebSocketRequest } from "./websocket-options.js";

/** Opens WebSockets. What {@link createTransport} makes is one. */
export interface WebSocketTransport {
  /**
   * Opens a WebSocket (RFC 6455).
   *
   * The handshake carries the transport's default headers and the credential. A 401 is answered by the credential's
   * recovery, as for requests; a redirect is never followed, and nothing is tried again.
   *
   * @returns The connection, once the server has agreed to it.
   * @throws {@link TransportError} whose `kind` says why; `http` with `status`, `headers` and `body` if the server
   * answered with anything but a WebSocket.
   */
  connectWebSocket(request: WebSocketRequest, options?: WebSocketOptions): Promise<WebSocketConnection>;
}

/**
 * An open WebSocket for text. It keeps the process alive until it is closed.
 *
 * Pings are answered. A reader that is slow slows the server: beyond a small buffer nothing is read ahead of it.
 */
export interface WebSocketConnection extends AsyncDisposable {
  /** Where the connection goes to, without user name, password and query. */
  readonly url: string;
  /** Headers of the server's answer to the handshake. */
  readonly headers: Headers;
  /** Whether messages are compressed. */
  readonly isCompressed: boolean;
  /** False from the moment in which either side closed the connection, or it was lost. */
  readonly isOpen: boolean;
  /** Why the connection was lost, once it is. Nothing after {@link WebSocketConnection.close}. */
  readonly failure: Error | undefined;
  /**
   * Sends a text message.
   *
   * @returns When all of it is handed to the operating system.
   * @throws {@link TransportError} of kind `network`, code `websocket_closed`, or of kind `timeout`, code
   * `websocket_send`. The connection has ended then.
   */
  send(text: string, options?: WebSocketSendOptions): Promise<void>;
  /**
   * Reads messages: all that have arrived at once, never an empty list. Ends when the connection was closed from
   * here, and rejects with a {@link TransportError} when it ended in any other way; all that came before is delivered
   * first.
   *
   * `return()` ends the reading only: the connection stays open, for another reader to go on.
   *
   * @throws TypeError when a limit is none, or while there is another reader.
   */
  messages(options?: WebSocketReadOptions): AsyncIterableIterator<readonly string[], undefined>;
  /**
   * Closes the connection: tells the server, and waits for it to agree.
   *
   * @returns When the socket is gone, after `timeoutMs` in any case. Never rejects.
   */
  close(options?: WebSocketCloseOptions): Promise<void>;
  /** Cuts the connection at once, without telling the server. Safe to call at any time. */
  terminate(): void;
}

/** How a message is sent. */
export interface WebSocketSendOptions {
  /**
   * Limit in milliseconds; 0 and Infinity switch it off.
   *
   * @defaultValue 0
   */
  readonly timeoutMs?: number | undefined;
}

/** How long a reader waits, in milliseconds. 0 and Infinity switch a limit off. */
export interface WebSocketReadOptions {
  /**
   * Longest silence. Pings count as life.
   *
   * @defaultValue 300_000
   */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Longest wait for the next message, whatever else arrives.
   *
   * @defaultValue 0
   */
  readonly eventTimeoutMs?: number | undefined;
  /**
   * Longest wait for the first message.
   *
   * @defaultValue the value of `eventTimeoutMs`
   */
  readonly firstEventTimeoutMs?: number | undefined;
}

/** How a connection is closed. */
export interface WebSocketCloseOptions {
  /**
   * Sent to the server: 1000, or 3000 to 4999.
   *
   * @defaultValue 1000
   */
  readonly code?: number | undefined;
  /** At most 123 bytes. */
  readonly reason?: string | undefined;
  /**
   * How long the server has to agree, in milliseconds.
   *
   * @defaultValue 1000
   */
  readonly timeoutMs?: number | undefined;
}
