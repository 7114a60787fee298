import {
  createModelsManager,
  createStaticModelsManager,
  type ModelsManager,
  type ModelsManagerOptions,
} from "@codex-ts/models-manager";
import type { ModelInfo } from "@codex-ts/protocol";
import { toApiProvider } from "./api-provider.js";
import { bedrockModels, withoutTiers } from "./bedrock-models.js";
import type { ModelProvider } from "./model-provider.js";
import type { ProviderAuthScope } from "./provider-auth-scope.js";

/** Settings of {@link createProviderModels}. */
export interface ProviderModelsOptions extends Omit<ModelsManagerOptions, "auth" | "mayFetch" | "provider"> {
  /** A catalogue that stands in for everything else. */
  readonly catalog?: readonly ModelInfo[] | undefined;
}

/**
 * Makes the models manager of a provider: a fixed list for Amazon Bedrock and for a catalogue, else one that asks the
 * provider, if the login uses the Codex backend or the provider has a token command.
 *
 * @throws TypeError for an option that cannot be, such as an empty catalogue.
 */
export function createProviderModels(
  provider: ModelProvider,
  scope: ProviderAuthScope,
  { catalog, ...options }: ProviderModelsOptions,
): ModelsManager {
  const auth = scope.sourceOf(provider);
  const { baseInstructions } = options;
  if (provider.aws !== undefined) {
    const models = catalog?.map(withoutTiers) ?? bedrockModels;
    return createStaticModelsManager(models, { auth, baseInstructions });
  }
  if (catalog !== undefined) return createStaticModelsManager(catalog, { auth, baseInstructions });
  return createModelsManager({
    ...options,
    auth,
    provider: (login) => toApiProvider(provider, { mode: login?.mode, environment: scope.environment }),
    mayFetch: () => provider.tokenCommand !== undefined || usesCodexBackend(scope),
  });
}

/** A login that uses the Codex backend opens the gate also of a provider that it is not sent to. */
async function usesCodexBackend({ login }: ProviderAuthScope): Promise<boolean> {
  try {
    const snapshot = login?.cached === undefined ? await login?.current() : login.cached();
    return snapshot?.usesCodexBackend === true;
  } catch {
    return false;
  }
}
