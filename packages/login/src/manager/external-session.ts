import type { AccountUpdatedNotification } from "@codex-ts/protocol";
import { abortable } from "../abortable.js";
import type { ExternalAuth, ExternalTokens } from "../external/external-auth.js";
import { externalLogin } from "../external/external-login.js";
import { isLoginError, LoginError } from "../login-error.js";
import type { LoginContext } from "../logins/login-context.js";
import { ApiKeyAuth } from "../modes/api-key-auth.js";
import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { LoginState } from "./login-state.js";

const stragglerMs = 10_000;

/** The host's source of tokens at work for one manager. */
export class ExternalSession {
  readonly source: ExternalAuth;
  readonly #context: LoginContext;
  readonly #state: LoginState;
  readonly #timeoutMs: number;
  #resolved: ApiKeyAuth | undefined;
  #failure: LoginError | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;

  constructor(source: ExternalAuth, context: LoginContext, state: LoginState, timeoutMs: number) {
    this.source = source;
    this.#context = context;
    this.#state = state;
    this.#timeoutMs = timeoutMs;
  }

  /** Whether the source's token stands in for any stored login. */
  get replacesLogin(): boolean {
    return this.source.mode === "apikey";
  }

  /**
   * The token of mode `apikey` that was seen last.
   *
   * @returns Nothing when the source had none and the stored login is to be used.
   * @throws {@link LoginError} when the source failed last time.
   */
  newest(): ApiKeyAuth | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#resolved;
  }

  /** Who that is, as hosts are told; nothing when the stored login is used. */
  account(): AccountUpdatedNotification | undefined {
    return this.#resolved && { authMode: "apikey", planType: null };
  }

  /**
   * Asks for the token to use now.
   *
   * @returns As {@link ExternalSession.newest}.
   * @throws {@link LoginError}; a source that fails is an error, and never a reason to use another login.
   */
  async resolve(signal: AbortSignal | undefined): Promise<ApiKeyAuth | undefined> {
    if (!this.replacesLogin) return undefined;
    await abortable(this.#resolve(), signal);
    return this.#resolved;
  }

  /**
   * Asks for another token after a 401. Callers share one question.
   *
   * @throws {@link LoginError} of kind `external`, `restricted` or `token_command`.
   */
  async refresh(signal: AbortSignal | undefined): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    await abortable(this.#refreshing, signal);
  }

  /** The same, unless another token has come only just now: then the request was sent with the one before. */
  async refreshAfterRejection(signal: AbortSignal | undefined): Promise<void> {
    if (performance.now() - this.#refreshedAtMs < stragglerMs) return;
    await this.refresh(signal);
  }

  async #resolve(): Promise<void> {
    try {
      this.#context.policy.checkMode("apikey");
      if (this.source.resolve !== undefined) this.#keep(await this.#ask(this.source.resolve()));
    } catch (error) {
      if (isLoginError(error)) this.#failure = error;
      throw error;
    }
  }

  async #refresh(): Promise<void> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const previousAccountId = this.#state.auth?.accountId;
    const question = this.#ask(
      this.source.refresh({ reason: "unauthorized", previousAccountId, signal: limit }),
    );
    const tokens = await abortable(question, limit).catch((error: unknown) => {
      throw limit.aborted ? this.#timedOut() : error;
    });
    if (this.replacesLogin) this.#keep(tokens);
    else await this.#install(tokens);
    this.#refreshedAtMs = performance.now();
  }

  #keep(tokens: ExternalTokens | undefined): void {
    this.#failure = undefined;
    const auth = tokens === undefined ? undefined : new ApiKeyAuth(tokens.accessToken);
    if (auth === undefined || this.#resolved === undefined || !auth.equals(this.#resolved))
      this.#resolved = auth;
  }

  async #install(tokens: ExternalTokens): Promise<void> {
    const { policy, ephemeral, clock } = this.#context;
    const { accountId } = tokens;
    const stored = externalLogin(tokens, clock());
    if (!policy.allowsWorkspaces([accountId])) {
      const expected = JSON.stringify(policy.workspaces);
      throw new LoginError(
        `external auth refresh returned workspace ${JSON.stringify(accountId)}, expected one of ${expected}`,
        { kind: "restricted" },
      );
    }
    const before = this.#state.auth;
    // Who signed out while the host was asked stays signed out.
    if (before === undefined || (await ephemeral.load()) === undefined) throw this.#signedOut();
    await ephemeral.save(stored);
    this.#state.install(new ChatgptAuth(stored, "chatgptAuthTokens"));
  }

  async #ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (isLoginError(error)) throw error;
      // Without a cause: what a host throws may hold anything.
      const name = error instanceof Error ? error.name : typeof error;
      throw externalFailure(`the source of external tokens failed (${name})`);
    }
  }

  #timedOut(): LoginError {
    return externalFailure(`auth refresh request timed out after ${this.#timeoutMs / 1000}s`);
  }

  #signedOut(): LoginError {
    return new LoginError("external tokens came after the login was removed; sign in again", {
      kind: "not_logged_in",
    });
  }
}

function externalFailure(what: string): LoginError {
  return new LoginError(`${what}; see what the host reports`, { kind: "external", retryable: true });
}
