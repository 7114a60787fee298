import { join } from "node:path";
import { ModelsClient, type Provider } from "@codex-ts/api";
import type { AuthSnapshot } from "@codex-ts/auth-provider";
import type { ModelInfo } from "@codex-ts/protocol";
import { abortable } from "./abortable.js";
import { BackgroundTasks } from "./background-tasks.js";
import { bundledModels } from "./bundled-models.js";
import { defaultSlug, mergeModels, toPresets } from "./catalog.js";
import { findModel } from "./find-model.js";
import { ModelList } from "./model-list.js";
import type { ModelOverrides } from "./model-overrides.js";
import { type FetchedModels, ModelsCache } from "./models-cache.js";
import type {
  ListOptions,
  ModelLookup,
  ModelPreset,
  ModelsManager,
  RefreshStrategy,
} from "./models-manager.js";
import type { ModelsManagerOptions } from "./options.js";
import { ownerOf } from "./owner.js";
import { ownersAuth } from "./owners-auth.js";

/**
 * Makes a models manager that asks the provider.
 *
 * @throws TypeError for an option that cannot be.
 */
export function createModelsManager(options: ModelsManagerOptions): ModelsManager {
  return new ProviderModelsManager(options);
}

/** Who asks whom at this moment, and what they have got so far. */
interface Situation {
  readonly login: AuthSnapshot | undefined;
  readonly provider: Provider;
  readonly key: string;
  readonly list: ModelList;
  /** False when the login failed just now, so that this is how it was before. */
  readonly isCertain: boolean;
}

class ProviderModelsManager implements ModelsManager {
  readonly #options: ModelsManagerOptions;
  readonly #background = new BackgroundTasks();
  readonly #closing = new AbortController();
  /** Of one owner at a time: whoever comes next starts afresh. */
  #newest: Situation | undefined;

  constructor(options: ModelsManagerOptions) {
    if (!version.test(options.clientVersion))
      throw new TypeError('"clientVersion" must be a version such as 1.2.3');
    for (const name of ["cacheTtlMs", "timeoutMs"] as const) {
      const value = options[name];
      if (value !== undefined && !(value >= 0))
        throw new TypeError(`"${name}" must be a non-negative number of milliseconds`);
    }
    this.#options = options;
  }

  async list({ strategy = "online_if_uncached", signal }: ListOptions = {}): Promise<readonly ModelPreset[]> {
    signal?.throwIfAborted();
    const situation = await this.#situation(signal);
    await this.#refresh(situation, strategy, signal);
    return toPresets(this.#models(situation), situation.login);
  }

  async defaultModel(configured?: string, options?: ListOptions): Promise<string> {
    return configured ?? defaultSlug(await this.list(options));
  }

  async find(name: string, overrides?: ModelOverrides): Promise<ModelLookup> {
    const situation = await this.#situation();
    await situation.list.loadAny();
    const { baseInstructions = "" } = this.#options;
    return findModel(this.#models(situation), name, { overrides, baseInstructions });
  }

  noteEtag(etag: string): void {
    if (!this.#closing.signal.aborted) this.#background.run(() => this.#followEtag(etag));
  }

  async settled(): Promise<void> {
    await this.#background.settled();
  }

  async close(): Promise<void> {
    this.#closing.abort(new DOMException("the models manager was closed", "AbortError"));
    await this.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #models({ list, login }: Situation): readonly ModelInfo[] {
    return mergeModels(this.#options.bundled ?? bundledModels, list.models, login?.mode);
  }

  async #situation(signal?: AbortSignal): Promise<Situation> {
    let login: AuthSnapshot | undefined;
    try {
      login = await this.#options.auth.current(signal);
    } catch (error) {
      signal?.throwIfAborted();
      this.#report(error);
      return { ...(this.#newest ?? this.#situationOf(undefined)), isCertain: false };
    }
    this.#newest = this.#situationOf(login);
    return this.#newest;
  }

  #situationOf(login: AuthSnapshot | undefined): Situation {
    const provider = this.#provider(login);
    const { key, isNamed } = ownerOf(provider, login);
    const list = this.#newest?.key === key ? this.#newest.list : this.#openList(key, isNamed);
    return { login, provider, key, list, isCertain: true };
  }

  #provider(login: AuthSnapshot | undefined): Provider {
    const { provider } = this.#options;
    return typeof provider === "function" ? provider(login) : provider;
  }

  #openList(key: string, isNamed: boolean): ModelList {
    const { cacheFolder, cacheTtlMs = 300_000, clientVersion, clock = Date.now, telemetry } = this.#options;
    const cache =
      cacheFolder === undefined || !isNamed
        ? undefined
        : new ModelsCache({
            path: join(cacheFolder, `${key.slice(0, 32)}.json`),
            key,
            clientVersion,
            onFailure: (error) => tell(() => telemetry?.onCacheFailure?.(error)),
          });
    return new ModelList({ cache, ttlMs: cacheTtlMs, clock });
  }

  async #refresh(
    situation: Situation,
    strategy: RefreshStrategy,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { list } = situation;
    if (strategy !== "online" && (await list.loadFresh())) return;
    if (strategy === "offline" || !(await this.#mayFetch(situation))) return;
    await abortable(this.#fetch(situation), signal);
  }

  async #mayFetch({ login, isCertain }: Situation): Promise<boolean> {
    const { mayFetch } = this.#options;
    if (!isCertain || this.#closing.signal.aborted) return false;
    return (await mayFetch?.(login)) ?? login?.usesCodexBackend === true;
  }

  /** Never rejects. A list that cannot be had leaves the one before, or else what the cache file has kept. */
  async #fetch(situation: Situation, announcedEtag?: string): Promise<void> {
    const { list } = situation;
    try {
      await list.fetch(() => this.#request(situation), announcedEtag);
    } catch (error) {
      this.#report(error);
      await list.loadAny();
    }
  }

  async #request(situation: Situation): Promise<Omit<FetchedModels, "fetchedAtMs">> {
    const { transport, clientVersion, timeoutMs = 5000, telemetry } = this.#options;
    const { provider, key } = situation;
    const auth = ownersAuth(this.#options.auth, (login) => ownerOf(this.#provider(login), login).key === key);
    const client = new ModelsClient({ transport, provider, auth, telemetry });
    const startedAtMs = performance.now();
    const limit = timeLimit(timeoutMs);
    const signal = AbortSignal.any([limit, this.#closing.signal]);
    try {
      const found = await client.list({
        clientVersion: version.exec(clientVersion)?.[0] ?? clientVersion,
        signal,
      });
      const durationMs = performance.now() - startedAtMs;
      tell(() => telemetry?.onRefresh?.({ durationMs, modelCount: found.models.length }));
      return found;
    } catch (cause) {
      if (!limit.aborted) throw cause;
      throw new Error(`${provider.name} did not list its models within ${timeoutMs} ms`, { cause });
    }
  }

  async #followEtag(etag: string): Promise<void> {
    const situation = await this.#situation();
    const { list } = situation;
    await list.loadAny();
    // What has been asked for before the tag was seen may be the list before the change.
    await list.idle();
    if (list.isCurrent(etag)) await list.renew();
    else if (await this.#mayFetch(situation)) await this.#fetch(situation, etag);
  }

  #report(error: unknown): void {
    if (!this.#closing.signal.aborted) tell(() => this.#options.telemetry?.onRefreshFailure?.(error));
  }
}

// `major.minor.patch`, and what follows.
const version = /^\d+\.\d+\.\d+(?=$|[-+])/;

function timeLimit(milliseconds: number): AbortSignal {
  // Longer ones would overflow the timer. It would be a month.
  if (milliseconds === 0 || milliseconds > 2 ** 31 - 1) return new AbortController().signal;
  return AbortSignal.timeout(milliseconds);
}

/** A hook that fails is its author's affair. */
function tell(hook: () => void): void {
  try {
    hook();
  } catch {
    // Nobody is waiting for it.
  }
}
