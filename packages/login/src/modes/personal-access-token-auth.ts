import type { AuthProvider } from "@codex-ts/auth-provider";
import type { AuthPlanType } from "@codex-ts/protocol";
import type { PersonalAccessTokenMetadata } from "../oauth/whoami.js";
import { bearerProvider } from "./bearer-provider.js";
import { CodexAuth } from "./codex-auth.js";

/** A personal access token (`at-…`), with what the backend said of its owner. */
export class PersonalAccessTokenAuth extends CodexAuth {
  override readonly mode = "personalAccessToken";
  readonly #token: string;
  readonly #metadata: PersonalAccessTokenMetadata;
  readonly #provider: AuthProvider;

  constructor(token: string, metadata: PersonalAccessTokenMetadata) {
    super();
    this.#token = token;
    this.#metadata = metadata;
    this.#provider = bearerProvider({ token, ...metadata });
  }

  override get accountId(): string {
    return this.#metadata.accountId;
  }

  override get userId(): string {
    return this.#metadata.userId;
  }

  override get email(): string | undefined {
    return this.#metadata.email;
  }

  override get planType(): AuthPlanType {
    return this.#metadata.planType;
  }

  override get isFedramp(): boolean {
    return this.#metadata.isFedramp;
  }

  override token(): string {
    return this.#token;
  }

  override provider(): AuthProvider {
    return this.#provider;
  }

  override equals(other: CodexAuth): boolean {
    return other instanceof PersonalAccessTokenAuth && other.#token === this.#token;
  }
}

/** Tells a personal access token from an Agent Identity JWT. */
export function isPersonalAccessToken(accessToken: string): boolean {
  return accessToken.startsWith("at-");
}
