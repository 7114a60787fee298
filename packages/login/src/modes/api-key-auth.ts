import type { AuthProvider } from "@codex-ts/auth-provider";
import { bearerProvider } from "./bearer-provider.js";
import { CodexAuth } from "./codex-auth.js";

/** An API key: of the platform, or whatever a host's token command prints. */
export class ApiKeyAuth extends CodexAuth {
  override readonly mode = "apikey";
  readonly #apiKey: string;
  readonly #provider: AuthProvider;

  constructor(apiKey: string) {
    super();
    this.#apiKey = apiKey;
    this.#provider = bearerProvider({ token: apiKey });
  }

  override apiKey(): string {
    return this.#apiKey;
  }

  override token(): string {
    return this.#apiKey;
  }

  override provider(): AuthProvider {
    return this.#provider;
  }

  override equals(other: CodexAuth): boolean {
    return other instanceof ApiKeyAuth && other.#apiKey === this.#apiKey;
  }
}
