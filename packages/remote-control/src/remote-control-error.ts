/**
 * Why a call of remote control failed, as coarse as the reference client tells it.
 *
 * `aborted`: the caller's signal fired; its reason is the `cause`. `would_block`: it may work in a moment, by itself.
 * `interrupted`: something else got in between, such as another login or a call of `disable`.
 */
export type RemoteControlErrorKind =
  | "aborted"
  | "interrupted"
  | "invalid_data"
  | "invalid_input"
  | "not_found"
  | "other"
  | "permission_denied"
  | "timed_out"
  | "would_block";

/**
 * What exactly happened, where callers may want to tell it apart.
 *
 * `account_changed`: another account has logged in meanwhile. `account_id_missing`: the login does not say yet whose it
 * is. `auth_required`: nobody is logged in, or the login is none that may do this. `client_closed`: the client has gone.
 * `closed`: remote control was closed. `disabled`: it is switched off. `disabled_by_requirements`: managed requirements
 * forbid it. `enrollment_mismatch`: the backend answered for another server. `invalid_url`: the base URL is none that is
 * allowed. `message_too_large`: the message cannot be split into few enough parts. `message_unserializable`: it has no
 * JSON form. `no_store`: there is no place to keep an enrolment. `pairing_unavailable`: pairing needs an enrolment that
 * there is not yet. `server_missing`: the backend has forgotten this server.
 */
export type RemoteControlErrorCode =
  | "account_changed"
  | "account_id_missing"
  | "auth_required"
  | "client_closed"
  | "closed"
  | "disabled"
  | "disabled_by_requirements"
  | "enrollment_mismatch"
  | "invalid_url"
  | "message_too_large"
  | "message_unserializable"
  | "no_store"
  | "pairing_unavailable"
  | "server_missing";

/** Facts about a failure. None of them is a credential. */
export interface RemoteControlErrorOptions extends ErrorOptions {
  readonly kind: RemoteControlErrorKind;
  readonly code?: RemoteControlErrorCode | undefined;
  /** HTTP status, when the backend answered. */
  readonly status?: number | undefined;
  /** How long the backend asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/remote-control.RemoteControlError");

/** Thrown by everything in this package that fails. */
export class RemoteControlError extends Error {
  override readonly name = "RemoteControlError";
  readonly kind: RemoteControlErrorKind;
  declare readonly code: RemoteControlErrorCode | undefined;
  /** HTTP status, when the backend answered. */
  declare readonly status: number | undefined;
  /** How long the backend asks to wait, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, cause, ...facts }: RemoteControlErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    // Facts that are unknown are left out, which makes printed errors short.
    Object.assign(this, Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)));
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isRemoteControlError(error: unknown): error is RemoteControlError {
  return typeof error === "object" && error !== null && brand in error;
}

/** The error of a caller whose signal has fired. */
export function abortedError(signal: AbortSignal): RemoteControlError {
  return new RemoteControlError("the call was aborted", { kind: "aborted", cause: signal.reason });
}

/** The error of whoever uses remote control after its end. */
export function closedError(): RemoteControlError {
  return new RemoteControlError("remote control is closed", { kind: "interrupted", code: "closed" });
}
