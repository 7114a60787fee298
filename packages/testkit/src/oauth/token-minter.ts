import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import type { JsonWebKeySet } from "../jwt.js";
import type { OAuthAccount } from "./oauth-account.js";

/** How tokens are made. */
export interface TokenMinterOptions {
  readonly issuer: () => string;
  readonly clientId: string;
  readonly algorithm: "none" | "RS256";
  readonly opaqueAccessTokens: boolean;
  readonly lifetimeSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Claims in place of the usual ones; a claim that is `undefined` is left out. */
export type TokenClaims = Readonly<Record<string, unknown>>;

const authNamespace = "https://api.openai.com/auth";
const keyId = "oauth-1";

/** Makes id tokens and access tokens with the claims that ChatGPT's have. */
export class TokenMinter {
  readonly #options: TokenMinterOptions;
  #keyPair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;

  constructor(options: TokenMinterOptions) {
    this.#options = options;
  }

  get jwks(): JsonWebKeySet {
    const jwk = this.#keys().publicKey.export({ format: "jwk" });
    return { keys: [{ ...jwk, kid: keyId, use: "sig", alg: "RS256" }] };
  }

  idToken(account: OAuthAccount, claims: TokenClaims = {}): string {
    return this.#mint({
      ...this.#times(),
      sub: account.userId,
      aud: [this.#options.clientId],
      email: account.email,
      email_verified: true,
      [authNamespace]: authClaims(account),
      ...claims,
    });
  }

  accessToken(account: OAuthAccount, claims: TokenClaims = {}): string {
    if (this.#options.opaqueAccessTokens) return `opaque-${randomUUID()}`;
    return this.#mint({
      ...this.#times(),
      sub: account.userId,
      aud: ["https://api.openai.com/v1"],
      jti: randomUUID(),
      scp: ["openid", "profile", "email", "offline_access"],
      [authNamespace]: authClaims(account),
      ...claims,
    });
  }

  #times(): TokenClaims {
    const issuedAt = Math.floor(this.#options.now() / 1000);
    return { iss: this.#options.issuer(), iat: issuedAt, exp: issuedAt + this.#options.lifetimeSeconds };
  }

  #mint(claims: TokenClaims): string {
    const { algorithm } = this.#options;
    const header =
      algorithm === "none" ? { alg: "none", typ: "JWT" } : { alg: "RS256", typ: "JWT", kid: keyId };
    const signed = `${base64url(header)}.${base64url(claims)}`;
    // Readers of these tokens want three parts, also where nothing is signed.
    if (algorithm === "none") return `${signed}.c2ln`;
    return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), this.#keys().privateKey).toString("base64url")}`;
  }

  #keys(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
    this.#keyPair ??= generateKeyPairSync("rsa", { modulusLength: 2048 });
    return this.#keyPair;
  }
}

function authClaims(account: OAuthAccount): TokenClaims {
  return {
    chatgpt_account_id: account.accountId,
    chatgpt_user_id: account.userId,
    user_id: account.userId,
    chatgpt_plan_type: account.planType,
    chatgpt_account_is_fedramp: account.isFedramp,
    organization_id: account.organizationId,
    project_id: account.projectId,
    is_org_owner: account.isOrgOwner,
    completed_platform_onboarding: account.hasCompletedOnboarding,
  };
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
