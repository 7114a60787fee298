import { isDeepStrictEqual } from "node:util";
import { AuthError, type AuthProvider } from "@codex-ts/auth-provider";
import type { AuthPlanType } from "@codex-ts/protocol";
import { suppliedPlan } from "../external/external-login.js";
import type { AuthJson, StoredTokens } from "../storage/auth-json.js";
import { parseTimestamp } from "../storage/parse-auth-json.js";
import { type TokenSchedule, tokenSchedule } from "../tokens/freshness.js";
import { tokenGeneration } from "../tokens/generation.js";
import { type IdTokenClaims, parseIdToken } from "../tokens/id-token.js";
import { bearerProvider } from "./bearer-provider.js";
import { CodexAuth, missingTokenData } from "./codex-auth.js";

/** A ChatGPT login: refreshed here (`chatgpt`), or by the host that handed its tokens in (`chatgptAuthTokens`). */
export class ChatgptAuth extends CodexAuth {
  override readonly mode: "chatgpt" | "chatgptAuthTokens";
  /** When the tokens are to be refreshed, and when they are worth nothing any more. */
  readonly schedule: TokenSchedule;
  /** When the tokens were stored, in epoch milliseconds. */
  readonly lastRefreshMs: number | undefined;
  readonly #stored: AuthJson;
  readonly #claims: IdTokenClaims | undefined;
  readonly #provider: AuthProvider;
  #generation: string | undefined;

  /** @throws {@link LoginError} of kind `invalid_token` when the id token is none. */
  constructor(stored: AuthJson, mode: "chatgpt" | "chatgptAuthTokens") {
    super();
    this.mode = mode;
    this.#stored = stored;
    const tokens = stored.tokens ?? undefined;
    this.#claims = tokens === undefined ? undefined : parseIdToken(tokens.id_token);
    this.lastRefreshMs = parseTimestamp(stored.last_refresh ?? "");
    this.schedule = tokenSchedule(tokens?.access_token, this.lastRefreshMs);
    this.#provider = this.#makeProvider();
  }

  /** Never from a claim: requests carry the account that was chosen at sign-in. */
  override get accountId(): string | undefined {
    return this.#stored.tokens?.account_id ?? undefined;
  }

  /** The account that the id token is for. */
  get claimedAccountId(): string | undefined {
    return this.#claims?.accountId;
  }

  override get userId(): string | undefined {
    return this.#claims?.userId;
  }

  override get email(): string | undefined {
    return this.#claims?.email;
  }

  override get planType(): AuthPlanType | undefined {
    if (this.#claims === undefined) return undefined;
    const supplied = this.mode === "chatgptAuthTokens" ? this.#stored.tokens?.[suppliedPlan] : undefined;
    return typeof supplied === "string" ? supplied : (this.#claims.planType ?? "unknown");
  }

  override get isFedramp(): boolean {
    return this.#claims?.isFedramp ?? false;
  }

  /** Identifies these tokens without holding them. */
  get generation(): string {
    this.#generation ??= tokenGeneration(this.#stored.tokens);
    return this.#generation;
  }

  /** Hands out the stored form, tokens included. */
  stored(): AuthJson {
    return this.#stored;
  }

  override token(): string {
    return this.tokenData().access_token;
  }

  override tokenData(): StoredTokens {
    const { tokens, last_refresh: lastRefresh } = this.#stored;
    if (tokens == null || lastRefresh == null) throw missingTokenData();
    return tokens;
  }

  override provider(): AuthProvider {
    return this.#provider;
  }

  override equals(other: CodexAuth): boolean {
    return (
      other instanceof ChatgptAuth &&
      other.mode === this.mode &&
      isDeepStrictEqual(other.#stored, this.#stored)
    );
  }

  #makeProvider(): AuthProvider {
    const { tokens, last_refresh: lastRefresh } = this.#stored;
    if (tokens == null || lastRefresh == null) return withoutTokens;
    const { accountId, isFedramp } = this;
    return bearerProvider({ token: tokens.access_token, accountId, isFedramp });
  }
}

const withoutTokens: AuthProvider = Object.freeze({
  addAuthHeaders(): never {
    const cause = missingTokenData();
    throw new AuthError(cause.message, { kind: "build", cause });
  },
});
