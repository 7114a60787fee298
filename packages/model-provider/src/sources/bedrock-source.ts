import { AuthError, type AuthProvider, applyAuth, type OutboundRequest } from "@codex-ts/auth-provider";
import type { Environment } from "@codex-ts/client";
import type { BedrockApiKeyAuth, CodexAuth } from "@codex-ts/login";
import { isModelProviderError, ModelProviderError } from "../errors.js";
import type { LoginSource } from "../login-source.js";
import type { AwsSettings } from "../model-provider.js";
import type { AwsAuthRequest } from "../provider-auth-scope.js";
import { bearerCredential } from "./bearer-credential.js";
import { bedrockBaseUrl, bedrockService, findRegion } from "./bedrock.js";
import type { CredentialSource, ProviderCredential } from "./credential-source.js";

/** What a {@link BedrockSource} looks at. */
export interface BedrockParts {
  readonly settings: AwsSettings;
  readonly login: LoginSource | undefined;
  readonly environment: Environment;
  readonly awsAuth: ((request: AwsAuthRequest) => AuthProvider) | undefined;
}

/**
 * The credential for Amazon Bedrock: a Bedrock key of the login, else `AWS_BEARER_TOKEN_BEDROCK`, else AWS credentials.
 * A ChatGPT or OpenAI login is never one.
 */
export class BedrockSource implements CredentialSource {
  readonly provider: AuthProvider;
  readonly #parts: BedrockParts;
  readonly #signers = new Map<string, AuthProvider>();

  constructor(parts: BedrockParts) {
    this.#parts = parts;
    this.provider = {
      addAuthHeaders() {
        throw new AuthError("credentials for Amazon Bedrock sign whole requests, and give no headers alone", {
          kind: "build",
        });
      },
      applyAuth: async (request: OutboundRequest) => applyAuth(await this.#usable(), request),
    };
  }

  /** @throws ModelProviderError of kind `aws`; what a login throws that could not be loaded. */
  async current(signal?: AbortSignal): Promise<ProviderCredential> {
    const { settings, login, environment } = this.#parts;
    const managed = await findBedrockKey(login, signal);
    if (managed !== undefined) {
      const credential = bearerCredential(managed.bedrockApiKey(), "the Amazon Bedrock API key");
      return { ...credential, mode: managed.mode, baseUrl: bedrockBaseUrl(managed.region.trim()) };
    }
    const region = findRegion(settings, environment);
    const token = environment[bearerVariable]?.trim() ?? "";
    if (token !== "") {
      const baseUrl = bedrockBaseUrl(required(region, "bearer token auth"));
      return { ...bearerCredential(token, bearerVariable), baseUrl };
    }
    const found = required(region, "auth by AWS credentials");
    return { ...awsCredential, provider: this.#signer(found), baseUrl: bedrockBaseUrl(found) };
  }

  #signer(region: string): AuthProvider {
    const { settings, awsAuth } = this.#parts;
    if (awsAuth === undefined) throw new ModelProviderError(noCredential, { kind: "aws" });
    const known = this.#signers.get(region);
    if (known !== undefined) return known;
    const signer = awsAuth({ region, service: bedrockService, profile: settings.profile });
    this.#signers.set(region, signer);
    return signer;
  }

  async #usable(): Promise<AuthProvider> {
    try {
      return (await this.current()).provider;
    } catch (error) {
      if (!isModelProviderError(error)) throw error;
      throw new AuthError(error.message, { kind: "build", cause: error });
    }
  }
}

/**
 * Finds a Bedrock key in a login, without refreshing anything.
 *
 * @throws What a login throws that could not be loaded: it may be the key.
 */
export async function findBedrockKey(
  login: LoginSource | undefined,
  signal?: AbortSignal,
): Promise<BedrockApiKeyAuth | undefined> {
  const auth: CodexAuth | undefined =
    login?.cached === undefined ? await login?.auth?.(signal) : login.cached();
  return auth?.mode === "bedrockApiKey" ? (auth as BedrockApiKeyAuth) : undefined;
}

function required(region: string | undefined, what: string): string {
  if (region !== undefined) return region;
  throw new ModelProviderError(
    `Amazon Bedrock ${what} requires \`model_providers.amazon-bedrock.aws.region\`, \`AWS_REGION\`, or ` +
      "`AWS_DEFAULT_REGION`",
    { kind: "aws" },
  );
}

const bearerVariable = "AWS_BEARER_TOKEN_BEDROCK";

const awsCredential = {
  mode: "aws",
  account: { isFedramp: false, isWorkspace: false },
  usesCodexBackend: false,
} as const;

const noCredential =
  "there is no credential for Amazon Bedrock: sign in with a Bedrock API key, set `AWS_BEARER_TOKEN_BEDROCK`, or pass " +
  "`awsAuth` to sign with AWS credentials";
