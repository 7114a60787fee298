import { ChatgptAuth } from "../modes/chatgpt-auth.js";
import type { AuthJson } from "../storage/auth-json.js";
import type { ExchangedTokens } from "./code-exchange.js";
import type { CompletedLogin } from "./completed-login.js";

/** A ChatGPT login as it is stored. Whatever else was stored before is not in it. */
export function chatgptLogin(tokens: ExchangedTokens, apiKey: string | undefined, nowMs: number): AuthJson {
  return {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: apiKey ?? null,
    tokens: {
      id_token: tokens.idToken,
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      account_id: tokens.claims.accountId ?? null,
    },
    last_refresh: new Date(nowMs).toISOString(),
  };
}

/** Describes a ChatGPT login that has been stored. */
export function completedChatgptLogin(auth: AuthJson, location: string): CompletedLogin {
  const { account } = new ChatgptAuth(auth, "chatgpt").snapshot();
  return { mode: "chatgpt", account, hasApiKey: auth.OPENAI_API_KEY != null, location };
}
