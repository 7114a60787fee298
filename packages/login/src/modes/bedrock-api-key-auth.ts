import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";
import { LoginError } from "../login-error.js";
import type { StoredBedrockApiKey } from "../storage/auth-json.js";
import { CodexAuth } from "./codex-auth.js";

/** A key for Amazon Bedrock. Only the Bedrock provider can use it; towards all others it refuses. */
export class BedrockApiKeyAuth extends CodexAuth {
  override readonly mode = "bedrockApiKey";
  readonly #stored: StoredBedrockApiKey;

  constructor(stored: StoredBedrockApiKey) {
    super();
    this.#stored = stored;
  }

  get region(): string {
    return this.#stored.region;
  }

  /** Hands out the key. */
  bedrockApiKey(): string {
    return this.#stored.api_key;
  }

  override token(): never {
    throw new LoginError("Bedrock API key auth does not expose a Codex bearer token", {
      kind: "credential_missing",
    });
  }

  override provider(): AuthProvider {
    return bedrockOnly;
  }

  override equals(other: CodexAuth): boolean {
    if (!(other instanceof BedrockApiKeyAuth)) return false;
    const { api_key: apiKey, region } = other.#stored;
    return apiKey === this.#stored.api_key && region === this.#stored.region;
  }
}

const bedrockOnly: AuthProvider = Object.freeze({
  addAuthHeaders(): never {
    throw new AuthError("Bedrock API key auth is only supported by the Amazon Bedrock model provider", {
      kind: "build",
    });
  },
});
