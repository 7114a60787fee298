import type { AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import type { ModelInfo } from "@codex-ts/protocol";
import { defaultSlug, toPresets } from "./catalog.js";
import { findModel } from "./find-model.js";
import type { ModelOverrides } from "./model-overrides.js";
import type { ListOptions, ModelLookup, ModelPreset, ModelsManager } from "./models-manager.js";

/** Settings of {@link createStaticModelsManager}. */
export interface StaticModelsOptions {
  /** Whose login decides which models can be used. */
  readonly auth: AuthSource;
  /** Instructions of models that the catalogue does not know. @defaultValue empty */
  readonly baseInstructions?: string | undefined;
}

/**
 * Makes a models manager over a fixed catalogue. It sends and stores nothing, whatever the strategy.
 *
 * @throws TypeError when the catalogue is empty.
 */
export function createStaticModelsManager(
  models: readonly ModelInfo[],
  options: StaticModelsOptions,
): ModelsManager {
  if (models.length === 0) throw new TypeError('"models" must hold at least one model');
  return new StaticModelsManager([...models], options);
}

class StaticModelsManager implements ModelsManager {
  readonly #models: readonly ModelInfo[];
  readonly #options: StaticModelsOptions;

  constructor(models: readonly ModelInfo[], options: StaticModelsOptions) {
    this.#models = models;
    this.#options = options;
  }

  async list({ signal }: ListOptions = {}): Promise<readonly ModelPreset[]> {
    signal?.throwIfAborted();
    return toPresets(this.#models, await this.#login(signal));
  }

  async defaultModel(configured?: string, options?: ListOptions): Promise<string> {
    return configured ?? defaultSlug(await this.list(options));
  }

  async find(name: string, overrides?: ModelOverrides): Promise<ModelLookup> {
    const { baseInstructions = "" } = this.#options;
    return findModel(this.#models, name, { overrides, baseInstructions });
  }

  noteEtag(): void {}

  async settled(): Promise<void> {}

  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}

  /** A login that fails is as good as none here: whoever is about to use it hears of the failure. */
  async #login(signal: AbortSignal | undefined): Promise<AuthSnapshot | undefined> {
    try {
      return await this.#options.auth.current(signal);
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }
}
