import type { OAuthIssuer } from "@codex-ts/testkit";
import type { AuthJson } from "../../src/index.js";
import { accessTokenExpiringIn, idTokenOf, type TokenFacts } from "./jwt.js";

export interface ChatgptFacts extends TokenFacts {
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly lastRefresh?: string;
}

/** A ChatGPT login as stored; its access token is good for an hour. */
export function chatgptLogin(facts: ChatgptFacts = {}): AuthJson {
  return {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: idTokenOf(facts),
      access_token: facts.accessToken ?? accessTokenExpiringIn(3600),
      refresh_token: facts.refreshToken ?? "rt-stored",
      account_id: facts.accountId ?? "account-1",
    },
    last_refresh: facts.lastRefresh ?? daysAgo(1),
  };
}

export function daysAgo(days: number): string {
  return new Date(Date.now() - days * 24 * 3600_000).toISOString();
}

/** A ChatGPT login that an issuer has given out; its tokens can be refreshed there. */
export function issuedLogin(issuer: OAuthIssuer, facts: ChatgptFacts = {}): AuthJson {
  const tokens = issuer.signIn();
  return {
    ...chatgptLogin(facts),
    tokens: {
      id_token: tokens.id_token,
      access_token: facts.accessToken ?? tokens.access_token,
      refresh_token: facts.refreshToken ?? tokens.refresh_token,
      account_id: facts.accountId ?? "account-test",
    },
  };
}
