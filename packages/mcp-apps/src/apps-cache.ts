import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@codex-ts/atomic-file";
import {
  type AccountCacheFolder,
  type AccountCacheKey,
  accountCachePath,
  cacheKeyJson,
  codexAppsServerName,
} from "@codex-ts/connectors";
import type { McpServerInfo, McpToolInfo } from "@codex-ts/protocol";

type Schemas = typeof import("@codex-ts/protocol/schemas");

/** What was listed for an account. */
export interface Listing {
  readonly tools: readonly McpToolInfo[];
  readonly serverInfo: McpServerInfo | undefined;
}

/** Where listings are kept. */
export interface AppsCacheOptions {
  /** The Codex home. Without one, listings are kept in memory only. */
  readonly codexHome?: string | undefined;
  /** Told what goes wrong when a file is written: the listing is good all the same. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Keeps what was listed for each account, in memory and in files that other processes read as well. Nothing is kept
 * for an account that cannot be told from another one. Entries do not grow old; they are replaced by each listing.
 */
export class AppsCache {
  readonly #options: AppsCacheOptions;
  readonly #kept = new Map<string, Listing & { readonly order: number }>();
  #order = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: AppsCacheOptions) {
    this.#options = options;
  }

  /** Reads the tools of an account. A file that is torn, foreign or of another version counts as none. */
  async tools(key: AccountCacheKey | undefined): Promise<readonly McpToolInfo[] | undefined> {
    if (key === undefined) return undefined;
    const file = await this.#read("codex_apps_tools", key, (schemas) => schemas.codexAppsToolsFileSchema);
    const isOurs = file?.tools.every(({ server_name }) => server_name === codexAppsServerName) === true;
    return isOurs ? file.tools : this.#kept.get(cacheKeyJson(key))?.tools;
  }

  /** Reads what the server said of itself to an account. */
  async serverInfo(key: AccountCacheKey | undefined): Promise<McpServerInfo | undefined> {
    if (key === undefined) return undefined;
    const folder = "codex_apps_server_info";
    const file = await this.#read(folder, key, (schemas) => schemas.codexAppsServerInfoFileSchema);
    return file?.server_info ?? this.#kept.get(cacheKeyJson(key))?.serverInfo;
  }

  /** Begins a listing. Of two that overlap, the one that was begun later is kept. */
  begin(): number {
    this.#order += 1;
    return this.#order;
  }

  /**
   * Keeps a listing.
   *
   * @param order - What {@link AppsCache.begin} returned.
   */
  async store(key: AccountCacheKey | undefined, order: number, listing: Listing): Promise<void> {
    if (key === undefined) return;
    const name = cacheKeyJson(key);
    if ((this.#kept.get(name)?.order ?? 0) > order) return;
    this.#kept.set(name, { ...listing, order });
    const written = this.#writing.then(() => this.#writeFiles(key, order));
    this.#writing = written;
    await written;
  }

  async #writeFiles(key: AccountCacheKey, order: number): Promise<void> {
    const kept = this.#kept.get(cacheKeyJson(key));
    if (this.#options.codexHome === undefined || kept?.order !== order) return;
    await this.#write("codex_apps_tools", key, { schema_version: 4, tools: kept.tools });
    if (kept.serverInfo === undefined) return;
    await this.#write("codex_apps_server_info", key, { schema_version: 1, server_info: kept.serverInfo });
  }

  async #write(folder: AccountCacheFolder, key: AccountCacheKey, content: object): Promise<void> {
    const { codexHome = "", onError } = this.#options;
    try {
      await replaceFile(join(codexHome, accountCachePath(folder, key)), JSON.stringify(content, null, 2));
    } catch (error) {
      onError?.(error);
    }
  }

  async #read<Value>(
    folder: AccountCacheFolder,
    key: AccountCacheKey,
    choose: (schemas: Schemas) => { safeParse(value: unknown): { readonly data?: Value | undefined } },
  ): Promise<Value | undefined> {
    const { codexHome } = this.#options;
    if (codexHome === undefined) return undefined;
    const value = await readJson(join(codexHome, accountCachePath(folder, key)));
    if (value === undefined) return undefined;
    return choose(await import("@codex-ts/protocol/schemas")).safeParse(value).data;
  }
}

const maxFileBytes = 32 * 1024 * 1024;

async function readJson(path: string): Promise<unknown> {
  try {
    const file = await stat(path);
    if (!file.isFile() || file.size > maxFileBytes) return undefined;
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // A cache that cannot be read is none.
    return undefined;
  }
}
