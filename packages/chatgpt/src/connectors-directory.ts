import { join } from "node:path";
import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { cacheKeyJson, type DirectoryCacheKey, directoryCacheKey, directoryCachePath } from "@codex-ts/connectors";
import type { AppInfo } from "@codex-ts/protocol";
import { AccountCache } from "./account-cache.js";
import type { AccountSession } from "./account-session.js";
import { readDirectoryFile, writeDirectoryFile } from "./directory-file.js";
import { fetchDirectory } from "./directory-pages.js";
import type { CallOptions, ChatgptClientOptions } from "./options.js";

const ttlMs = 3_600_000;

/** The connectors directory with its caches: for an hour in memory, and in a file for when there is nothing better. */
export class ConnectorsDirectory {
  readonly #options: ChatgptClientOptions;
  readonly #memory: AccountCache<readonly AppInfo[]>;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: ChatgptClientOptions) {
    this.#options = options;
    this.#memory = new AccountCache(options.clock ?? Date.now);
  }

  /** Gives what memory has if its time is not over, else what the server says. */
  async list(
    login: AuthSnapshot,
    session: () => AccountSession,
    { forceRefetch = false, ...options }: CallOptions & { readonly forceRefetch?: boolean | undefined },
  ): Promise<readonly AppInfo[]> {
    const key = this.#key(login);
    const known = forceRefetch ? undefined : this.#memory.fresh(key && cacheKeyJson(key));
    if (known !== undefined) return known;
    const ticket = this.#memory.takeTicket();
    const { telemetry } = this.#options;
    const { connectors, isComplete } = await fetchDirectory(session(), login.account, options, telemetry);
    if (key !== undefined && isComplete) await this.#keep(ticket, key, connectors);
    return connectors;
  }

  /** Gives what is known without asking the server, however old it is. */
  async cached(login: AuthSnapshot): Promise<readonly AppInfo[] | undefined> {
    const key = this.#key(login);
    const path = this.#path(key);
    const known = this.#memory.any(key && cacheKeyJson(key));
    if (known !== undefined || key === undefined || path === undefined) return known;
    const ticket = this.#memory.takeTicket();
    const connectors = await this.#attempt(() => readDirectoryFile(path));
    // Its time is over at once, so that a listing asks the server.
    if (connectors !== undefined) this.#memory.store(ticket, cacheKeyJson(key), connectors, 0);
    return connectors;
  }

  clear(): void {
    this.#memory.clear();
  }

  /** Removes the file of an account. */
  async removeFile(login: AuthSnapshot): Promise<void> {}

  async #keep(ticket: number, key: DirectoryCacheKey, connectors: readonly AppInfo[]): Promise<void> {
    const path = this.#path(key);
    if (!this.#memory.store(ticket, cacheKeyJson(key), connectors, ttlMs) || path === undefined) return;
    // One after the other, so that the newest is the last.
    this.#writing = this.#writing.then(() => this.#attempt(() => writeDirectoryFile(path, connectors)));
    await this.#writing;
  }

  #key({ account }: AuthSnapshot): DirectoryCacheKey | undefined {
    return directoryCacheKey(this.#options.baseUrl, account);
  }

  #path(key: DirectoryCacheKey | undefined): string | undefined {
    const { home } = this.#options;
    return home === undefined || key === undefined ? undefined : join(home, directoryCachePath(key));
  }

  /** A cache is no reason to fail. */
  async #attempt<Value>(use: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await use();
    } catch (error) {
      this.#options.telemetry?.onCacheFailure?.(error);
      return undefined;
    }
  }
}
