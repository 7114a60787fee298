import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { type AccountCacheKey, accountCacheKey } from "@codex-ts/connectors";
import type { McpServerInfo, McpToolInfo } from "@codex-ts/protocol";
import { accountKey } from "../account-key.js";
import type { AppsCache, Listing } from "../apps-cache.js";
import { McpAppsError } from "../errors.js";
import { limited } from "../limited.js";
import type { CodexAppsServer } from "../server.js";
import { toToolInfo } from "../tool-info.js";
import type { McpConnection } from "./mcp-connection.js";

/** How far the connection is. */
export type CodexAppsStatus = "failed" | "ready" | "starting";

/** What the session of one account is made from. */
export interface AccountSessionOptions {
  readonly server: CodexAppsServer;
  readonly cache: AppsCache;
  /** Connects for this account, and no other. */
  readonly connect: (session: AccountSession, signal: AbortSignal) => Promise<McpConnection>;
}

/** Everything that belongs to one account: its connection, and what was listed for it. It is never used for another. */
export class AccountSession {
  readonly accountKey: string;
  readonly #cacheKey: AccountCacheKey | undefined;
  readonly #options: AccountSessionOptions;
  readonly #ending = new AbortController();
  /** Connections whose session the server has forgotten, and which may still be waited for. */
  readonly #retired = new Set<McpConnection>();
  /** What is still being cleaned up after. */
  readonly #underWay = new Set<Promise<unknown>>();
  #snapshot: readonly McpToolInfo[] | undefined;
  #listing: Listing | undefined;
  #begun: Promise<void> | undefined;
  #start: Promise<Listing> | undefined;
  #connecting: Promise<McpConnection> | undefined;
  #connection: McpConnection | undefined;
  #status: CodexAppsStatus = "starting";

  constructor(login: AuthSnapshot, options: AccountSessionOptions) {
    this.accountKey = accountKey(login);
    this.#cacheKey = accountCacheKey(login.account);
    this.#options = options;
  }

  get status(): CodexAppsStatus {
    return this.#status;
  }

  /** Reads what was listed the last time, then starts to connect. Once. */
  begin(): Promise<void> {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  /** Waits for the connection and its first listing. One that failed is tried again. */
  started(): Promise<Listing> {
    this.#start ??= this.#startUp().catch((error: unknown) => {
      this.#start = undefined;
      this.#status = "failed";
      throw error;
    });
    return this.#start;
  }

  /** The tools of the account: those of the file once it runs, before that those of the last time. */
  async tools(signal: AbortSignal | undefined): Promise<readonly McpToolInfo[]> {
    const { cache } = this.#options;
    if (this.#listing === undefined)
      return this.#snapshot ?? (await this.wait(() => this.started(), signal)).tools;
    return (await cache.tools(this.#cacheKey)) ?? this.#listing.tools;
  }

  /** What the server says of itself, or said the last time. */
  async serverInfo(): Promise<McpServerInfo | undefined> {
    return this.#listing?.serverInfo ?? this.#options.cache.serverInfo(this.#cacheKey);
  }

  /** Lists the tools again. */
  async refresh(connection: McpConnection, signal: AbortSignal): Promise<readonly McpToolInfo[]> {
    const listing = await this.#list(connection, signal);
    this.#listing = listing;
    return listing.tools;
  }

  /** The initialized session with the server, a new one if there is none any more. */
  async connection(): Promise<McpConnection> {
    await this.started();
    return this.#connection ?? this.#connect();
  }

  /** Takes note that the server does not know a session any more. */
  forget(connection: McpConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    for (const earlier of this.#retired) if (earlier.isClosed) this.#retired.delete(earlier);
    this.#retired.add(connection);
    connection.retire();
  }

  /** Says goodbye to the server, and ends everything. */
  async close(): Promise<void> {
    this.#ending.abort(new McpAppsError("the connection to Codex Apps was closed", { kind: "closed" }));
    await this.#connection?.terminate(terminateTimeoutMs);
    await this.#end();
  }

  /** Ends everything without a word to the server, which would have to be signed by another account. */
  async leave(): Promise<void> {
    const message = "the login has changed to another account";
    this.#ending.abort(new McpAppsError(message, { kind: "account_changed" }));
    await this.#end();
  }

  /** Waits for something that belongs to the session, no longer than the session and the caller do. */
  wait<Value>(work: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    const signals = [this.#ending.signal, signal];
    return limited({ timeoutMs: 0, timeoutMessage: "", signals }, work);
  }

  async #end(): Promise<void> {
    for (const retired of this.#retired) await retired.close();
    await this.#connection?.close();
    await Promise.allSettled(this.#underWay);
  }

  async #begin(): Promise<void> {
    this.#snapshot = await this.#options.cache.tools(this.#cacheKey);
    // Whoever waits for it learns how it ends.
    if (!this.#ending.signal.aborted) this.started().catch(() => {});
  }

  async #startUp(): Promise<Listing> {
    this.#status = "starting";
    const listing = await this.#withinStart(async (signal) => {
      const connection = await this.#open(signal);
      try {
        const listed = await this.#list(connection, signal);
        signal.throwIfAborted();
        this.#connection = connection;
        return listed;
      } catch (error) {
        await connection.close();
        throw error;
      }
    });
    this.#listing = listing;
    this.#status = "ready";
    return listing;
  }

  /** Initializes a session in place of one that the server has forgotten; many that notice it share it. */
  #connect(): Promise<McpConnection> {
    this.#connecting ??= this.#withinStart(async (signal) => {
      const connection = await this.#open(signal);
      this.#connection = connection;
      return connection;
    }).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #open(signal: AbortSignal): Promise<McpConnection> {
    const connection = await this.#options.connect(this, signal);
    // Nobody waits for it any more.
    if (signal.aborted) await connection.close();
    signal.throwIfAborted();
    return connection;
  }

  async #list(connection: McpConnection, signal: AbortSignal): Promise<Listing> {
    const { server, cache } = this.#options;
    const order = cache.begin();
    const tools = await connection.listTools(signal);
    const facts = {
      serverInstructions: connection.instructions,
      serverOrigin: new URL(server.url).origin,
      supportsParallelToolCalls: server.supportsParallelToolCalls,
    };
    const listing = {
      tools: tools.map((tool) => toToolInfo(tool, facts)),
      serverInfo: await connection.serverInfo(),
    };
    await cache.store(this.#cacheKey, order, listing);
    return listing;
  }

  #withinStart<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const { startupTimeoutMs: timeoutMs } = this.#options.server;
    const timeoutMessage = `timed out handshaking with MCP server after ${timeoutMs / 1000}s`;
    return limited({ timeoutMs, timeoutMessage, signals: [this.#ending.signal] }, (signal) => {
      const underWay = work(signal);
      this.#underWay.add(underWay);
      const done = (): boolean => this.#underWay.delete(underWay);
      underWay.then(done, done);
      return underWay;
    });
  }
}

/** A server that does not answer must not keep a process from ending. */
const terminateTimeoutMs = 5000;
