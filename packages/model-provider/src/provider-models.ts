import type { ModelsManager, ModelsManagerOptions } from "@codex-ts/models-manager";
import type { ModelInfo } from "@codex-ts/protocol";
import type { ModelProvider } from "./model-provider.js";
import type { ProviderAuthScope } from "./provider-auth-scope.js";

/** Settings of {@link createProviderModels}. */
export interface ProviderModelsOptions extends Omit<ModelsManagerOptions, "auth" | "mayFetch" | "provider"> {
  /** A catalogue that stands in for everything else. */
  readonly catalog?: readonly ModelInfo[] | undefined;
}

/** Makes the models manager of a provider: a fixed list for Amazon Bedrock and for a catalogue, else one that asks. */
export function createProviderModels(
  _provider: ModelProvider,
  _scope: ProviderAuthScope,
  _options: ProviderModelsOptions,
): ModelsManager {
  throw new Error("not there yet");
}
