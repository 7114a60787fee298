import type { Provider } from "@codex-ts/api";
import type { AuthSnapshot } from "@codex-ts/auth-provider";
import type { Environment } from "@codex-ts/client";
import type { ModelProvider } from "./model-provider.js";

/** What {@link toApiProvider} goes by. */
export interface ApiProviderOptions {
  /** The login that requests are signed with; its mode decides where to, if the provider has no base URL. */
  readonly mode?: AuthSnapshot["mode"] | undefined;
  /** For headers that come from variables. @defaultValue {@link readProviderEnvironment} */
  readonly environment?: Environment | undefined;
}

/** Gives what the clients of `@codex-ts/api` take: base URL, headers, retries and time limits. */
export function toApiProvider(_provider: ModelProvider, _options: ApiProviderOptions = {}): Provider {
  throw new Error("not there yet");
}
