import { setTimeout as sleep } from "node:timers/promises";
import type { Transport } from "@codex-ts/client";
import { isLoginError, isPermanentRefreshFailure, LoginError } from "../login-error.js";
import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { OAuthProfile } from "../oauth/oauth-profile.js";
import { type RefreshedTokens, type RefreshReason, requestRefresh } from "../oauth/refresh-request.js";
import { revokeTokens } from "../oauth/revoke.js";
import { type AuthJson, storedAuthMode } from "../storage/auth-json.js";
import type { AuthStorage } from "../storage/auth-storage.js";
import { type HeldLock, type LockOptions, MachineLock } from "../storage/machine-lock.js";

/** What a refresh works with. */
export interface RefreshContext {
  readonly storage: AuthStorage;
  readonly lockOptions: LockOptions;
  readonly transport: Transport;
  readonly profile: OAuthProfile;
  readonly clock: () => number;
  /** Limit for the request itself. */
  readonly timeoutMs: number;
  /** How long to look for another program's tokens after the endpoint said that ours were used. */
  readonly reuseGraceMs: number;
}

/** Which tokens are to be refreshed, and why. */
export interface RefreshOrder {
  readonly target: ChatgptAuth;
  readonly reason: RefreshReason | undefined;
  /** Whether to send a refresh token again whose first exchange ended in nobody knows what. */
  readonly repeatUncertain: boolean;
  /** Raised in place of a request, when there is no other way than a request. */
  readonly veto: LoginError | undefined;
}

/** What came of it. */
export interface RefreshResult {
  /** `adopted`: somebody else had refreshed, and no request was made. */
  readonly outcome: "adopted" | "refreshed";
  readonly auth: ChatgptAuth;
  /** Why the new tokens are in memory only. */
  readonly unsaved?: LoginError;
}

/**
 * Refreshes a stored login as one transaction that all processes of the machine take part in: whoever gets the lock
 * reads the login again, and sends a request only if its tokens are still those that are to be refreshed. All others
 * adopt what they find.
 *
 * Nobody can cancel it: an exchange that has begun uses up the refresh token, so its answer must be stored.
 *
 * @throws {@link LoginError} of kind `account_mismatch` when the stored login has become another one or is gone, of
 * the kinds of {@link requestRefresh}, `credential_missing`, `lock_timeout`, `storage`, `invalid_login`.
 */
export async function refreshLogin(context: RefreshContext, order: RefreshOrder): Promise<RefreshResult> {
  const transaction = new RefreshTransaction(context, order);
  const { lockFile } = context.storage;
  if (lockFile === undefined) return (await transaction.findWinner()) ?? (await transaction.exchange());
  const lock = new MachineLock(lockFile, context.lockOptions);
  const held: HeldLock | { readonly done: RefreshResult } = await lock.acquire(() =>
    transaction.findWinner(),
  );
  if ("done" in held) return held.done;
  try {
    return (await transaction.findWinner()) ?? (await transaction.exchange());
  } finally {
    await held.release();
  }
}

/** Exchanges of this process whose answers were lost, by the generation of their tokens. */
const uncertainExchanges = new Map<string, LoginError>();

class RefreshTransaction {
  readonly #context: RefreshContext;
  readonly #order: RefreshOrder;

  constructor(context: RefreshContext, order: RefreshOrder) {
    this.#context = context;
    this.#order = order;
  }

  /** Returns newer tokens of the same account, if some are stored. */
  async findWinner(): Promise<RefreshResult | undefined> {
    const auth = this.#sameLogin(await this.#context.storage.load());
    if (auth.generation !== this.#order.target.generation) return { outcome: "adopted", auth };
    if (this.#order.veto !== undefined) throw this.#order.veto;
    return undefined;
  }

  /** Sends the request and stores what comes back. */
  async exchange(): Promise<RefreshResult> {
    const { target, repeatUncertain } = this.#order;
    const { refresh_token: refreshToken } = target.tokenData();
    if (refreshToken === "") throw withoutRefreshToken();
    const uncertain = uncertainExchanges.get(target.generation);
    if (uncertain !== undefined && !repeatUncertain) throw uncertain;
    try {
      const tokens = await this.#request(refreshToken);
      uncertainExchanges.delete(target.generation);
      return await this.#store(tokens);
    } catch (error) {
      if (isLoginError(error) && error.kind === "refresh_uncertain") {
        uncertainExchanges.set(target.generation, error);
      }
      const winner = isPermanentRefreshFailure(error) ? await this.#awaitWinner(error) : undefined;
      if (winner === undefined) throw error;
      return winner;
    }
  }

  #request(refreshToken: string): Promise<RefreshedTokens> {
    const { transport, profile, timeoutMs } = this.#context;
    const { reason } = this.#order;
    return requestRefresh({ transport, profile, refreshToken, reason, timeoutMs });
  }

  /**
   * Looks for tokens of somebody who does not know our lock, such as the Codex CLI: it may have used the refresh
   * token a moment before us, and be about to store what it got.
   */
  async #awaitWinner(refusal: LoginError): Promise<RefreshResult | undefined> {
    const graceMs = refusal.kind === "refresh_reused" ? this.#context.reuseGraceMs : 0;
    const giveUpAtMs = performance.now() + graceMs;
    for (;;) {
      const auth = this.#sameLogin(await this.#context.storage.load());
      if (auth.generation !== this.#order.target.generation) return { outcome: "adopted", auth };
      if (performance.now() >= giveUpAtMs) return undefined;
      await sleep(winnerPollMs);
    }
  }

  async #store(tokens: RefreshedTokens): Promise<RefreshResult> {
    const { storage, clock } = this.#context;
    const { target } = this.#order;
    const lastRefresh = new Date(clock()).toISOString();
    let stored: AuthJson | undefined;
    try {
      stored = await storage.load();
      const current = this.#sameLogin(stored);
      // Somebody signed in again, or took over our lock: theirs stays, and ours must not live on unseen.
      if (current.generation !== target.generation) {
        await this.#revoke(tokens);
        return { outcome: "adopted", auth: current };
      }
      const renewed = renew(current.stored(), tokens, lastRefresh);
      await storage.save(renewed);
      return { outcome: "refreshed", auth: new ChatgptAuth(renewed, "chatgpt") };
    } catch (error) {
      if (!isLoginError(error) || error.kind === "account_mismatch") {
        await this.#revoke(tokens);
        throw error;
      }
      const renewed = renew(target.stored(), tokens, lastRefresh);
      return { outcome: "refreshed", auth: new ChatgptAuth(renewed, "chatgpt"), unsaved: notSaved(error) };
    }
  }

  /** As well as it can: these tokens belong to a login that is no more. */
  async #revoke(tokens: RefreshedTokens): Promise<void> {
    const { transport, profile } = this.#context;
    const unwanted = renew(this.#order.target.stored(), tokens, "");
    await revokeTokens({ ...unwanted, auth_mode: "chatgpt" }, { transport, profile }).catch(() => {});
  }

  #sameLogin(stored: AuthJson | undefined): ChatgptAuth {
    const { target } = this.#order;
    if (stored === undefined || storedAuthMode(stored) !== "chatgpt") throw accountMismatch();
    const auth = new ChatgptAuth(stored, "chatgpt");
    if (!isSameAccount(auth, target)) throw accountMismatch();
    return auth;
  }
}

const winnerPollMs = 50;

/** Tells whether two logins are of one account, and of one user where the account is a workspace. */
export function isSameAccount(one: ChatgptAuth, other: ChatgptAuth): boolean {
  return one.accountId === other.accountId && one.userId === other.userId;
}

/** The error of tokens whose login has been removed or replaced by another one. */
export function accountMismatch(): LoginError {
  return new LoginError(
    "Your access token could not be refreshed because you have since logged out or signed in to another account. " +
      "Please sign in again.",
    { kind: "account_mismatch" },
  );
}

function renew(stored: AuthJson, tokens: RefreshedTokens, lastRefresh: string): AuthJson {
  const old = stored.tokens ?? { id_token: "", access_token: "", refresh_token: "" };
  return { ...stored, tokens: { ...old, ...tokens }, last_refresh: lastRefresh };
}

function withoutRefreshToken(): LoginError {
  return new LoginError("the login has no refresh token, so it ends with its access token; sign in again", {
    kind: "credential_missing",
  });
}

function notSaved(cause: LoginError): LoginError {
  return new LoginError(
    `new tokens were issued, but could not be stored: ${cause.message}; this process goes on with them, others cannot; ` +
      "make the storage work again and call reload, else sign in again",
    { kind: "unsaved", cause },
  );
}
