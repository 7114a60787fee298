import type { ModelInfo } from "@codex-ts/protocol";
import type { ModelOverrides } from "./model-overrides.js";

/**
 * When to ask the provider for its list. `online`: now. `offline`: never, the cache at most. `online_if_uncached`: if
 * the cache has no fresh list.
 */
export type RefreshStrategy = "offline" | "online" | "online_if_uncached";

/** What a question to a {@link ModelsManager} may say. */
export interface ListOptions {
  /** @defaultValue "online_if_uncached" */
  readonly strategy?: RefreshStrategy | undefined;
  /** Gives up waiting. A refresh that others wait for goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** A model that can be chosen. */
export interface ModelPreset {
  readonly model: ModelInfo;
  /** Whether it is the one to take when nobody chooses. True of one model at most. */
  readonly isDefault: boolean;
  /** False: it works, but is not offered in a list to choose from. */
  readonly showInPicker: boolean;
}

/** What is known of the model behind a name. */
export interface ModelLookup {
  /** Its `slug` is the name that was asked for. */
  readonly model: ModelInfo;
  /** True when the catalogue has nothing like it, so that these are careful defaults: worth a warning. */
  readonly isFallback: boolean;
}

/** The catalogue of models of one provider and of whoever is signed in at the moment. */
export interface ModelsManager extends AsyncDisposable {
  /**
   * Lists the models, the most important first. A refresh that fails leaves the list that was there, and is told to
   * the telemetry.
   *
   * @throws The reason of `signal`, when it fires; nothing else.
   */
  list(options?: ListOptions): Promise<readonly ModelPreset[]>;
  /**
   * Names the model to use.
   *
   * @param configured - Returned as it is, if given.
   * @returns An empty text when there is no model.
   */
  defaultModel(configured?: string, options?: ListOptions): Promise<string>;
  /** Finds what is known of a model, without asking the provider: by the longest slug that its name begins with. */
  find(name: string, overrides?: ModelOverrides): Promise<ModelLookup>;
  /**
   * Takes the `x-models-etag` of a model call's answer. If the list has changed, it is fetched in the background; the
   * caller waits for nothing and hears of no failure.
   */
  noteEtag(etag: string): void;
  /** Resolves when nothing runs in the background. */
  settled(): Promise<void>;
  /** Ends what runs in the background. The lists stay readable. */
  close(): Promise<void>;
}
