import {
  AuthError,
  type AuthProvider,
  type AuthRejection,
  type AuthSource,
  applyAuth,
  isAuthError,
} from "@codex-ts/auth-provider";
import { isHeaderValue } from "./header-value.js";
import type { LoginWatch } from "./login-watch.js";
import { abortable } from "./pulse.js";
import { abortedError, isRemoteControlError, RemoteControlError } from "./remote-control-error.js";

/**
 * Where remote control gets its credential from. Any `AuthSource` will do; what else is there, as `AuthManager` of
 * `@codex-ts/login` has it, lets remote control notice a change at once.
 */
export interface RemoteControlAuth extends AuthSource {
  /** Grows whenever the login changes. */
  readonly revision?: number;
  /** Reads the login again from where it is stored. */
  reload?(signal?: AbortSignal): Promise<unknown>;
  /** Yields something whenever somebody else has logged in, or out. */
  changes?(signal?: AbortSignal): AsyncIterable<unknown>;
}

/** The account that a call is made for. */
export interface RemoteAccount {
  readonly accountId: string;
  /** Signs for this account and no other. */
  readonly auth: AuthProvider;
}

/**
 * Reads the login, once more from its store if it is not one that remote control can use.
 *
 * @throws {@link RemoteControlError} of kind `permission_denied`, code `auth_required`; `would_block`, code
 * `account_id_missing`; `invalid_input` for an account id that is none.
 */
export async function loadAccount(
  watch: LoginWatch,
  signal: AbortSignal | undefined,
): Promise<RemoteAccount> {
  const { source } = watch;
  let login = await readLogin(source, signal);
  if (login === undefined || (login.usesCodexBackend && !login.account.accountId)) {
    await reload(source, signal);
    login = await readLogin(source, signal);
  }
  if (login === undefined) throw authRequired("remote control requires ChatGPT authentication");
  if (!login.usesCodexBackend)
    throw authRequired("remote control requires ChatGPT authentication; API key auth is not supported");
  const { accountId } = login.account;
  if (!accountId) {
    throw new RemoteControlError("remote control enrollment is waiting for a ChatGPT account id", {
      kind: "would_block",
      code: "account_id_missing",
    });
  }
  checkAccountId(accountId);
  return { accountId, auth: accountAuth(watch, accountId) };
}

const accountHeader = "chatgpt-account-id";

/**
 * Signs with the newest login as long as that is one of the account, and names the account. A recovery that ends with
 * another account signs nothing.
 */
function accountAuth(watch: LoginWatch, accountId: string): AuthProvider {
  const { source } = watch;
  return {
    addAuthHeaders() {
      // Which login it is can only be asked asynchronously.
      throw new AuthError("remote control signs complete requests only", { kind: "build" });
    },
    async applyAuth(request) {
      const login = await source.current();
      if (login?.usesCodexBackend !== true || login.account.accountId !== accountId)
        throw new AuthError(accountChanged, { kind: "build" });
      const signed = await applyAuth(login.provider, request);
      signed.headers.set(accountHeader, accountId);
      return signed;
    },
    recover: (rejection) => recoverLogin(watch, rejection),
  };
}

/** Asks the login for a step of recovery, which is then no change that anybody else has to hear of. */
export function recoverLogin(watch: LoginWatch, rejection: AuthRejection): Promise<boolean> {
  const { provider } = watch.source;
  return watch.duringRecovery(async () => (await provider.recover?.(rejection)) === true);
}

const accountChanged = "another account has logged in";

/** Tells whether a credential was refused by {@link loadAccount}'s provider because it is of another account. */
export function isAccountChange(error: unknown): boolean {
  return error instanceof Error && isAuthError(error.cause) && error.cause.message === accountChanged;
}

async function readLogin(source: AuthSource, signal: AbortSignal | undefined) {
  return guarded(() => source.current(signal), signal);
}

async function reload(source: RemoteControlAuth, signal: AbortSignal | undefined): Promise<void> {
  await guarded(async () => source.reload?.(signal), signal);
}

async function guarded<Value>(read: () => Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  try {
    return await abortable(read(), signal);
  } catch (error) {
    if (isRemoteControlError(error)) throw error;
    if (signal?.aborted) throw abortedError(signal);
    // Only its name: what a login fails with may hold a credential.
    const name = error instanceof Error ? error.name : typeof error;
    throw new RemoteControlError(`the login could not be read (${name})`, { kind: "other", cause: error });
  }
}

function checkAccountId(accountId: string): void {
  if (isHeaderValue(accountId)) return;
  throw new RemoteControlError(
    "invalid remote control account id header: it holds a character that a header cannot carry",
    { kind: "invalid_input" },
  );
}

function authRequired(message: string): RemoteControlError {
  return new RemoteControlError(message, { kind: "permission_denied", code: "auth_required" });
}
