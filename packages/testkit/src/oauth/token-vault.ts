import { createHash, randomUUID } from "node:crypto";
import type { OAuthAccount } from "./oauth-account.js";

/** What became of a refresh token. */
export type RefreshTokenState = "live" | "used" | "expired" | "revoked" | "unknown";

/** A code that a user's approval gave out. */
export interface AuthorizationCode {
  readonly code: string;
  readonly account: OAuthAccount;
  readonly redirectUri: string;
  readonly codeChallenge: string;
}

interface RefreshToken {
  readonly account: OAuthAccount;
  state: RefreshTokenState;
}

/** Everything that the issuer has given out and can take back. A refresh token and a code are good for one use. */
export class TokenVault {
  readonly #refreshTokens = new Map<string, RefreshToken>();
  readonly #codes = new Map<string, AuthorizationCode>();
  readonly #personalAccessTokens = new Map<string, OAuthAccount>();
  readonly #apiKeys: string[] = [];

  issueRefreshToken(account: OAuthAccount): string {
    const token = `rt-${randomUUID()}`;
    this.#refreshTokens.set(token, { account, state: "live" });
    return token;
  }

  refreshTokenState(token: string): RefreshTokenState {
    return this.#refreshTokens.get(token)?.state ?? "unknown";
  }

  /** Takes a refresh token out of use. Nothing: it was not live, or is not known. */
  retire(token: string, state: RefreshTokenState): OAuthAccount | undefined {
    const known = this.#refreshTokens.get(token);
    if (known === undefined || known.state !== "live") return undefined;
    known.state = state;
    return known.account;
  }

  issueCode(facts: Omit<AuthorizationCode, "code">): string {
    const code = `code-${randomUUID()}`;
    this.#codes.set(code, { code, ...facts });
    return code;
  }

  /** Takes a code if redirect URI and verifier (RFC 7636) are those of the request for it. */
  redeemCode(code: string, redirectUri: string, verifier: string): OAuthAccount | undefined {
    const known = this.#codes.get(code);
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    if (known === undefined || known.redirectUri !== redirectUri || known.codeChallenge !== challenge) {
      return undefined;
    }
    this.#codes.delete(code);
    return known.account;
  }

  issuePersonalAccessToken(account: OAuthAccount): string {
    const token = `at-${randomUUID()}`;
    this.#personalAccessTokens.set(token, account);
    return token;
  }

  ownerOf(personalAccessToken: string): OAuthAccount | undefined {
    return this.#personalAccessTokens.get(personalAccessToken);
  }

  issueApiKey(): string {
    const key = `sk-${randomUUID()}`;
    this.#apiKeys.push(key);
    return key;
  }
}
