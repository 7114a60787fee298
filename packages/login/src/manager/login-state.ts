import type { AccountUpdatedNotification } from "@codex-ts/protocol";
import type { LoginError } from "../login-error.js";
import type { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { CodexAuth } from "../modes/codex-auth.js";
import { ChangeFeed } from "./change-feed.js";

/** The login as a manager last read it: one of a login, no login, or the error that stands in the way. */
export class LoginState {
  readonly #changes = new ChangeFeed<AccountUpdatedNotification>();
  #auth: CodexAuth | undefined;
  #error: LoginError | undefined;
  #revision = 0;
  #failure: { readonly generation: string; readonly error: LoginError } | undefined;

  get auth(): CodexAuth | undefined {
    return this.#auth;
  }

  get error(): LoginError | undefined {
    return this.#error;
  }

  /** Grows whenever the login changes in any way, new tokens included. */
  get revision(): number {
    return this.#revision;
  }

  /** The login, or nothing when nobody is signed in. @throws The error that stands in the way. */
  require(): CodexAuth | undefined {
    if (this.#error !== undefined) throw this.#error;
    return this.#auth;
  }

  /**
   * Puts a login in place of the one before.
   *
   * @returns Whether it is another one.
   */
  install(auth: CodexAuth | undefined): boolean {
    const before = this.#auth;
    const isSame =
      this.#error === undefined && (auth === undefined ? before === undefined : isEqual(auth, before));
    this.#error = undefined;
    if (isSame) return false;
    this.#auth = auth;
    this.#revision += 1;
    this.#failure = undefined;
    if (accountKey(auth) !== accountKey(before)) this.#changes.publish(this.account());
    return true;
  }

  /** Keeps an error in place of a login. Until another login is installed, nothing is signed. */
  fail(error: LoginError): void {
    this.#error = error;
    this.#revision += 1;
  }

  /** Who is signed in, as hosts are told. */
  account(): AccountUpdatedNotification {
    const { mode = null, accountPlanType = null } = this.#auth ?? {};
    return { authMode: mode, planType: accountPlanType };
  }

  changes(signal: AbortSignal | undefined): AsyncIterableIterator<AccountUpdatedNotification> {
    return this.#changes.subscribe(signal);
  }

  /** Why these tokens cannot be refreshed any more, if that is known. */
  failureOf(auth: ChatgptAuth): LoginError | undefined {
    return this.#failure?.generation === auth.generation ? this.#failure.error : undefined;
  }

  recordFailure(auth: ChatgptAuth, error: LoginError): void {
    this.#failure = { generation: auth.generation, error };
  }
}

function isEqual(auth: CodexAuth, before: CodexAuth | undefined): boolean {
  return before !== undefined && auth.mode === before.mode && auth.equals(before);
}

function accountKey(auth: CodexAuth | undefined): string | undefined {
  return auth && JSON.stringify([auth.mode, auth.accountId, auth.userId, auth.planType]);
}
