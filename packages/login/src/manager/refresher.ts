import { abortable } from "../abortable.js";
import { isLoginError, isPermanentRefreshFailure, LoginError } from "../login-error.js";
import type { LoginContext } from "../logins/login-context.js";
import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { CodexAuth } from "../modes/codex-auth.js";
import type { RefreshReason } from "../oauth/refresh-request.js";
import { accountMismatch, isSameAccount, type RefreshResult } from "../refresh/refresh-transaction.js";
import { shareRefresh } from "../refresh/shared-refresh.js";
import { type AuthJson, storedAuthMode } from "../storage/auth-json.js";
import { ClockLead } from "../tokens/clock-lead.js";
import type { LoginState } from "./login-state.js";
import { type LoginTelemetry, report } from "./login-telemetry.js";

/** Settings of a {@link Refresher}. */
export interface RefresherOptions {
  /** Whether the login belongs to another program, which refreshes it. */
  readonly readOnly: boolean;
  readonly timeoutMs: number;
  readonly reuseGraceMs: number;
  readonly telemetry: LoginTelemetry | undefined;
}

/** What a caller wants of a refresh. */
export interface RefreshRequestOptions {
  readonly reason: RefreshReason | undefined;
  readonly repeatUncertain: boolean;
  readonly signal: AbortSignal | undefined;
}

/** After a failure, tokens that are still good are used this long before the next try. */
const pauseWhileValidMs = 30_000;
/** After a failure, requests with tokens that are no longer good fail this long without another try. */
const pauseWhenExpiredMs = 1000;
/** Requests that are refused this soon after new tokens came were sent with the old ones. */
const stragglerMs = 10_000;

/** Keeps the tokens of a ChatGPT login fresh: before requests, after a 401, and when a caller asks. */
export class Refresher {
  readonly #context: LoginContext;
  readonly #state: LoginState;
  readonly #options: RefresherOptions;
  readonly #clockLead = new ClockLead();
  #running: Promise<void> | undefined;
  #rereading: Promise<boolean> | undefined;
  #renewedAtMs = Number.NEGATIVE_INFINITY;
  #failed: { readonly generation: string; readonly error: unknown; readonly atMs: number } | undefined;
  /** Tokens that could not be stored, and the generation that they replace. */
  #unsaved: { readonly replaces: string; readonly auth: ChatgptAuth } | undefined;

  constructor(context: LoginContext, state: LoginState, options: RefresherOptions) {
    this.#context = context;
    this.#state = state;
    this.#options = options;
  }

  /** Tells whether the tokens should be refreshed before they are used. Cheap: asked before each request. */
  isDue(auth: CodexAuth): auth is ChatgptAuth {
    return isManaged(auth) && this.#now() >= auth.schedule.refreshAtMs;
  }

  /**
   * Refreshes tokens that are due. When that fails, tokens that are still good are good enough.
   *
   * @throws What the refresh throws, when the access token has expired.
   */
  async freshen(): Promise<void> {
    // Twice: another process may have stored tokens that are due by now themselves.
    for (let round = 0; round < 2; round += 1) {
      const { auth } = this.#state;
      if (auth === undefined || !this.isDue(auth)) return;
      const isExpired = this.#now() >= auth.schedule.expiresAtMs;
      const failure = this.#recentFailure(auth, isExpired ? pauseWhenExpiredMs : pauseWhileValidMs);
      if (failure === undefined) {
        await this.#tryToFreshen(auth, isExpired);
      } else {
        if (isExpired) throw failure.error;
        return;
      }
    }
  }

  /** Refreshes the tokens now, unless somebody else already has. Other logins need nothing. */
  async refresh({ signal, ...options }: RefreshRequestOptions): Promise<void> {
    this.#running ??= this.#run(options).finally(() => {
      this.#running = undefined;
    });
    await abortable(this.#running, signal);
  }

  /** Refreshes after a 401, unless tokens have come only just now: then the request was sent with the ones before. */
  async refreshAfterRejection(signal: AbortSignal | undefined): Promise<void> {
    if (performance.now() - this.#renewedAtMs < stragglerMs) return;
    await withoutUnsaved(this.refresh({ reason: "unauthorized_recovery", repeatUncertain: false, signal }));
  }

  /**
   * Reads the stored tokens again, if they are of the same account.
   *
   * @returns Whether they are other ones.
   * @throws {@link LoginError} of kind `account_mismatch`; then the login stays as it is.
   */
  async reread(signal: AbortSignal | undefined): Promise<boolean> {
    this.#rereading ??= this.#reread().finally(() => {
      this.#rereading = undefined;
    });
    return await abortable(this.#rereading, signal);
  }

  /** Decides what to make of a stored login: one that our unsaved tokens replace is not taken over. */
  async settleStored(auth: CodexAuth | undefined): Promise<CodexAuth | undefined> {
    const unsaved = this.#unsaved;
    if (unsaved === undefined) return auth;
    if (!(auth instanceof ChatgptAuth) || auth.generation !== unsaved.replaces) {
      this.#unsaved = undefined;
      return auth;
    }
    const { storage, locked } = this.#context;
    const { tokens, last_refresh } = unsaved.auth.stored();
    try {
      await locked(() => storage.save({ ...auth.stored(), tokens, last_refresh }));
      this.#unsaved = undefined;
    } catch {
      // They stay in memory, as the refresh has told, and are stored with the next reading that can.
    }
    return unsaved.auth;
  }

  /** Forgets tokens that could not be stored, at logout. */
  forget(): void {
    this.#unsaved = undefined;
  }

  #now(): number {
    return this.#context.clock() - this.#clockLead.ms;
  }

  #recentFailure({ generation }: ChatgptAuth, pauseMs: number): { readonly error: unknown } | undefined {
    const failed = this.#failed;
    if (failed?.generation !== generation) return undefined;
    return performance.now() - failed.atMs < pauseMs ? failed : undefined;
  }

  async #tryToFreshen(auth: ChatgptAuth, isExpired: boolean): Promise<void> {
    const { reason } = auth.schedule;
    try {
      await withoutUnsaved(this.refresh({ reason, repeatUncertain: false, signal: undefined }));
    } catch (error) {
      this.#failed = { generation: auth.generation, error, atMs: performance.now() };
      if (isExpired) throw error;
    }
  }

  async #run(options: Omit<RefreshRequestOptions, "signal">): Promise<void> {
    const target = this.#state.auth;
    if (target === undefined || !isManaged(target)) return;
    if (this.#options.readOnly) return await this.#rereadForeign(target, options.reason);
    const startedAtMs = performance.now();
    const finish = (outcome: "adopted" | "failed" | "refreshed", error: LoginError | undefined): void => {
      const { reason } = options;
      const durationMs = performance.now() - startedAtMs;
      report(() => this.#options.telemetry?.onRefresh?.({ reason, outcome, error, durationMs }));
    };
    try {
      const result = await this.#share(target, options);
      this.#accept(target, result);
      finish(result.outcome, result.unsaved);
      if (result.unsaved !== undefined) throw result.unsaved;
    } catch (error) {
      if (!isLoginError(error)) throw error;
      if (isPermanentRefreshFailure(error) && error.kind !== "account_mismatch") {
        this.#state.recordFailure(target, error);
      }
      if (error.kind !== "unsaved") finish("failed", error);
      throw error;
    }
  }

  #share(target: ChatgptAuth, options: Omit<RefreshRequestOptions, "signal">): Promise<RefreshResult> {
    const { timeoutMs, reuseGraceMs } = this.#options;
    const veto = this.#state.failureOf(target);
    return shareRefresh({ ...this.#context, timeoutMs, reuseGraceMs }, { target, veto, ...options });
  }

  #accept(target: ChatgptAuth, { auth, unsaved }: RefreshResult): void {
    const { auth: current } = this.#state;
    // Who signed out or in meanwhile keeps what they have.
    if (!(current instanceof ChatgptAuth) || current.generation !== target.generation) return;
    if (unsaved !== undefined) this.#unsaved = { replaces: target.generation, auth };
    this.#install(auth);
  }

  #install(auth: ChatgptAuth): void {
    this.#state.install(auth);
    this.#renewedAtMs = performance.now();
    this.#clockLead.observe(auth.schedule, auth.lastRefreshMs, this.#context.clock());
  }

  async #reread(): Promise<boolean> {
    const target = this.#state.auth;
    if (target === undefined || !isManaged(target)) return false;
    const found = await this.#settled(await this.#context.storage.load(), target);
    if (this.#state.auth !== target || found.generation === target.generation) return false;
    this.#install(found);
    return true;
  }

  async #settled(stored: AuthJson | undefined, target: ChatgptAuth): Promise<ChatgptAuth> {
    if (stored === undefined || storedAuthMode(stored) !== "chatgpt") throw accountMismatch();
    const found = new ChatgptAuth(stored, "chatgpt");
    if (!isSameAccount(found, target)) throw accountMismatch();
    return this.#unsaved?.replaces === found.generation ? target : found;
  }

  async #rereadForeign(target: ChatgptAuth, reason: RefreshReason | undefined): Promise<void> {
    if (await this.#reread()) return;
    const isExpired = this.#now() >= target.schedule.expiresAtMs;
    if (reason !== undefined && !isExpired) return;
    throw new LoginError(
      `the login in ${this.#context.storage.location} ${isExpired ? "has expired" : "cannot be refreshed from here"}: ` +
        'it belongs to another program; run "codex" once to renew it, sign in here for a login of your own, or open ' +
        "it with share: true",
      { kind: "read_only" },
    );
  }
}

/** Tells whether a login is one whose tokens are refreshed here. */
export function isManaged(auth: CodexAuth): auth is ChatgptAuth {
  return auth instanceof ChatgptAuth && auth.mode === "chatgpt";
}

// The tokens are there, and that is what a request needs. The report tells that they were not stored.
async function withoutUnsaved(refresh: Promise<void>): Promise<void> {
  try {
    await refresh;
  } catch (error) {
    if (!isLoginError(error) || error.kind !== "unsaved") throw error;
  }
}
