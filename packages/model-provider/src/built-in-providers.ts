import type { Environment } from "@codex-ts/client";
import { readProviderEnvironment } from "./environment.js";
import type { ModelProvider } from "./model-provider.js";
import { ProviderHeaders } from "./provider-headers.js";

/** What the built-in providers depend on. */
export interface BuiltInProvidersOptions {
  /** Version of the calling client, sent to OpenAI as header `version`. */
  readonly clientVersion: string;
  /** Base URL of the provider `openai`. Left out or empty, it follows the login. */
  readonly openaiBaseUrl?: string | undefined;
  /** Read for `CODEX_OSS_BASE_URL` and `CODEX_OSS_PORT`. @defaultValue {@link readProviderEnvironment} */
  readonly environment?: Environment | undefined;
}

/** Name of the provider that is OpenAI itself. */
export const openaiName = "OpenAI";
/** Name of the provider that is Amazon Bedrock. */
export const bedrockName = "Amazon Bedrock";
/** Id of the provider that is Amazon Bedrock. */
export const bedrockId = "amazon-bedrock";

/** Lists the providers that need no configuration, by id: `openai`, `amazon-bedrock`, `ollama` and `lmstudio`. */
export function builtInProviders(options: BuiltInProvidersOptions): ReadonlyMap<string, ModelProvider> {
  const { clientVersion, openaiBaseUrl, environment = readProviderEnvironment() } = options;
  const providers: readonly ModelProvider[] = [
    {
      ...defaults,
      id: "openai",
      name: openaiName,
      baseUrl: openaiBaseUrl === "" ? undefined : openaiBaseUrl,
      headers: new ProviderHeaders(
        { version: clientVersion },
        { "OpenAI-Organization": "OPENAI_ORGANIZATION", "OpenAI-Project": "OPENAI_PROJECT" },
      ),
      requiresOpenaiAuth: true,
      supportsWebsockets: true,
    },
    {
      ...defaults,
      id: bedrockId,
      name: bedrockName,
      // The region that is in use by then takes its place: see bedrockBaseUrl.
      baseUrl: "https://bedrock-mantle.us-east-1.api.aws/openai/v1",
      aws: {},
      headers: new ProviderHeaders({ "x-amzn-mantle-client-agent": "codex" }),
    },
    localProvider("ollama", 11_434, environment),
    localProvider("lmstudio", 1234, environment),
  ];
  return new Map(providers.map((provider) => [provider.id, provider]));
}

/** What a provider has that says nothing else. */
export const defaults: Omit<ModelProvider, "id" | "name"> = {
  headers: new ProviderHeaders(),
  requestMaxRetries: 4,
  streamMaxRetries: 5,
  streamIdleTimeoutMs: 300_000,
  websocketConnectTimeoutMs: 15_000,
  requiresOpenaiAuth: false,
  supportsWebsockets: false,
};

function localProvider(id: string, defaultPort: number, environment: Environment): ModelProvider {
  const { CODEX_OSS_BASE_URL: baseUrl, CODEX_OSS_PORT: port } = environment;
  return {
    ...defaults,
    id,
    name: "gpt-oss",
    baseUrl: isBlank(baseUrl) ? `http://localhost:${parsePort(port) ?? defaultPort}/v1` : baseUrl,
  };
}

function isBlank(value: string | undefined): value is undefined {
  return value === undefined || value.trim() === "";
}

function parsePort(text: string | undefined): number | undefined {
  const port = text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  return port !== undefined && port <= 65_535 ? port : undefined;
}
