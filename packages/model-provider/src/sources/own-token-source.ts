import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";
import { isModelProviderError } from "../errors.js";
import type { CredentialSource, ProviderCredential } from "./credential-source.js";

/** A credential that is found without waiting: of an environment variable, or a literal token. */
export class OwnTokenSource implements CredentialSource {
  readonly provider: AuthProvider;
  readonly #read: () => ProviderCredential;

  /** @param read - Gives the credential of this moment. It throws a ModelProviderError when there is none. */
  constructor(read: () => ProviderCredential) {
    this.#read = read;
    this.provider = { addAuthHeaders: (headers) => this.#require().provider.addAuthHeaders(headers) };
  }

  async current(): Promise<ProviderCredential> {
    return this.#read();
  }

  #require(): ProviderCredential {
    try {
      return this.#read();
    } catch (error) {
      if (!isModelProviderError(error)) throw error;
      throw new AuthError(error.message, { kind: "build", cause: error });
    }
  }
}
