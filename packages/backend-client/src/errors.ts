/**
 * Why a call gave no usable answer.
 *
 * `aborted`: the caller's signal fired. `auth`: there is no login, or none that uses the Codex backend, or its
 * credential cannot be put on a request; nothing was sent. `decode`: the answer is not what the endpoint promises. `routing`: an account cannot be
 * routed to its workspace. `status`: the server refused. `timeout`: a time limit elapsed. `transport`: no answer came.
 */
export type BackendErrorKind = "aborted" | "auth" | "decode" | "routing" | "status" | "timeout" | "transport";

/** Facts about a failure. None of them is a credential. */
export interface BackendErrorOptions extends ErrorOptions {
  readonly kind: BackendErrorKind;
  /** HTTP status, when the server refused the request. */
  readonly status?: number | undefined;
  /** Id under which the server knows the exchange. */
  readonly requestId?: string | undefined;
  readonly method?: string | undefined;
  /** Without query. */
  readonly url?: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/backend-client.BackendError");

/** Thrown by this package when a call gave no usable answer. The message holds nothing that the server sent. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  readonly kind: BackendErrorKind;
  /** HTTP status, when the server refused the request. */
  declare readonly status: number | undefined;
  /** Id under which the server knows the exchange. Worth quoting to its support. */
  declare readonly requestId: string | undefined;
  declare readonly method: string | undefined;
  /** What was asked for, without query. */
  declare readonly url: string | undefined;
  /** How long the server asks to wait before another try, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;
  /** Content type of the answer, empty if it named none; undefined without an answer. Not enumerable. */
  declare readonly contentType: string | undefined;
  /** Text of the answer, cut when it is long. Not enumerable, so that a logger does not dump it. */
  declare readonly body: string | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, cause, contentType, body, ...facts }: BackendErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    // Facts that are unknown are left out, which makes printed errors short.
    Object.assign(this, Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)));
    Object.defineProperties(this, {
      contentType: { value: contentType },
      body: { value: body },
      [brand]: { value: true },
    });
  }

  /** Whether the server refused the credential: status 401. */
  get isUnauthorized(): boolean {
    return this.status === 401;
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isBackendError(error: unknown): error is BackendError {
  return typeof error === "object" && error !== null && brand in error;
}

/**
 * Renders an error as the reference client displays it: `GET <url> failed: 404 Not Found; content-type=…; body=…`.
 *
 * The text holds the whole body of the answer, as far as it is known. Use `message` for logs.
 */
export function backendErrorText({ message, contentType, body }: BackendError): string {
  return body === undefined ? message : `${message}; content-type=${contentType ?? ""}; body=${body}`;
}
