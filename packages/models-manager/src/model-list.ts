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
  #storing: Promise<void> = Promise.resolve();

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
    if (this.#isFresh(cached)) this.#adopt(cached);
    return this.#isFresh(this.#fetched);
  }

  /** Takes a list from the cache file, however old, if there is none at all. */
  async loadAny(): Promise<void> {
    if (this.#fetched !== undefined) return;
    const cached = await this.#options.cache?.read();
    if (cached !== undefined) this.#adopt(cached);
  }

  /**
   * Fetches the list. Callers share one fetch.
   *
   * @param announcedEtag - The tag of a model call that is the reason. The provider may give the list itself another
   * one, and is not to be asked for ever.
   */
  fetch(
    request: () => Promise<Omit<FetchedModels, "fetchedAtMs">>,
    announcedEtag: string | undefined,
  ): Promise<void> {
    this.#fetching ??= this.#fetch(request, announcedEtag).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** Waits for a fetch that has begun already, whatever becomes of it. */
  async idle(): Promise<void> {
    await this.#fetching?.catch(() => {});
  }

  /** Tells whether a model call's tag means the list that we have. */
  isCurrent(etag: string): boolean {
    return this.#fetched !== undefined && (this.#fetched.etag === etag || this.#announcedEtag === etag);
  }

  /** Counts the list as fetched now, if that makes a difference: the provider has just confirmed it. */
  async renew(): Promise<void> {
    const { ttlMs, clock } = this.#options;
    const fetched = this.#fetched;
    const now = clock();
    if (fetched === undefined || now - fetched.fetchedAtMs <= ttlMs / 2) return;
    this.#fetched = { ...fetched, fetchedAtMs: now };
    await this.#store();
  }

  async #fetch(
    request: () => Promise<Omit<FetchedModels, "fetchedAtMs">>,
    announcedEtag: string | undefined,
  ): Promise<void> {
    const { models, etag } = await request();
    this.#fetched = { models, etag, fetchedAtMs: this.#options.clock() };
    this.#announcedEtag = announcedEtag;
    await this.#store();
  }

  /** A list that was fetched while the file was read is newer. */
  #adopt(cached: FetchedModels): void {
    if (this.#fetched === undefined || cached.fetchedAtMs > this.#fetched.fetchedAtMs) this.#fetched = cached;
  }

  /** One after the other, so that what is stored last is the newest. */
  #store(): Promise<void> {
    const { cache } = this.#options;
    this.#storing = this.#storing.then(() => this.#fetched && cache?.write(this.#fetched));
    return this.#storing;
  }

  // One that was fetched in the future is fresh: the clock was set back since.
  #isFresh(fetched: FetchedModels | undefined): fetched is FetchedModels {
    const { ttlMs, clock } = this.#options;
    return fetched !== undefined && ttlMs > 0 && clock() - fetched.fetchedAtMs <= ttlMs;
  }
}
