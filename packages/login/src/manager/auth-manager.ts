import type { AgentIdentity } from "@codex-ts/agent-identity";
import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import type { AccountUpdatedNotification } from "@codex-ts/protocol";
import { abortable } from "../abortable.js";
import type { ExternalAuth, ExternalTokens } from "../external/external-auth.js";
import { externalLogin } from "../external/external-login.js";
import { isLoginError, LoginError } from "../login-error.js";
import { type LoginContext, type LoginOptions, openLoginContext } from "../logins/login-context.js";
import { removeLogin } from "../logins/logout.js";
import { AgentIdentityLogin } from "../modes/agent-identity-login.js";
import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { CodexAuth } from "../modes/codex-auth.js";
import { type AgentDescription, AgentIdentityBootstrap } from "./agent-identity-bootstrap.js";
import { ExternalSession } from "./external-session.js";
import { LiveProvider } from "./live-provider.js";
import { loadLogin } from "./load-login.js";
import { LoginState } from "./login-state.js";
import type { LoginTelemetry } from "./login-telemetry.js";
import { Recoverer } from "./recoverer.js";
import { isManaged, Refresher } from "./refresher.js";
import { UnauthorizedRecovery } from "./unauthorized-recovery.js";

/** Settings of {@link AuthManager.open}. */
export interface AuthManagerOptions extends LoginOptions {
  /** Whether `CODEX_API_KEY` counts, before everything else. @defaultValue false */
  readonly allowApiKeyEnvironment?: boolean | undefined;
  /** The host's source of tokens. In mode `apikey` it stands in for any stored login. */
  readonly external?: ExternalAuth | undefined;
  /**
   * Leaves the stored login to the program that it belongs to: it is neither refreshed nor written nor removed.
   *
   * @defaultValue false
   */
  readonly readOnly?: boolean | undefined;
  /** Limit for the request of a refresh, in milliseconds. @defaultValue 30_000 */
  readonly refreshTimeoutMs?: number | undefined;
  /**
   * How long to look for newer tokens after the token endpoint said that ours were used by somebody else, in
   * milliseconds.
   *
   * @defaultValue 1000
   */
  readonly reuseGraceMs?: number | undefined;
  /** How long to wait for `external`, in milliseconds. @defaultValue 10_000 */
  readonly externalTimeoutMs?: number | undefined;
  readonly telemetry?: LoginTelemetry | undefined;
}

/** Which logins {@link AuthManager.agentIdentity} is for. */
export interface AgentIdentityRequest extends AgentDescription {
  /** `JwtOnly`: logins that are an Agent Identity. `ChatGptAuth`: ChatGPT logins too, which get one registered. */
  readonly policy: "ChatGptAuth" | "JwtOnly";
  readonly signal?: AbortSignal | undefined;
}

/** How often a login that failed to load is tried again when somebody asks for it. */
const reloadPauseMs = 5000;

/**
 * The login of a program: reads it, keeps it fresh, and signs with it.
 *
 * A login that cannot be loaded is an error for whoever wants to use it. It is never taken for "signed out", and no
 * other credential takes its place.
 */
export class AuthManager implements AuthSource, AsyncDisposable {
  /** Signs with the newest login, and renews it when that is due or a request is answered 401. */
  readonly provider: AuthProvider;
  readonly #context: LoginContext;
  readonly #options: AuthManagerOptions;
  readonly #state = new LoginState();
  readonly #refresher: Refresher;
  readonly #recoverer: Recoverer;
  readonly #bootstrap: AgentIdentityBootstrap;
  #external: ExternalSession | undefined;
  #loading: Promise<boolean> | undefined;
  #loadFailedAtMs = 0;
  /** Grows when the login is set or removed from here; what was read before is out of date then. */
  #epoch = 0;

  private constructor(context: LoginContext, options: AuthManagerOptions) {
    this.#context = context;
    this.#options = options;
    const { readOnly = false, refreshTimeoutMs = 30_000, reuseGraceMs = 1000, telemetry } = options;
    this.#refresher = new Refresher(context, this.#state, {
      readOnly,
      timeoutMs: refreshTimeoutMs,
      reuseGraceMs,
      telemetry,
    });
    this.#recoverer = new Recoverer({
      state: this.#state,
      refresher: this.#refresher,
      external: () => this.#external,
      readOnly,
      telemetry,
    });
    this.#bootstrap = new AgentIdentityBootstrap(context, (auth) => this.#onStored(auth));
    this.setExternalAuth(options.external);
    this.provider = new LiveProvider({
      ready: () => this.#ready(),
      newest: () => this.cached(),
      fresh: () => this.auth(),
      recover: (rejection) => this.#recoverer.recover(rejection),
    });
  }

  /**
   * Opens the login of a home folder and reads it. A login that cannot be loaded does not make this fail: the error
   * comes from {@link AuthManager.current}, from signing, and from {@link AuthManager.reload}.
   *
   * @throws {@link LoginError} of kind `configuration`, and TypeError for an option that cannot be.
   */
  static async open(options: AuthManagerOptions = {}): Promise<AuthManager> {
    const manager = new AuthManager(await openLoginContext(options), options);
    await Promise.allSettled([manager.reload(), manager.#external?.resolve(undefined)]);
    return manager;
  }

  /** Names the place of the stored login, for people. */
  get location(): string {
    return this.#context.storage.location;
  }

  /** Grows whenever the login changes in any way, new tokens included. */
  get revision(): number {
    return this.#state.revision;
  }

  /**
   * Reads the login of this moment, refreshed if that is due.
   *
   * @returns Nothing when nobody is signed in.
   * @throws {@link LoginError} that says why the login cannot be used; of kind `aborted` when `signal` fires.
   */
  async current(signal?: AbortSignal): Promise<AuthSnapshot | undefined> {
    return (await this.auth(signal))?.snapshot();
  }

  /** The same with everything that this package knows of the login, secrets included. */
  async auth(signal?: AbortSignal): Promise<CodexAuth | undefined> {
    const external = await this.#external?.resolve(signal);
    if (external !== undefined) return external;
    await this.#heal(signal);
    this.#state.require();
    await abortable(this.#refresher.freshen(), signal);
    return this.#state.require();
  }

  /**
   * The login as it was read last, without any I/O.
   *
   * @throws {@link LoginError} when it could not be loaded.
   */
  cached(): CodexAuth | undefined {
    return this.#external?.newest() ?? this.#state.require();
  }

  /** Who is signed in, as hosts are told. */
  account(): AccountUpdatedNotification {
    return this.#external?.account() ?? this.#state.account();
  }

  /**
   * Yields who is signed in whenever that changes: login, logout, another account or plan. New tokens of the same
   * account are no change; see {@link AuthManager.revision}. A slow reader misses what was in between.
   *
   * @param signal - Ends the iteration.
   */
  changes(signal?: AbortSignal): AsyncIterableIterator<AccountUpdatedNotification> {
    return this.#state.changes(signal);
  }

  /**
   * Reads the login again from where it comes from.
   *
   * @returns Whether it is another one.
   * @throws {@link LoginError} when it cannot be loaded. From then on nothing is signed, until it can.
   */
  async reload(signal?: AbortSignal): Promise<boolean> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return await abortable(this.#loading, signal);
  }

  /**
   * Refreshes the tokens of a ChatGPT login now. When another process already has, its tokens are taken over and
   * nothing is sent. Other logins need nothing.
   *
   * A refresh that has begun goes on when the signal fires.
   *
   * @throws {@link LoginError} of a kind that begins with `refresh_`, `account_mismatch`, `lock_timeout`, `storage`,
   * `unsaved`, `credential_missing`, `read_only`.
   */
  async refresh(
    options: {
      /** Sends a refresh token again whose first exchange ended in `refresh_uncertain`. @defaultValue false */
      readonly repeatUncertain?: boolean | undefined;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ): Promise<void> {
    const { repeatUncertain = false, signal } = options;
    this.#state.require();
    await this.#refresher.refresh({ reason: undefined, repeatUncertain, signal });
  }

  /** Why the tokens of this login can never be refreshed again, if that is known. */
  get refreshFailure(): LoginError | undefined {
    const { auth } = this.#state;
    return auth instanceof ChatgptAuth ? this.#state.failureOf(auth) : undefined;
  }

  /** Starts the recovery of one request from 401s, for clients that count their tries themselves. */
  unauthorizedRecovery(): UnauthorizedRecovery {
    return new UnauthorizedRecovery(this.#recoverer.steps(), this.#options.telemetry);
  }

  /**
   * Opens the Agent Identity that model calls of this login are to be signed with.
   *
   * @returns Nothing when this login has none under the policy.
   * @throws {@link LoginError} of kind `agent_identity_unavailable` when the registration service is down, so that a
   * session may go on without; any other error is final.
   */
  async agentIdentity({
    policy,
    signal,
    ...description
  }: AgentIdentityRequest): Promise<AgentIdentity | undefined> {
    const auth = await this.auth(signal);
    if (auth instanceof AgentIdentityLogin) return auth.identity;
    if (auth === undefined || !isManaged(auth) || policy === "JwtOnly") return undefined;
    this.#refuseReadOnly("an Agent Identity would be stored in it");
    return await abortable(this.#bootstrap.open(auth, description), signal);
  }

  /** Installs a source of tokens in place of the one before, or removes it. */
  setExternalAuth(external: ExternalAuth | undefined): void {
    const { externalTimeoutMs = 10_000 } = this.#options;
    this.#external = external && new ExternalSession(external, this.#context, this.#state, externalTimeoutMs);
  }

  /**
   * Signs in with a ChatGPT token that the host hands in. It is kept in memory, for all managers of this home in this
   * process, and goes before any stored login.
   *
   * @throws {@link LoginError} of kind `external` or `restricted`; then nothing has changed.
   */
  async setExternalTokens(tokens: ExternalTokens): Promise<void> {
    const { policy, ephemeral, clock } = this.#context;
    policy.checkNewLogin("chatgptAuthTokens");
    const stored = externalLogin(tokens, clock());
    if (!policy.allowsWorkspaces([tokens.accountId])) {
      const allowed = policy.workspaces.map((id) => JSON.stringify(id)).join(", ");
      throw new LoginError(
        `External auth must use one of workspace(s) [${allowed}], but received ${JSON.stringify(tokens.accountId)}.`,
        { kind: "restricted" },
      );
    }
    await ephemeral.save(stored);
    this.#epoch += 1;
    this.#state.install(new ChatgptAuth(stored, "chatgptAuthTokens"));
  }

  /**
   * Signs out: revokes the tokens as well as it can, removes the stored login, and reads what is left, which may be a
   * credential of the environment. Whatever still runs for the old login does not bring it back.
   *
   * @returns Whether there was a login.
   * @throws {@link LoginError} of kind `storage` when it cannot be removed, `read_only`.
   */
  async logout({ revoke = true }: { readonly revoke?: boolean | undefined } = {}): Promise<boolean> {
    this.#refuseReadOnly("it is removed where it was made");
    const wasRemoved = await removeLogin(this.#context, {
      revoke,
      cached: () => (this.#state.auth instanceof ChatgptAuth ? this.#state.auth.stored() : undefined),
      onRevokeFailure: this.#options.telemetry?.onRevokeFailure?.bind(this.#options.telemetry),
    });
    this.#refresher.forget();
    this.#epoch += 1;
    this.#loading = undefined;
    await this.reload();
    return wasRemoved;
  }

  /** Closes the connections, if they are the manager's own. Nothing can be refreshed afterwards. */
  async close(): Promise<void> {
    await this.#context.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #load(): Promise<boolean> {
    const epoch = this.#epoch;
    const isCurrent = (): boolean => epoch === this.#epoch;
    try {
      for (;;) {
        const revision = this.#state.revision;
        const auth = await this.#find(isCurrent);
        if (!isCurrent()) return false;
        // New tokens may have been stored and installed since these were read.
        if (revision === this.#state.revision) return this.#state.install(auth);
      }
    } catch (error) {
      const failure = isLoginError(error) ? error : loadFailure(error);
      this.#loadFailedAtMs = performance.now();
      if (isCurrent()) this.#state.fail(failure);
      throw failure;
    }
  }

  async #find(isCurrent: () => boolean): Promise<CodexAuth | undefined> {
    const { allowApiKeyEnvironment = false } = this.#options;
    const previous = this.#state.auth;
    const found = await loadLogin(this.#context, { allowApiKeyEnvironment, previous });
    return isCurrent() ? await this.#refresher.settleStored(found) : found;
  }

  /** A service that was down when the program started must not keep it out for ever. */
  async #heal(signal: AbortSignal | undefined): Promise<void> {
    const { error } = this.#state;
    if (error?.retryable !== true || performance.now() - this.#loadFailedAtMs < reloadPauseMs) return;
    await this.reload(signal);
  }

  #ready(): CodexAuth | undefined {
    const { auth, error } = this.#state;
    if (auth === undefined || error !== undefined || this.#external?.replacesLogin === true) return undefined;
    return this.#refresher.isDue(auth) ? undefined : auth;
  }

  #onStored(auth: ChatgptAuth): void {
    const { auth: current } = this.#state;
    if (current instanceof ChatgptAuth && current.generation === auth.generation) this.#state.install(auth);
  }

  #refuseReadOnly(why: string): void {
    if (this.#options.readOnly !== true) return;
    throw new LoginError(
      `the login in ${this.location} belongs to another program, and ${why}; open it with share: true, or sign in here ` +
        "for a login of your own",
      { kind: "read_only" },
    );
  }
}

function loadFailure(error: unknown): LoginError {
  // Without a cause: what a storage of somebody else throws may hold anything.
  const name = error instanceof Error ? error.name : typeof error;
  return new LoginError(
    `the login could not be loaded (${name}); see what the storage or the network reports`,
    {
      kind: "storage",
      retryable: true,
    },
  );
}
