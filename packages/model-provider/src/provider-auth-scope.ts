import type { AgentIdentity } from "@codex-ts/agent-identity";
import type { AuthProvider, AuthSnapshot } from "@codex-ts/auth-provider";
import type { Environment } from "@codex-ts/client";
import { isLoginError, type LoginError } from "@codex-ts/login";
import type { SessionSource } from "@codex-ts/protocol";
import { readProviderEnvironment } from "./environment.js";
import type { LoginSource } from "./login-source.js";
import type { ModelProvider } from "./model-provider.js";
import { createCredentialSource } from "./sources/create-credential-source.js";
import type { CredentialSource } from "./sources/credential-source.js";

/** Which logins sign model calls with an Agent Identity. */
export type AgentIdentityPolicy = "ChatGptAuth" | "JwtOnly";

/** What asks for AWS Signature Version 4. */
export interface AwsAuthRequest {
  readonly region: string;
  /** `bedrock-mantle`. */
  readonly service: string;
  readonly profile: string | undefined;
}

/** What one question for a credential may say. */
export interface ResolveOptions {
  /** In place of that of the scope: calls that are not model calls take `JwtOnly`. */
  readonly agentIdentityPolicy?: AgentIdentityPolicy | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Told when a session goes on with another credential than the one that was asked for. */
export interface ProviderAuthNotice {
  readonly kind: "agent_identity_fallback";
  /** For people. */
  readonly message: string;
  readonly cause: LoginError;
}

/** Settings of a {@link ProviderAuthScope}. */
export interface ProviderAuthScopeOptions {
  /** The user's login. Used only for providers that ask for it. */
  readonly login?: LoginSource | undefined;
  /** Environment variables. @defaultValue {@link readProviderEnvironment} */
  readonly environment?: Environment | undefined;
  /**
   * `JwtOnly`: only logins that are an Agent Identity sign with one. `ChatGptAuth`: managed ChatGPT logins get one
   * registered, and model calls are signed with it.
   *
   * @defaultValue "JwtOnly"
   */
  readonly agentIdentityPolicy?: AgentIdentityPolicy | undefined;
  /**
   * Whether a session under policy `ChatGptAuth` goes on with the ChatGPT token when the registration service is
   * down. False: that is an error.
   *
   * @defaultValue true
   */
  readonly allowBearerFallback?: boolean | undefined;
  /** Told once, when that happens. */
  readonly onNotice?: ((notice: ProviderAuthNotice) => void) | undefined;
  /** What a registered agent tells of itself. @defaultValue "cli" */
  readonly sessionSource?: SessionSource | undefined;
  /** Version of the program, told by a registered agent. @defaultValue "0.0.0" */
  readonly agentVersion?: string | undefined;
  /** Makes the signer for Amazon Bedrock, such as `awsSigV4Auth` of `@codex-ts/aws-auth`. */
  readonly awsAuth?: ((request: AwsAuthRequest) => AuthProvider) | undefined;
}

/**
 * One session's way of signing requests: whose login, under which policy, and what has come of it. When the
 * registration of an Agent Identity was given up for the ChatGPT token, that stays so for the whole scope.
 */
export class ProviderAuthScope {
  readonly #options: ProviderAuthScopeOptions;
  readonly #environment: Environment;
  readonly #sources = new WeakMap<ModelProvider, CredentialSource>();
  #usesBearerFallback = false;

  constructor(options: ProviderAuthScopeOptions = {}) {
    this.#options = options;
    this.#environment = options.environment ?? readProviderEnvironment();
  }

  /** Whether the ChatGPT token stands in for an Agent Identity from now on. */
  get usesBearerFallback(): boolean {
    return this.#usesBearerFallback;
  }

  /** @internal */
  get login(): LoginSource | undefined {
    return this.#options.login;
  }

  /** @internal */
  get environment(): Environment {
    return this.#environment;
  }

  /**
   * The credential of a provider, the same source at each call: a token command keeps its token.
   *
   * @internal
   */
  sourceOf(provider: ModelProvider): CredentialSource {
    const known = this.#sources.get(provider);
    if (known !== undefined) return known;
    const { login, awsAuth } = this.#options;
    const source = createCredentialSource(provider, { login, environment: this.#environment, awsAuth });
    this.#sources.set(provider, source);
    return source;
  }

  /**
   * Opens the Agent Identity that stands in for a login, if the policy wants one.
   *
   * @throws What the login throws, unless the scope goes on with the login itself.
   * @internal
   */
  async openAgentIdentity(
    snapshot: AuthSnapshot,
    { agentIdentityPolicy, signal }: ResolveOptions,
  ): Promise<AgentIdentity | undefined> {
    const { login, sessionSource, agentVersion, allowBearerFallback = true } = this.#options;
    const policy = agentIdentityPolicy ?? this.#options.agentIdentityPolicy ?? "JwtOnly";
    if (policy === "JwtOnly" || snapshot.mode !== "chatgpt" || this.#usesBearerFallback) return undefined;
    try {
      return await login?.agentIdentity?.({ policy, sessionSource, agentVersion, signal });
    } catch (error) {
      if (!allowBearerFallback || !isLoginError(error) || error.kind !== "agent_identity_unavailable")
        throw error;
      this.#fallBack(error);
      return undefined;
    }
  }

  #fallBack(cause: LoginError): void {
    if (this.#usesBearerFallback) return;
    this.#usesBearerFallback = true;
    this.#options.onNotice?.({ kind: "agent_identity_fallback", message: fallbackText, cause });
  }
}

const fallbackText = "agent identity bootstrap unavailable; using ChatGPT bearer auth for this session";
