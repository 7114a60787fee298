import type { AuthProvider } from "@codex-ts/auth-provider";
import type { Environment } from "@codex-ts/client";
import type { LoginError } from "@codex-ts/login";
import type { SessionSource } from "@codex-ts/protocol";
import type { LoginSource } from "./login-source.js";

/** Which logins sign model calls with an Agent Identity. */
export type AgentIdentityPolicy = "ChatGptAuth" | "JwtOnly";

/** What asks for AWS Signature Version 4. */
export interface AwsAuthRequest {
  readonly region: string;
  /** `bedrock-mantle`. */
  readonly service: string;
  readonly profile: string | undefined;
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
  /** @internal */
  readonly options: ProviderAuthScopeOptions;

  constructor(options: ProviderAuthScopeOptions = {}) {
    this.options = options;
  }

  /** Whether the ChatGPT token stands in for an Agent Identity from now on. */
  get usesBearerFallback(): boolean {
    return false;
  }
}
