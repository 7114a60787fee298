import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";
import { ModelProviderError } from "../errors.js";
import type { LoginSource } from "../login-source.js";
import { bedrockOnly } from "./bedrock.js";
import type { CredentialSource, ProviderCredential } from "./credential-source.js";

/** The user's login, for a provider that asks for it. */
export class LoginCredentialSource implements CredentialSource {
  readonly provider: AuthProvider;
  readonly #login: LoginSource | undefined;

  constructor(login: LoginSource | undefined) {
    this.#login = login;
    this.provider = login?.provider ?? nobody;
  }

  /** @throws What the login throws; ModelProviderError of kind `unsupported_auth` for an Amazon Bedrock key. */
  async current(signal?: AbortSignal): Promise<ProviderCredential | undefined> {
    const snapshot = await this.#login?.current(signal);
    if (snapshot?.mode !== "bedrockApiKey") return snapshot;
    throw new ModelProviderError(bedrockOnly, { kind: "unsupported_auth" });
  }
}

const nobody: AuthProvider = {
  addAuthHeaders() {
    throw new AuthError("nobody is signed in, so the request was not sent; sign in first", { kind: "build" });
  },
};
