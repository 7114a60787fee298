/**
 * Why an exchange gave no usable answer.
 *
 * `http`: the server answered with a status outside 200–299. `timeout`: a time limit of ours elapsed.
 * `network`: the connection, the protocol or the body failed. `build`: the request could not be made, so nothing
 * was sent, or not all of a streamed body. `aborted`: the caller's signal fired. `retry_limit`: all attempts are used
 * up and none left an error.
 */
export type TransportErrorKind = "aborted" | "build" | "http" | "network" | "retry_limit" | "timeout";

/** What exactly happened, where the kind alone is too coarse. */
export type TransportErrorCode =
  // the credential: build, or network if it may work when tried again
  | "auth"
  | "recovery_failed"
  // build
  | "ca"
  | "closed"
  | "compression"
  | "invalid_body"
  | "invalid_header"
  | "invalid_proxy_config"
  | "unsupported_proxy_scheme"
  // http
  | "html_answer"
  | "redirect_refused"
  | "usage_limit_reached"
  // network
  | "connect_failed"
  | "content_decoding"
  | "invalid_redirect"
  | "invalid_url"
  | "proxy"
  | "proxy_407"
  | "response_too_large"
  | "sse_oversize"
  | "sse_utf8"
  | "too_many_redirects"
  | "websocket_binary"
  | "websocket_closed"
  | "websocket_handshake"
  | "websocket_oversize"
  | "websocket_protocol"
  // timeout
  | "body_timeout"
  | "connect_timeout"
  | "headers_timeout"
  | "request_timeout"
  | "sse_event"
  | "sse_first_event"
  | "sse_idle"
  | "websocket_event"
  | "websocket_first_event"
  | "websocket_idle"
  | "websocket_ping"
  | "websocket_send";

/** Facts about a failure. None of them is a credential. */
export interface TransportErrorOptions extends ErrorOptions {
  readonly kind: TransportErrorKind;
  readonly code?: TransportErrorCode | undefined;
  /** HTTP status, when the server answered. */
  readonly status?: number | undefined;
  /** The URL as requested, without user name, password, query and fragment. */
  readonly url?: string | undefined;
  /** Headers of the answer. */
  readonly headers?: Headers | undefined;
  /** Text of the answer, cut when it is long. */
  readonly body?: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** When a used-up limit starts anew. */
  readonly resetsAt?: Date | undefined;
  /** Id under which the server knows the exchange. */
  readonly requestId?: string | undefined;
  /** Code of the frame with which the server closed a WebSocket; 1006 when it sent none (RFC 6455 §7.4.1). */
  readonly closeCode?: number | undefined;
  /** Text that {@link transportErrorText} shows in place of the message. */
  readonly detail?: string | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/client.TransportError");

/** Thrown by a transport and by its stream decoders when an exchange gave no usable answer. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly kind: TransportErrorKind;
  declare readonly code: TransportErrorCode | undefined;
  /** HTTP status, when the server answered. */
  declare readonly status: number | undefined;
  /** The URL as requested, without user name, password, query and fragment. */
  declare readonly url: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;
  /** When a used-up limit starts anew. Set for code `usage_limit_reached` when the server says so. */
  declare readonly resetsAt: Date | undefined;
  /** Id under which the server knows the exchange. */
  declare readonly requestId: string | undefined;
  /** Code with which a WebSocket was closed; 1006 when no close frame came. */
  declare readonly closeCode: number | undefined;
  /** Headers of the answer. Not enumerable, so that a logger does not dump them. */
  declare readonly headers: Headers | undefined;
  /** Text of the answer, cut when it is long. Not enumerable, so that a logger does not dump it. */
  declare readonly body: string | undefined;
  /** @internal */
  declare readonly detail: string | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, headers, body, detail, cause, ...facts }: TransportErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    // Facts that are unknown are left out, which makes printed errors short.
    Object.assign(this, Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)));
    Object.defineProperties(this, {
      headers: { value: headers },
      body: { value: body },
      detail: { value: detail },
      [brand]: { value: true },
    });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isTransportError(error: unknown): error is TransportError {
  return typeof error === "object" && error !== null && brand in error;
}
