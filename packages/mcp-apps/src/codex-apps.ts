import { randomUUID } from "node:crypto";
import { FilesClient } from "@codex-ts/api";
import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import { codexAppsServerName } from "@codex-ts/connectors";
import type { McpCallResult, McpServerInfo, McpToolInfo } from "@codex-ts/protocol";
import { accountKey } from "./account-key.js";
import { AppsCache } from "./apps-cache.js";
import type { CallToolOptions, CodexAppsCallOptions, ConnectCodexAppsOptions } from "./codex-apps-options.js";
import { inContext, isMcpAppsError, McpAppsError, type McpAppsErrorKind } from "./errors.js";
import { uploadFileArguments } from "./file-arguments.js";
import { AppsHttp } from "./http/apps-http.js";
import { admitAs, backendLoginRequired, demandTrust, requestCredential } from "./http/credential.js";
import { isJsonObject, type JsonObject } from "./json-object.js";
import { limited } from "./limited.js";
import type { ModelToolName } from "./model-names.js";
import { isEnabled, type ModelTool, toModelTools } from "./model-tools.js";
import { type CodexAppsServer, codexAppsServer } from "./server.js";
import { AccountSession, type CodexAppsStatus } from "./session/account-session.js";
import { McpConnection } from "./session/mcp-connection.js";

/** A connection to Codex Apps, for whatever account is logged in. */
export class CodexApps implements AsyncDisposable {
  readonly #options: ConnectCodexAppsOptions;
  readonly #server: CodexAppsServer;
  readonly #cache: AppsCache;
  readonly #leaving = new Set<Promise<void>>();
  #session: AccountSession | undefined;
  #isClosed = false;

  /** @internal */
  constructor(options: ConnectCodexAppsOptions) {
    const { server = codexAppsServer(), codexHome, onCacheError } = options;
    this.#options = options;
    this.#server = server;
    this.#cache = new AppsCache({ codexHome, onError: onCacheError });
  }

  /** Where the connection of the account of this moment stands. */
  get status(): CodexAppsStatus {
    return this.#session?.status ?? "starting";
  }

  /**
   * Waits until the connection is there and the tools are listed. One that failed is tried again.
   *
   * @throws {@link McpAppsError} whose kind says why it is not.
   */
  async ready({ signal }: CodexAppsCallOptions = {}): Promise<void> {
    await this.#withSession(signal, (session) => session.wait(() => session.started(), signal));
  }

  /**
   * Gives the tools of the account as the model is told of them. While the connection is made, and if that fails, those
   * of the last time; if there are none it waits.
   *
   * @throws {@link McpAppsError} whose kind says why there are none.
   */
  async listTools({ signal }: CodexAppsCallOptions = {}): Promise<readonly ModelTool[]> {
    return this.#toModel(await this.#withSession(signal, (session) => session.tools(signal)));
  }

  /**
   * Asks the server for the tools, keeps them, and gives them as {@link CodexApps.listTools} does.
   *
   * @throws {@link McpAppsError}. The tools that are kept stay as they are.
   */
  async refreshTools({ signal }: CodexAppsCallOptions = {}): Promise<readonly ModelTool[]> {
    const failed = `failed to refresh tools for MCP server '${codexAppsServerName}'`;
    const infos = await this.#withSession(signal, (session) =>
      this.#run(session, signal, failed, (connection, limit) => session.refresh(connection, limit)),
    );
    return this.#toModel(infos);
  }

  /** Gives what the server says of itself, or said the last time; nothing, if it has not said anything yet. */
  serverInfo({ signal }: CodexAppsCallOptions = {}): Promise<McpServerInfo | undefined> {
    return this.#withSession(signal, (session) => session.serverInfo());
  }

  /**
   * Calls a tool by the name under which it was listed. Files that its arguments name are uploaded first.
   *
   * @returns What the tool answers, also when it says itself that it failed (`isError`).
   * @throws {@link McpAppsError}. A call is tried again only if the server has forgotten the session, and then once.
   */
  async callTool(
    toolName: ModelToolName,
    args?: JsonObject,
    { callId = randomUUID(), model, signal }: CallToolOptions = {},
  ): Promise<McpCallResult> {
    const [session, info] = await this.#withSession(signal, async (current) => {
      const infos = await current.tools(signal);
      return [current, this.#find(infos, toolName)] as const;
    });
    const { mayUpload, workingDirectory } = this.#options;
    const options = { files: this.#filesOf(session), mayUpload, workingDirectory, model, signal };
    const sent = await session.wait(() => uploadFileArguments(info, args, options), signal);
    const params = {
      name: info.tool.name,
      ...(sent === undefined ? {} : { arguments: sent }),
      _meta: { _codex_apps: { ...appsMeta(info), call_id: callId } },
    };
    const failed = `tool call failed for \`${codexAppsServerName}/${shown(info.tool.name)}\``;
    return this.#run(session, signal, failed, (connection, limit) => connection.callTool(params, limit));
  }

  /** Ends the session at the server and everything that is under way. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#session?.close();
    await Promise.all(this.#leaving);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Makes sure that there can be a connection, and begins it.
   *
   * @internal
   */
  async begin(signal: AbortSignal | undefined): Promise<void> {
    if (!this.#server.enabled)
      throw new McpAppsError("Codex Apps is disabled in the configuration", { kind: "config" });
    // Says at once what every request would.
    this.#credential(undefined);
    await this.#current(signal);
  }

  /** Does something for whoever is logged in, and does it anew if that has changed in the meantime. */
  async #withSession<Value>(
    signal: AbortSignal | undefined,
    work: (session: AccountSession) => Promise<Value>,
  ): Promise<Value> {
    for (;;) {
      const session = await this.#current(signal);
      try {
        const value = await work(session);
        if ((await this.#current(signal)) === session) return value;
      } catch (error) {
        if (!isKind(error, "account_changed") || (await this.#current(signal)) === session) throw error;
      }
    }
  }

  /** Finds the session of whoever is logged in now. That of another account is left. */
  async #current(signal: AbortSignal | undefined): Promise<AccountSession> {
    const login = await this.#login(signal);
    if (this.#isClosed) throw new McpAppsError("the connection to Codex Apps was closed", { kind: "closed" });
    const isKnown = login?.usesCodexBackend === true;
    if (this.#session?.accountKey !== (isKnown ? accountKey(login) : undefined)) {
      this.#leave(this.#session);
      this.#session = isKnown ? this.#newSession(login) : undefined;
    }
    const session = this.#session;
    if (session === undefined) throw new McpAppsError(backendLoginRequired, { kind: "auth_required" });
    try {
      await session.wait(() => session.begin(), signal);
      return session;
    } catch (error) {
      if (isKind(error, "account_changed") && session !== this.#session) return this.#current(signal);
      throw error;
    }
  }

  async #login(signal: AbortSignal | undefined): Promise<AuthSnapshot | undefined> {
    try {
      return await limited({ timeoutMs: 0, timeoutMessage: "", signals: [signal] }, () =>
        this.#options.auth.current(signal),
      );
    } catch (cause) {
      if (isMcpAppsError(cause)) throw cause;
      throw new McpAppsError("the login could not be read", { kind: "auth", cause });
    }
  }

  #leave(session: AccountSession | undefined): void {
    if (session === undefined) return;
    const left = session.leave().finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }

  #newSession(login: AuthSnapshot): AccountSession {
    const { transport, telemetry, onToolsChanged } = this.#options;
    const server = this.#server;
    return new AccountSession(login, {
      server,
      cache: this.#cache,
      connect: (session, signal) => {
        const http = new AppsHttp({
          transport,
          server,
          telemetry,
          credential: () => this.#credential(session),
        });
        return McpConnection.open({ http, server, onToolsChanged }, signal);
      },
    });
  }

  #credential(session: AccountSession | undefined): AuthProvider {
    const { auth, env = {}, allowAnonymous = false } = this.#options;
    const admit = (login: AuthSnapshot): void => {
      if (session !== undefined) demandAccount(session, login);
    };
    return requestCredential({ auth, server: this.#server, env, allowAnonymous, admit });
  }

  /** Uploads for one account only. */
  #filesOf(session: AccountSession): FilesClient {
    const { transport, auth, telemetry } = this.#options;
    const { chatgptBaseUrl: baseUrl } = this.#server;
    const current: AuthSource["current"] = async (signal) => {
      const login = await auth.current(signal);
      admitAs(() => {
        demandTrust(this.#server, baseUrl);
        if (login !== undefined) demandAccount(session, login);
      });
      return login;
    };
    return new FilesClient({
      transport,
      provider: { name: "ChatGPT", baseUrl },
      auth: { provider: auth.provider, current },
      telemetry,
    });
  }

  async #run<Value>(
    session: AccountSession,
    signal: AbortSignal | undefined,
    failed: string,
    work: (connection: McpConnection, signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const { toolTimeoutMs: timeoutMs } = this.#server;
    const limits = { timeoutMs, timeoutMessage: `timed out after ${timeoutMs / 1000}s`, signals: [signal] };
    for (let isFirst = true; ; isFirst = false) {
      const connection = await session.wait(() => session.connection(), signal);
      try {
        return await session.wait(() => limited(limits, (limit) => work(connection, limit)), signal);
      } catch (error) {
        if (isKind(error, "session_expired")) session.forget(connection);
        if (!isFirst || !isKind(error, "session_expired")) throw inContext(failed, error);
      }
    }
  }

  #toModel(infos: readonly McpToolInfo[]): readonly ModelTool[] {
    const { url, supportsParallelToolCalls, enabledTools, disabledTools } = this.#server;
    const { plugins, mcpPrefix } = this.#options;
    const facts = {
      server_origin: new URL(url).origin,
      supports_parallel_tool_calls: supportsParallelToolCalls,
    };
    return toModelTools(
      infos.map((info) => ({ ...info, ...facts })),
      { filters: { [codexAppsServerName]: { enabledTools, disabledTools } }, plugins, mcpPrefix },
    );
  }

  #find(infos: readonly McpToolInfo[], wanted: ModelToolName): McpToolInfo {
    const isWanted = ({ namespace, name }: ModelToolName): boolean =>
      namespace === wanted.namespace && name === wanted.name;
    const found = this.#toModel(infos).find(isWanted);
    if (found !== undefined) return found.info;
    const { mcpPrefix } = this.#options;
    // By the name that it would have by itself: among others it may have a longer one.
    const hidden = infos.find(({ tool }, index) => {
      const [alone] = isEnabled(tool.name, this.#server)
        ? []
        : toModelTools(infos.slice(index, index + 1), { mcpPrefix });
      return alone !== undefined && isWanted(alone);
    });
    if (hidden !== undefined)
      throw new McpAppsError(
        `tool '${shown(hidden.tool.name)}' is disabled for MCP server '${codexAppsServerName}'`,
        { kind: "tool_disabled" },
      );
    const name = shown(`${wanted.namespace}/${wanted.name}`);
    throw new McpAppsError(`unknown tool '${name}' of MCP server '${codexAppsServerName}'`, {
      kind: "unknown_tool",
    });
  }
}

/**
 * Connects to Codex Apps in the background, and returns as soon as the login has been checked and the tools of the last
 * time have been read. {@link CodexApps.ready} waits for the connection.
 *
 * @throws {@link McpAppsError} of kind `auth_required` for a login that does not use the Codex backend, `origin` for a
 * server that must not see it, `config`, `auth` or `aborted`.
 */
export async function connectCodexApps(options: ConnectCodexAppsOptions): Promise<CodexApps> {
  const apps = new CodexApps(options);
  try {
    await apps.begin(options.signal);
    return apps;
  } catch (error) {
    await apps.close();
    throw error;
  }
}

function appsMeta({ tool }: McpToolInfo): JsonObject {
  const meta = tool._meta?.["_codex_apps"];
  return isJsonObject(meta) ? meta : {};
}

function demandAccount(session: AccountSession, login: AuthSnapshot): void {
  if (accountKey(login) !== session.accountKey)
    throw new McpAppsError("the login has changed to another account", { kind: "account_changed" });
}

/** Names come from the server and from the model, and must not forge lines of a log. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 256)).slice(1, -1);
}

function isKind(error: unknown, kind: McpAppsErrorKind): boolean {
  return isMcpAppsError(error) && error.kind === kind;
}
