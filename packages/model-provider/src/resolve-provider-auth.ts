import type { Provider } from "@codex-ts/api";
import type {
  AccountIdentity,
  AgentIdentityTelemetry,
  AuthProvider,
  AuthSnapshot,
  AuthSource,
} from "@codex-ts/auth-provider";
import type { ModelProvider } from "./model-provider.js";
import type { AgentIdentityPolicy, ProviderAuthScope } from "./provider-auth-scope.js";

/** How one request, or a few of them in a row, are sent. */
export interface ResolvedProviderAuth {
  /** Where to. */
  readonly provider: Provider;
  /**
   * Signs with the newest credential, and recovers from a 401 if it can. It belongs to this provider and account: when
   * somebody else signs in, or requests would have to go elsewhere, it refuses with an `AuthError` of kind
   * `transient`, and is to be resolved again.
   */
  readonly auth: AuthProvider;
  /** What kind of credential it is; nothing when the provider wants none. */
  readonly mode: AuthSnapshot["mode"] | undefined;
  /** Whose it is; nothing for a credential of the provider's own. */
  readonly account: AccountIdentity | undefined;
  readonly usesCodexBackend: boolean;
  /** Ids that telemetry may show, if an Agent Identity signs. */
  readonly agentIdentity: AgentIdentityTelemetry | undefined;
}

/** What one question may say. */
export interface ResolveOptions {
  /** In place of that of the scope: calls that are not model calls take `JwtOnly`. */
  readonly agentIdentityPolicy?: AgentIdentityPolicy | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decides with which credential requests to a provider are signed, and where they go. To be asked before each attempt.
 *
 * The user's login goes only to providers that ask for it by `requires_openai_auth` and bring no credential of their
 * own. A provider gets requests without credential only if its configuration names none and does not ask for one.
 *
 * @throws {@link ModelProviderError}; and whatever the login throws, such as a `LoginError`. Nothing is sent then.
 */
export async function resolveProviderAuth(
  _provider: ModelProvider,
  _scope: ProviderAuthScope,
  _options: ResolveOptions = {},
): Promise<ResolvedProviderAuth> {
  throw new Error("not there yet");
}

/** Gives the credential of a provider to services that take an `AuthSource`, such as `@codex-ts/models-manager`. */
export function providerAuthSource(_provider: ModelProvider, _scope: ProviderAuthScope): AuthSource {
  throw new Error("not there yet");
}
