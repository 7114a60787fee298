import type { Environment } from "@codex-ts/client";
import type { ModelProvider } from "./model-provider.js";

/** What reading a configuration needs beside it. */
export interface ReadProvidersOptions {
  /** Sent to OpenAI as header `version`. */
  readonly clientVersion: string;
  /** Where relative folders of token commands begin. @defaultValue the working directory of this process */
  readonly configFolder?: string | undefined;
  /** Environment variables. @defaultValue {@link readProviderEnvironment} */
  readonly environment?: Environment | undefined;
}

/** The members of a configuration that concern providers, as they stand in the file. All else is ignored. */
export interface ProviderConfig {
  /** The id of the chosen provider. */
  readonly model_provider?: unknown;
  /** Tables by id. */
  readonly model_providers?: unknown;
  /** Base URL of the provider `openai`. Blank is none. */
  readonly openai_base_url?: unknown;
}

/**
 * Finds a provider among the built-in ones and those of a configuration.
 *
 * @param id - By default `model_provider` of the configuration, or else `openai`.
 * @throws {@link ModelProviderError} of kind `unknown_provider` or `configuration`.
 */
export async function resolveProvider(
  _id: string | undefined,
  _config: ProviderConfig,
  _options: ReadProvidersOptions,
): Promise<ModelProvider> {
  throw new Error("not there yet");
}
