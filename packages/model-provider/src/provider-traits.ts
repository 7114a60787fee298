import type { AuthSnapshot } from "@codex-ts/auth-provider";
import type { ModelProvider } from "./model-provider.js";

/** What follows from a provider's name, address and settings. */
export interface ProviderTraits {
  /** Its name is exactly `OpenAI`. */
  readonly isOpenai: boolean;
  /** Its name is exactly `Amazon Bedrock`. */
  readonly isBedrock: boolean;
  readonly isAzure: boolean;
  /** Whether it gets the user's login: it asks for it, and brings no credential of its own. */
  readonly usesLogin: boolean;
  readonly hasTokenCommand: boolean;
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
export function providerTraits(_provider: ModelProvider): ProviderTraits {
  throw new Error("not there yet");
}

/** Tells whether requests attest to a workspace: with the login of a human's ChatGPT account, but not to Bedrock. */
export function supportsAttestation(
  _provider: ModelProvider,
  _mode: AuthSnapshot["mode"] | undefined,
): boolean {
  throw new Error("not there yet");
}
