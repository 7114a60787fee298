import type { ModelInfo } from "@codex-ts/protocol";
import type { FetchedModels, ModelsCache } from "./models-cache.js";

/** What a {@link ModelList} works with. */
export interface ModelListOptions {
  /** Nothing: it is kept in memory only. */
  readonly cache: ModelsCache | undefined;
  /** Milliseconds. */
  readonly ttlMs: number;
  readonly clock: () => number;
}

/** A provider's list for one owner: in memory, and in the cache file if there is one. */
export class ModelList {
  readonly #options: ModelListOptions;
  #fetched: FetchedModels | undefined;
  /** The tag of a model call that made us fetch what we have. It need not be the one of the list. */
  #announcedEtag: string | undefined;
  #fetching: Promise<void> | undefined;

  constructor(options: ModelListOptions) {
    this.#options = options;
  }

  /** The newest list; empty while there is none. */
  get models(): readonly ModelInfo[] {
    return this.#fetched?.models ?? [];
  }

  /** Makes sure that a list which is fresh is in memory, if there is one. */
  async loadFresh(): Promise<boolean> {
    if (this.#isFresh(this.#fetched)) return true;
    const cached = await this.#options.cache?.read();
    if (!this.#isFresh(cached)) return false;
    this.#fetched = cached;
    return true;
  }

  /** Takes a list from the cache file, however old, if there is none at all. */
  async loadAny(): Promise<void> {
    this.#fetched ??= await this.#options.cache?.read();
  }

  /** Fetches the list. Callers share one fetch. */
  fetch(request: () => Promise<Omit<FetchedModels, "fetchedAtMs">>): Promise<void> {
    this.#fetching ??= this.#fetch(request).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** Tells whether a model call's tag means the list that we have. */
  isCurrent(etag: string): boolean {
    return this.#fetched !== undefined && (this.#fetched.etag === etag || this.#announcedEtag === etag);
  }

  /** Remembers the tag that made us fetch, so that a provider with two tags for one list is not asked for ever. */
  announce(etag: string): void {
    this.#announcedEtag = etag;
  }

  /** Counts the list as fetched now, if that makes a difference: the provider has just confirmed it. */
  async renew(): Promise<void> {
    const { cache, ttlMs, clock } = this.#options;
    const fetched = this.#fetched;
    const now = clock();
    if (fetched === undefined || now - fetched.fetchedAtMs <= ttlMs / 2) return;
    this.#fetched = { ...fetched, fetchedAtMs: now };
    await cache?.write(this.#fetched);
  }

  async #fetch(request: () => Promise<Omit<FetchedModels, "fetchedAtMs">>): Promise<void> {
    const { models, etag } = await request();
    this.#fetched = { models, etag, fetchedAtMs: this.#options.clock() };
    await this.#options.cache?.write(this.#fetched);
  }

  // One that was fetched in the future is fresh: the clock was set back since.
  #isFresh(fetched: FetchedModels | undefined): fetched is FetchedModels {
    const { ttlMs, clock } = this.#options;
    return fetched !== undefined && ttlMs > 0 && clock() - fetched.fetchedAtMs <= ttlMs;
  }
}
