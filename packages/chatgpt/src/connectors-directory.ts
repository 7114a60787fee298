import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { AccountIdentity } from "@codex-ts/auth-provider";
import {
  cacheKeyJson,
  type DirectoryCacheKey,
  directoryCacheKey,
  directoryCachePath,
} from "@codex-ts/connectors";
import type { AppInfo } from "@codex-ts/protocol";
import { AccountCache } from "./account-cache.js";
import type { AccountSession } from "./account-session.js";
import { readDirectoryFile, writeDirectoryFile } from "./directory-file.js";
import { fetchDirectory } from "./directory-pages.js";
import { ChatgptError } from "./errors.js";
import type { CallOptions, ChatgptClientOptions } from "./options.js";
import { report } from "./report.js";

const ttlMs = 3_600_000;

/** The connectors directory with its caches: for an hour in memory, and in a file for when there is nothing better. */
export class ConnectorsDirectory {
  readonly #options: ChatgptClientOptions;
  readonly #memory: AccountCache<readonly AppInfo[]>;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(options: ChatgptClientOptions) {
    this.#options = options;
    this.#memory = new AccountCache(options.clock ?? Date.now);
  }

  /** Gives what memory has if its time is not over, else what the server says. */
  async list(
    session: AccountSession,
    forceRefetch: boolean,
    options: CallOptions,
  ): Promise<readonly AppInfo[]> {
    const key = this.#key(session.account);
    const known = forceRefetch ? undefined : this.#memory.fresh(key && cacheKeyJson(key));
    if (known !== undefined) return known;
    const ticket = this.#memory.takeTicket();
    const { connectors, isComplete } = await fetchDirectory(session, options, this.#options.telemetry);
    if (key !== undefined && isComplete) await this.#keep(ticket, key, connectors);
    return connectors;
  }

  /** Gives what is known without asking the server, however old it is. */
  async cached(account: AccountIdentity): Promise<readonly AppInfo[] | undefined> {
    const key = this.#key(account);
    const path = this.#path(key);
    const known = this.#memory.any(key && cacheKeyJson(key));
    if (known !== undefined || key === undefined || path === undefined) return known;
    const { epoch } = this.#memory;
    const connectors = await this.#attempt(() => readDirectoryFile(path));
    // Its time is over at once, so that a listing asks the server.
    if (connectors !== undefined && this.#memory.epoch === epoch)
      this.#memory.storeExpired(cacheKeyJson(key), connectors);
    return connectors;
  }

  clear(): void {
    this.#memory.clear();
  }

  /**
   * Removes the file of an account, whatever is being written to it.
   *
   * @throws ChatgptError of kind `cache`.
   */
  async removeFile(account: AccountIdentity): Promise<void> {
    const path = this.#path(this.#key(account));
    if (path === undefined) return;
    try {
      await this.#inTurn(() => rm(path, { force: true }));
    } catch (cause) {
      throw new ChatgptError("the cache file of the connectors directory could not be removed", {
        kind: "cache",
        cause,
      });
    }
  }

  async #keep(ticket: number, key: DirectoryCacheKey, connectors: readonly AppInfo[]): Promise<void> {
    const path = this.#path(key);
    if (!this.#memory.store(ticket, cacheKeyJson(key), connectors, ttlMs) || path === undefined) return;
    await this.#attempt(() => writeDirectoryFile(path, connectors));
  }

  /** A cache that cannot be read or written is no reason to fail. */
  async #attempt<Value>(use: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await this.#inTurn(use);
    } catch (error) {
      report(this.#options.telemetry, (hooks) => hooks.onCacheFailure?.(error));
      return undefined;
    }
  }

  /** One use of files after the other, so that the newest is the last. */
  #inTurn<Value>(use: () => Promise<Value>): Promise<Value> {
    const turn = this.#lastTurn.then(use);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  #key(account: AccountIdentity): DirectoryCacheKey | undefined {
    return directoryCacheKey(this.#options.baseUrl, account);
  }

  #path(key: DirectoryCacheKey | undefined): string | undefined {
    const { home } = this.#options;
    return home === undefined || key === undefined ? undefined : join(home, directoryCachePath(key));
  }
}
