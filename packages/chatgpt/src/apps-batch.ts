import { cacheKeyJson, directoryCacheKey } from "@codex-ts/connectors";
import type { AppsBatchRequest, BatchApp } from "@codex-ts/protocol";
import { AccountCache } from "./account-cache.js";
import type { AccountSession } from "./account-session.js";
import type { CallOptions, ChatgptClientOptions } from "./options.js";

const ttlMs = 3_600_000;

/** What is asked about apps. */
export interface LookUpAppsOptions extends CallOptions {
  /**
   * Whether their tools are asked for, too.
   *
   * @defaultValue false
   */
  readonly includeTools?: boolean | undefined;
}

/** What was found of the apps that were asked for. */
export interface LookedUpApps {
  /** Each once, in the order in which they were asked for. */
  readonly apps: readonly BatchApp[];
  /** Those that the account does not find. */
  readonly missingIds: readonly string[];
}

interface KnownApp {
  readonly app: BatchApp;
  readonly expiresAt: number;
}

/** Looks apps up, and remembers each for an hour. */
export class AppsBatch {
  readonly #options: ChatgptClientOptions;
  readonly #now: () => number;
  readonly #memory: AccountCache<ReadonlyMap<string, KnownApp>>;

  constructor(options: ChatgptClientOptions) {
    this.#options = options;
    this.#now = options.clock ?? Date.now;
    this.#memory = new AccountCache(this.#now);
  }

  async lookUp(
    ids: Iterable<string>,
    includeTools: boolean,
    session: AccountSession,
    options: CallOptions,
  ): Promise<LookedUpApps> {
    const directoryKey = directoryCacheKey(this.#options.baseUrl, session.account);
    const key = directoryKey && cacheKeyJson(directoryKey);
    const wanted = new Set(ids);
    const found = new Map<string, BatchApp>();
    for (const [id, { app, expiresAt }] of this.#memory.fresh(key) ?? []) {
      if (expiresAt > this.#now() && wanted.has(id) && (app.tools !== null || !includeTools))
        found.set(id, app);
    }
    const unknown = [...wanted].filter((id) => !found.has(id));
    if (unknown.length > 0) {
      const { epoch } = this.#memory;
      const fetched = await this.#fetch({ app_ids: unknown, include_tools: includeTools }, session, options);
      if (key !== undefined && this.#memory.epoch === epoch) this.#keep(key, fetched);
      for (const [id, app] of fetched) found.set(id, app);
    }
    return {
      apps: [...wanted].flatMap((id) => {
        const app = found.get(id);
        return app === undefined ? [] : [includeTools ? app : { ...app, tools: null }];
      }),
      missingIds: unknown.filter((id) => !found.has(id)),
    };
  }

  clear(): void {
    this.#memory.clear();
  }

  async #fetch(
    request: AppsBatchRequest,
    session: AccountSession,
    options: CallOptions,
  ): Promise<ReadonlyMap<string, BatchApp>> {
    const { apps } = await session.request(
      {
        method: "POST",
        path: "ps/apps/batch",
        json: request,
        headers: { "oai-product-sku": this.#options.productSku ?? "codex" },
      },
      ({ appsBatchResponseSchema }) => appsBatchResponseSchema,
      options,
    );
    // What was not asked for is not taken, and of two answers for the same app only the first one.
    const asked = new Set(request.app_ids);
    return new Map(
      apps
        .filter(({ id }) => asked.has(id))
        .reverse()
        .map((app) => [app.id, app]),
    );
  }

  #keep(key: string, fetched: ReadonlyMap<string, BatchApp>): void {
    const expiresAt = this.#now() + ttlMs;
    const known = new Map(this.#memory.fresh(key));
    for (const [id, app] of fetched) known.set(id, { app, expiresAt });
    this.#memory.store(this.#memory.takeTicket(), key, known, ttlMs);
  }
}
