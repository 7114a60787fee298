/**
 * What failed, and so what to do next. The README has a line for each kind.
 *
 * - `aborted`: the caller's signal fired. Work that others share goes on.
 * - `account_mismatch`: the stored login now belongs to another account, or is gone.
 * - `agent_identity`: an Agent Identity could not be read, verified or registered.
 * - `agent_identity_unavailable`: the service that registers agents is down; the attempts are used up.
 * - `callback_port`: no port for the browser to come back to can be listened on.
 * - `configuration`: an option or an environment variable cannot be used.
 * - `credential_missing`: the stored login lacks what its mode needs.
 * - `device_login_disabled`: the issuer offers no device code login.
 * - `external`: the host's token callback failed or gave tokens that do not fit.
 * - `invalid_login`: what is stored is no login: truncated, of the wrong shape, or not parsable.
 * - `invalid_token`: a token does not have the form of one.
 * - `lock_timeout`: another process holds the login's lock for too long.
 * - `login_cancelled`: another sign-in on this machine took over the callback port.
 * - `login_denied`: the issuer turned the user away.
 * - `login_failed`: the issuer gave no usable answer during a sign-in. Nothing was stored.
 * - `login_timeout`: nobody completed the sign-in in time.
 * - `not_logged_in`: nobody is signed in.
 * - `personal_access_token`: the facts about an access token could not be had.
 * - `read_only`: the login belongs to another program, and must be refreshed or written there.
 * - `refresh_expired`, `refresh_reused`, `refresh_revoked`, `refresh_rejected`: the token endpoint refuses the
 *   refresh token for good.
 * - `refresh_uncertain`: the refresh token was sent, and the answer was lost.
 * - `refresh_unavailable`: the token endpoint could not be used this time.
 * - `restricted`: the login is not one that the configuration allows.
 * - `revoke`: a token could not be revoked.
 * - `storage`: the credential store could not be read or written.
 * - `token_command`: the command that prints the token failed.
 * - `unsaved`: new tokens are held in memory, but could not be stored.
 */
export type LoginErrorKind =
  | "aborted"
  | "account_mismatch"
  | "agent_identity"
  | "agent_identity_unavailable"
  | "callback_port"
  | "configuration"
  | "credential_missing"
  | "device_login_disabled"
  | "external"
  | "invalid_login"
  | "invalid_token"
  | "lock_timeout"
  | "login_cancelled"
  | "login_denied"
  | "login_failed"
  | "login_timeout"
  | "not_logged_in"
  | "personal_access_token"
  | "read_only"
  | "refresh_expired"
  | "refresh_rejected"
  | "refresh_reused"
  | "refresh_revoked"
  | "refresh_uncertain"
  | "refresh_unavailable"
  | "restricted"
  | "revoke"
  | "storage"
  | "token_command"
  | "unsaved";

/** Facts about a failure. None of them is a secret. */
export interface LoginErrorOptions extends ErrorOptions {
  readonly kind: LoginErrorKind;
  /** @defaultValue false */
  readonly retryable?: boolean | undefined;
  /** HTTP status, when a server answered. */
  readonly status?: number | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/login.LoginError");

/** Thrown by everything in this package. The message says what to do next and never holds a token or key. */
export class LoginError extends Error {
  override readonly name = "LoginError";
  readonly kind: LoginErrorKind;
  /** True when the same call may succeed later without anybody doing anything. */
  readonly retryable: boolean;
  /** HTTP status, when a server answered. */
  readonly status: number | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, retryable = false, status, cause }: LoginErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.retryable = retryable;
    this.status = status;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isLoginError(error: unknown): error is LoginError {
  return typeof error === "object" && error !== null && brand in error;
}

const permanentKinds: ReadonlySet<LoginErrorKind> = new Set([
  "account_mismatch",
  "refresh_expired",
  "refresh_rejected",
  "refresh_reused",
  "refresh_revoked",
]);

/** Tells whether the error says that these tokens can never be refreshed, so that only a new sign-in helps. */
export function isPermanentRefreshFailure(error: unknown): error is LoginError {
  return isLoginError(error) && permanentKinds.has(error.kind);
}
