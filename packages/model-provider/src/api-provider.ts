import type { Provider } from "@codex-ts/api";
import type { AuthSnapshot } from "@codex-ts/auth-provider";
import type { Environment } from "@codex-ts/client";
import { readProviderEnvironment } from "./environment.js";
import type { ModelProvider } from "./model-provider.js";

/** What {@link toApiProvider} goes by. */
export interface ApiProviderOptions {
  /** What requests are signed with: it decides where they go, if the provider has no base URL. */
  readonly mode?: AuthSnapshot["mode"] | undefined;
  /** For headers that come from variables. @defaultValue {@link readProviderEnvironment} */
  readonly environment?: Environment | undefined;
}

/**
 * Gives what the clients of `@codex-ts/api` take: base URL, headers, retries and time limits.
 *
 * A provider without a base URL is the ChatGPT backend for logins that use it, and the OpenAI platform for everything else.
 */
export function toApiProvider(provider: ModelProvider, options: ApiProviderOptions = {}): Provider {
  const { mode, environment = readProviderEnvironment() } = options;
  return {
    name: provider.name,
    baseUrl: provider.baseUrl ?? defaultBaseUrl(mode),
    queryParams: provider.queryParams,
    headers: provider.headers.read(environment),
    retry: {
      maxAttempts: provider.requestMaxRetries,
      baseDelayMs: 200,
      on429: false,
      on5xx: true,
      onTransport: true,
    },
    streamIdleTimeoutMs: provider.streamIdleTimeoutMs,
  };
}

/** Where requests go whose provider does not say. */
export function defaultBaseUrl(mode: AuthSnapshot["mode"] | undefined): string {
  return mode !== undefined && backendModes.has(mode)
    ? "https://chatgpt.com/backend-api/codex"
    : "https://api.openai.com/v1";
}

const backendModes: ReadonlySet<string> = new Set<AuthSnapshot["mode"]>([
  "agentIdentity",
  "chatgpt",
  "chatgptAuthTokens",
  "personalAccessToken",
]);
