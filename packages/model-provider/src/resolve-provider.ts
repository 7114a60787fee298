import { resolve } from "node:path";
import { type Environment, Secret } from "@codex-ts/client";
import { createTokenCommand, type ExternalAuth } from "@codex-ts/login";
import type { AwsTable, ModelProviderTable, TokenCommandTable } from "@codex-ts/protocol";
import { bedrockId, builtInProviders, defaults } from "./built-in-providers.js";
import { ModelProviderError } from "./errors.js";
import type { ModelProvider } from "./model-provider.js";
import { ProviderHeaders } from "./provider-headers.js";
import { findProblem, parseProviderTable } from "./provider-table.js";

/** The members of a configuration that concern providers, as they stand in the file. All else is ignored. */
export interface ProviderConfig {
  /** The id of the chosen provider. */
  readonly model_provider?: unknown;
  /** Tables by id. */
  readonly model_providers?: unknown;
  /** Base URL of the provider `openai`. Empty is none. */
  readonly openai_base_url?: unknown;
}

/** What reading a configuration needs beside it. */
export interface ReadProvidersOptions {
  /** Version of the calling client, sent to OpenAI as header `version`. */
  readonly clientVersion: string;
  /** Where relative folders of token commands begin. @defaultValue the working directory of this process */
  readonly configFolder?: string | undefined;
  /** Read for the addresses of local providers. @defaultValue {@link readProviderEnvironment} */
  readonly environment?: Environment | undefined;
}

/**
 * Finds a provider among the built-in ones and those of a configuration, all of which are checked.
 *
 * @param id - By default `model_provider` of the configuration, or else `openai`.
 * @throws {@link ModelProviderError} of kind `unknown_provider` or `configuration`.
 */
export async function resolveProvider(
  id: string | undefined,
  config: ProviderConfig,
  options: ReadProvidersOptions,
): Promise<ModelProvider> {
  const providerId = id ?? optionalText(config, "model_provider") ?? "openai";
  const provider = (await readProviders(config, options)).get(providerId);
  if (provider !== undefined) return provider;
  const message = removed.get(providerId) ?? `Model provider \`${providerId}\` not found`;
  throw new ModelProviderError(message, { kind: "unknown_provider", providerId });
}

/**
 * Lists the built-in providers and those of a configuration, by id.
 *
 * @throws {@link ModelProviderError} of kind `configuration`.
 */
export async function readProviders(
  config: ProviderConfig,
  options: ReadProvidersOptions,
): Promise<ReadonlyMap<string, ModelProvider>> {
  const openaiBaseUrl = optionalText(config, "openai_base_url");
  const providers = new Map(builtInProviders({ ...options, openaiBaseUrl }));
  const tables = userTables(config.model_providers);
  for (const [id, value] of tables) {
    const path = `model_providers.${id}`;
    const table = await parseProviderTable(value, { path, providerId: id });
    if (id === bedrockId) {
      const builtIn = providers.get(id) as ModelProvider;
      providers.set(id, { ...builtIn, aws: { ...builtIn.aws, ...bedrockSettings(table) } });
      continue;
    }
    const problem = problemOfUserTable(table);
    if (problem !== undefined) throw badConfiguration(`${path}: ${problem}`, id);
    providers.set(id, toProvider(id, table, options.configFolder ?? "."));
  }
  return providers;
}

function userTables(value: unknown): readonly (readonly [id: string, table: unknown])[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object" || Array.isArray(value))
    throw badConfiguration("model_providers: Expected a table");
  const tables = Object.entries(value);
  const taken = tables.flatMap(([id]) => (reserved.has(id) ? [`\`${id}\``] : [])).sort();
  if (taken.length === 0) return tables;
  throw badConfiguration(
    `model_providers contains reserved built-in provider IDs: ${taken.join(", ")}. Built-in providers cannot be ` +
      "overridden. Rename your custom provider (for example, `openai-custom`).",
  );
}

function problemOfUserTable(table: ModelProviderTable): string | undefined {
  if (table.aws !== undefined) return "provider aws is only supported for `amazon-bedrock`";
  if (table.name.trim() === "") return "provider name must not be empty";
  return findProblem(table);
}

function bedrockSettings({ aws, ...others }: ModelProviderTable): AwsTable {
  const { name, wire_api, requires_openai_auth, supports_websockets, ...unexpected } = others;
  if (name === "" && !requires_openai_auth && !supports_websockets && Object.keys(unexpected).length === 0)
    return aws ?? {};
  throw badConfiguration(
    "model_providers.amazon-bedrock only supports changing `aws.profile` and `aws.region`; other non-default provider " +
      "fields are not supported",
    bedrockId,
  );
}

function toProvider(id: string, table: ModelProviderTable, configFolder: string): ModelProvider {
  const { experimental_bearer_token: token, auth } = table;
  const retries = (count: number | undefined, otherwise: number): number =>
    Math.min(count ?? otherwise, maxRetries);
  return {
    id,
    name: table.name,
    baseUrl: table.base_url,
    envKey: table.env_key,
    envKeyInstructions: table.env_key_instructions,
    bearerToken: token === undefined ? undefined : new Secret(token),
    tokenCommand: auth === undefined ? undefined : toTokenCommand(auth, configFolder),
    queryParams: table.query_params,
    headers: new ProviderHeaders(table.http_headers, table.env_http_headers),
    requestMaxRetries: retries(table.request_max_retries, defaults.requestMaxRetries),
    streamMaxRetries: retries(table.stream_max_retries, defaults.streamMaxRetries),
    streamIdleTimeoutMs: table.stream_idle_timeout_ms ?? defaults.streamIdleTimeoutMs,
    websocketConnectTimeoutMs: table.websocket_connect_timeout_ms ?? defaults.websocketConnectTimeoutMs,
    requiresOpenaiAuth: table.requires_openai_auth,
    supportsWebsockets: table.supports_websockets,
  };
}

function toTokenCommand(table: TokenCommandTable, configFolder: string): ExternalAuth {
  return createTokenCommand({
    command: table.command,
    args: table.args,
    timeoutMs: table.timeout_ms,
    refreshIntervalMs: table.refresh_interval_ms,
    cwd: resolve(configFolder, table.cwd),
  });
}

function optionalText(
  config: ProviderConfig,
  name: "model_provider" | "openai_base_url",
): string | undefined {
  const value = config[name];
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  throw badConfiguration(`${name}: Expected a text`);
}

function badConfiguration(message: string, providerId?: string): ModelProviderError {
  return new ModelProviderError(message, { kind: "configuration", providerId });
}

const maxRetries = 100;
const reserved: ReadonlySet<string> = new Set(["openai", "ollama", "lmstudio"]);
const removed: ReadonlyMap<string, string> = new Map([
  [
    "ollama-chat",
    `\`ollama-chat\` is no longer supported.
How to fix: replace \`ollama-chat\` with \`ollama\` in \`model_provider\`, \`oss_provider\`, or \`--local-provider\`.
More info: https://github.com/openai/codex/discussions/7782`,
  ],
]);
