import type { AccountIdentity, AuthSnapshot } from "@codex-ts/auth-provider";
import { BackendClient } from "@codex-ts/backend-client";
import { type AppPolicy, mergeAccessibleConnectors, mergePluginConnectors } from "@codex-ts/connectors";
import type { ApplyResult } from "@codex-ts/git-apply";
import type { AppInfo, TaskDetails } from "@codex-ts/protocol";
import { AccountSession, type SessionOptions } from "./account-session.js";
import { type ApplyTaskOptions, applyDiff, pullRequestDiff } from "./apply-task.js";
import { AppsBatch, type LookedUpApps, type LookUpAppsOptions } from "./apps-batch.js";
import { ConnectorsDirectory } from "./connectors-directory.js";
import { demandAccount, isChatgptLogin, isSameAccount, readLogin } from "./login-gate.js";
import type { CallOptions, ChatgptClientOptions } from "./options.js";
import { WorkspacePlugins } from "./workspace-plugins.js";

/** What is known without asking the server. */
export interface CachedDirectoryOptions {
  /** The apps of plugins; those that the directory does not list get a placeholder. */
  readonly pluginAppIds?: Iterable<string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which connectors are listed. */
export interface ListDirectoryOptions extends CachedDirectoryOptions, CallOptions {
  /**
   * Whether the server is asked even if the answer of the last hour is known.
   *
   * @defaultValue false
   */
  readonly forceRefetch?: boolean | undefined;
}

/** Which connectors are listed, and what is known of them from elsewhere. */
export interface ListConnectorsOptions extends ListDirectoryOptions {
  /** Those that the account can use, or a promise of them, which is waited for beside the directory. */
  readonly accessible: Iterable<AppInfo> | PromiseLike<Iterable<AppInfo>>;
  /** Decides which are enabled. */
  readonly policy?: AppPolicy | undefined;
}

/**
 * Talks to ChatGPT about connectors, workspaces and tasks.
 *
 * Every method rejects with a {@link ChatgptError} whose `kind` says why. What is cached belongs to one account at one base URL;
 * as soon as another account is seen to be logged in, or nobody, it is forgotten.
 */
export class ChatgptClient {
  readonly #options: ChatgptClientOptions;
  readonly #session: SessionOptions;
  readonly #directory: ConnectorsDirectory;
  readonly #plugins: WorkspacePlugins;
  readonly #apps: AppsBatch;
  #lastAccount: AccountIdentity | undefined;

  /** @throws TypeError for a base URL to which no credential may go. */
  constructor(options: ChatgptClientOptions) {
    const { transport, baseUrl, auth, retry, allowedOrigins, telemetry, clock = Date.now } = options;
    this.#options = options;
    this.#session = {
      transport,
      baseUrl,
      retry,
      allowedOrigins,
      telemetry,
      pathStyle: "chatgpt",
      headers: { "oai-product-sku": "codex", "content-type": "application/json" },
    };
    // Checks the base URL now, not with the first request.
    new BackendClient({ ...this.#session, auth });
    this.#directory = new ConnectorsDirectory(options);
    this.#plugins = new WorkspacePlugins(clock);
    this.#apps = new AppsBatch(options);
  }

  /**
   * Lists the connectors of the directory, that of the workspace included, sorted by name. The answer of the last hour is taken from
   * memory. A login that does not use the Codex backend, or none, has no connectors: nothing is asked then.
   *
   * The time limit of a page is 60 seconds unless the options say otherwise. The workspace's own directory counts as empty when it
   * cannot be read.
   */
  async listDirectory({
    pluginAppIds = [],
    forceRefetch = false,
    timeoutMs = 60_000,
    signal,
  }: ListDirectoryOptions = {}): Promise<readonly AppInfo[]> {
    const login = await this.#login(signal);
    if (!this.#hasApps(login)) return [];
    const directory = await this.#directory.list(this.#open(login), forceRefetch, { timeoutMs, signal });
    return mergePluginConnectors(directory, pluginAppIds);
  }

  /**
   * Gives the connectors of the directory as they were last known, however long ago, without asking the server: from memory, else from
   * the file in `home`.
   *
   * @returns Nothing when nothing is known of the account.
   */
  async cachedDirectory({
    pluginAppIds = [],
    signal,
  }: CachedDirectoryOptions = {}): Promise<readonly AppInfo[] | undefined> {
    const login = await this.#login(signal);
    if (!this.#hasApps(login)) return [];
    const directory = await this.#directory.cached(login.account);
    return directory && mergePluginConnectors(directory, pluginAppIds);
  }

  /**
   * Lists the connectors of the directory, marks those that the account can use, and decides which are enabled. Accessible ones that
   * the directory does not list are left out. What can be used comes first, then by name.
   */
  async listConnectors({
    accessible,
    policy,
    ...options
  }: ListConnectorsOptions): Promise<readonly AppInfo[]> {
    const [directory, usable] = await Promise.all([this.listDirectory(options), accessible]);
    const merged = mergeAccessibleConnectors(directory, usable, { allConnectorsLoaded: true });
    return policy?.applyEnabledState(merged) ?? merged;
  }

  /**
   * Looks apps up in the directory, with their tools if wanted. What was found is remembered for an hour.
   *
   * The time limit is 60 seconds unless the options say otherwise.
   */
  async lookUpApps(
    ids: Iterable<string>,
    { includeTools = false, timeoutMs = 60_000, signal }: LookUpAppsOptions = {},
  ): Promise<LookedUpApps> {
    const session = this.#open(await this.#login(signal));
    return this.#apps.lookUp(ids, includeTools, session, { timeoutMs, signal });
  }

  /**
   * Tells whether the workspace lets plugins be used. Only a ChatGPT login of a workspace is asked about; anybody else may. The
   * answer is remembered for a quarter of an hour; a failure is not, and whether it counts as yes is the caller's choice.
   *
   * The time limit is 10 seconds unless the options say otherwise.
   */
  async arePluginsEnabled({ timeoutMs = 10_000, signal }: CallOptions = {}): Promise<boolean> {
    const login = await this.#login(signal);
    if (login === undefined || !isChatgptLogin(login)) return true;
    const { accountId = "", isWorkspace } = login.account;
    if (accountId === "" || !isWorkspace) return true;
    return this.#plugins.areEnabled(this.#open(login), { timeoutMs, signal });
  }

  /** Reads the turns of a task. */
  async getTask(taskId: string, options: CallOptions = {}): Promise<TaskDetails> {
    return this.#open(await this.#login(options.signal)).task(taskId, options);
  }

  /**
   * Reads a task and applies the diff of its pull request to a git working tree, wholly or not at all: where both sides changed the same
   * lines, and wherever the diff does not fit, the tree stays as it is, and `applyResult` of the error tells which files those are.
   * With `onConflict: "mark"` the rest is applied and conflict markers are left; that is an error, too.
   */
  async applyTask(taskId: string, { timeoutMs, ...options }: ApplyTaskOptions = {}): Promise<ApplyResult> {
    const task = await this.getTask(taskId, { timeoutMs, signal: options.signal });
    return applyDiff(pullRequestDiff(task), options);
  }

  /**
   * Forgets everything that is cached for the account that is logged in, on disk too: for when it has connected an app, or logged in
   * again, and sees other connectors.
   */
  async clearCaches({ signal }: Pick<CallOptions, "signal"> = {}): Promise<void> {
    let login: AuthSnapshot | undefined;
    try {
      login = await this.#login(signal);
    } finally {
      this.#forget();
    }
    // Nothing comes between: whoever looks from now on looks when the file is gone.
    if (login !== undefined) await this.#directory.removeFile(login.account);
  }

  /** Reads the login. When it is another one than before, nothing that is cached counts any more. */
  async #login(signal: AbortSignal | undefined): Promise<AuthSnapshot | undefined> {
    const login = await readLogin(this.#options.auth, signal);
    if (!isSameAccount(login?.account, this.#lastAccount)) this.#forget();
    this.#lastAccount = login?.account;
    return login;
  }

  #hasApps(login: AuthSnapshot | undefined): login is AuthSnapshot {
    return login?.usesCodexBackend === true && this.#options.appsEnabled !== false;
  }

  /** @throws ChatgptError of kind `auth` for a login that may not talk to ChatGPT's backend. */
  #open(login: AuthSnapshot | undefined): AccountSession {
    return new AccountSession(this.#session, this.#options.auth, demandAccount(login));
  }

  #forget(): void {
    this.#directory.clear();
    this.#plugins.clear();
    this.#apps.clear();
  }
}
