import { type AuthProvider, unauthenticated } from "@codex-ts/auth-provider";
import type { Environment } from "@codex-ts/client";
import { ModelProviderError } from "../errors.js";
import type { LoginSource } from "../login-source.js";
import type { ModelProvider } from "../model-provider.js";
import type { AwsAuthRequest } from "../provider-auth-scope.js";
import { bearerCredential } from "./bearer-credential.js";
import { BedrockSource } from "./bedrock-source.js";
import type { CredentialSource } from "./credential-source.js";
import { LoginCredentialSource } from "./login-credential-source.js";
import { OwnTokenSource } from "./own-token-source.js";
import { TokenCommandSource } from "./token-command-source.js";

/** What credentials are made from. */
export interface CredentialParts {
  readonly login: LoginSource | undefined;
  readonly environment: Environment;
  readonly awsAuth: ((request: AwsAuthRequest) => AuthProvider) | undefined;
}

/** Chooses where the credential of a provider comes from. The login is an answer for those alone that ask for it. */
export function createCredentialSource(provider: ModelProvider, parts: CredentialParts): CredentialSource {
  const { aws, envKey, bearerToken, tokenCommand, requiresOpenaiAuth } = provider;
  if (aws !== undefined) return new BedrockSource({ ...parts, settings: aws });
  if (envKey !== undefined) {
    return new OwnTokenSource(() => bearerCredential(readKey(provider, envKey, parts.environment), envKey));
  }
  if (bearerToken !== undefined) {
    return new OwnTokenSource(() =>
      bearerCredential(bearerToken.reveal(), `the token of model provider ${JSON.stringify(provider.id)}`),
    );
  }
  if (tokenCommand !== undefined) return new TokenCommandSource(tokenCommand);
  return requiresOpenaiAuth ? new LoginCredentialSource(parts.login) : wantsNone;
}

function readKey(provider: ModelProvider, variable: string, environment: Environment): string {
  const value = environment[variable];
  if (value !== undefined && value.trim() !== "") return value;
  const { envKeyInstructions: instructions } = provider;
  const text = `Missing environment variable: \`${variable}\`.`;
  throw new ModelProviderError(instructions === undefined ? text : `${text} ${instructions}`, {
    kind: "env_var",
    providerId: provider.id,
    variable,
    instructions,
  });
}

const wantsNone: CredentialSource = { provider: unauthenticated, current: async () => undefined };
