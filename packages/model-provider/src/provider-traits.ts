import { isAzureProvider } from "@codex-ts/api";
import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { bedrockName, openaiName } from "./built-in-providers.js";
import type { ModelProvider } from "./model-provider.js";

/** What follows from a provider's name, address and settings. */
export interface ProviderTraits {
  /** Its name is exactly `OpenAI`. */
  readonly isOpenai: boolean;
  /** Its name is exactly `Amazon Bedrock`. */
  readonly isBedrock: boolean;
  /** Its name or a known part of its base URL says so; it wants `store: true`. */
  readonly isAzure: boolean;
  /** Whether it gets the user's login: it asks for it, and brings no credential of its own. */
  readonly usesLogin: boolean;
  readonly hasTokenCommand: boolean;
  /** Whether it shortens histories at `/responses/compact`. */
  readonly supportsRemoteCompaction: boolean;
  readonly supportsNamespaceTools: boolean;
  readonly supportsImageGeneration: boolean;
  readonly supportsWebSearch: boolean;
  readonly preferredModels: PreferredModels;
}

/** Models for side tasks. */
export interface PreferredModels {
  readonly approvalReview: string;
  readonly memoryExtraction: string;
  readonly memoryConsolidation: string;
}

/** Derives what a client needs to know of a provider. */
export function providerTraits(provider: ModelProvider): ProviderTraits {
  const isOpenai = provider.name === openaiName;
  const isBedrock = provider.name === bedrockName;
  const isAzure = isAzureProvider({ name: provider.name, baseUrl: provider.baseUrl ?? "" });
  return {
    isOpenai,
    isBedrock,
    isAzure,
    usesLogin: credentialKind(provider) === "login",
    hasTokenCommand: provider.tokenCommand !== undefined,
    supportsRemoteCompaction: isOpenai || isAzure,
    supportsNamespaceTools: true,
    supportsImageGeneration: !isBedrock,
    supportsWebSearch: !isBedrock,
    preferredModels: isBedrock ? bedrockModels : openaiModels,
  };
}

/** Tells whether requests attest to a workspace: with the login of a human's ChatGPT account, but not to Bedrock. */
export function supportsAttestation(
  provider: ModelProvider,
  mode: AuthSnapshot["mode"] | undefined,
): boolean {
  return provider.name !== bedrockName && mode !== undefined && humanModes.has(mode);
}

/** Where a provider's credential comes from. */
export type CredentialKind = "aws" | "bearer_token" | "env_key" | "login" | "none" | "token_command";

/** Says where the credential comes from, the first that there is. */
export function credentialKind(provider: ModelProvider): CredentialKind {
  if (provider.aws !== undefined) return "aws";
  if (provider.envKey !== undefined) return "env_key";
  if (provider.bearerToken !== undefined) return "bearer_token";
  if (provider.tokenCommand !== undefined) return "token_command";
  return provider.requiresOpenaiAuth ? "login" : "none";
}

const openaiModels: PreferredModels = {
  approvalReview: "codex-auto-review",
  memoryExtraction: "gpt-5.4-mini",
  memoryConsolidation: "gpt-5.4",
};
const bedrockModels: PreferredModels = {
  approvalReview: "openai.gpt-5.4",
  memoryExtraction: "openai.gpt-5.4",
  memoryConsolidation: "openai.gpt-5.4",
};
const humanModes: ReadonlySet<string> = new Set<AuthSnapshot["mode"]>([
  "chatgpt",
  "chatgptAuthTokens",
  "personalAccessToken",
]);
