import type { AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";

/** One reading of a provider's credential. */
export interface ProviderCredential extends AuthSnapshot {
  /** Where requests signed with it go, if that depends on it. */
  readonly baseUrl?: string | undefined;
}

/** Where a provider's credential comes from. */
export interface CredentialSource extends AuthSource {
  /** @returns Nothing when the provider wants none, or when nobody is signed in. */
  current(signal?: AbortSignal): Promise<ProviderCredential | undefined>;
}
