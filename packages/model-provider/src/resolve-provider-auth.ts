import type { Provider } from "@codex-ts/api";
import type {
  AccountIdentity,
  AgentIdentityTelemetry,
  AuthProvider,
  AuthSnapshot,
  AuthSource,
} from "@codex-ts/auth-provider";
import { toApiProvider } from "./api-provider.js";
import { ModelProviderError } from "./errors.js";
import type { ModelProvider } from "./model-provider.js";
import type { ProviderAuthScope, ResolveOptions } from "./provider-auth-scope.js";
import { credentialKind } from "./provider-traits.js";
import type { ProviderCredential } from "./sources/credential-source.js";
import { OwnedLogin } from "./sources/owned-login.js";

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

/**
 * Decides with which credential requests to a provider are signed, and where they go. To be asked before each attempt.
 *
 * The user's login goes only to providers that ask for it by `requires_openai_auth` and bring no credential of their
 * own. A provider gets requests without credential only if its configuration names none and does not ask for one.
 *
 * @throws {@link ModelProviderError}; and whatever the login throws, such as a `LoginError`. Nothing is sent then.
 */
export async function resolveProviderAuth(
  provider: ModelProvider,
  scope: ProviderAuthScope,
  options: ResolveOptions = {},
): Promise<ResolvedProviderAuth> {
  const source = scope.sourceOf(provider);
  const kind = credentialKind(provider);
  const credential = await source.current(options.signal);
  if (kind === "none") return resolved(provider, scope, undefined, source.provider);
  if (credential === undefined) throw notLoggedIn(provider);
  if (kind === "aws") return resolved(provider, scope, credential, credential.provider);
  if (kind !== "login" || scope.login === undefined)
    return resolved(provider, scope, credential, source.provider);
  const identity = await scope.openAgentIdentity(credential, options);
  const auth = new OwnedLogin(scope.login, credential, identity?.provider);
  return resolved(provider, scope, credential, auth, identity?.telemetry);
}

/**
 * Gives the credential of a provider to services that take an `AuthSource`, such as `@codex-ts/models-manager`. A ChatGPT
 * login signs with its token there, whatever the policy.
 */
export function providerAuthSource(provider: ModelProvider, scope: ProviderAuthScope): AuthSource {
  return scope.sourceOf(provider);
}

function resolved(
  provider: ModelProvider,
  { environment }: ProviderAuthScope,
  credential: ProviderCredential | undefined,
  auth: AuthProvider,
  agentIdentity = credential?.agentIdentity,
): ResolvedProviderAuth {
  const { mode, baseUrl } = credential ?? {};
  return {
    provider: toApiProvider(baseUrl === undefined ? provider : { ...provider, baseUrl }, {
      mode,
      environment,
    }),
    auth,
    mode,
    account: credentialKind(provider) === "login" ? credential?.account : undefined,
    usesCodexBackend: credential?.usesCodexBackend ?? false,
    agentIdentity,
  };
}

function notLoggedIn({ id }: ModelProvider): ModelProviderError {
  return new ModelProviderError(
    `model provider ${JSON.stringify(id)} needs your login, and nobody is signed in; sign in first`,
    { kind: "not_logged_in", providerId: id },
  );
}
