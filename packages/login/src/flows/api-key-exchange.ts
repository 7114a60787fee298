import type { Transport } from "@codex-ts/client";
import type { OAuthProfile } from "../oauth/oauth-profile.js";
import { exchangeTokens, parseJsonObject } from "../oauth/token-endpoint.js";

/** What an API key is asked for with. */
export interface ApiKeyExchange {
  readonly transport: Transport;
  readonly profile: OAuthProfile;
  readonly idToken: string;
  readonly signal: AbortSignal;
}

/**
 * Exchanges an id token for an API key (RFC 8693). Nothing: the account has none to give, or the request failed.
 *
 * @throws The transport's error of kind `aborted` when `signal` fires.
 */
export async function exchangeForApiKey(exchange: ApiKeyExchange): Promise<string | undefined> {
  const { transport, profile, idToken, signal } = exchange;
  const answer = await exchangeTokens({
    transport,
    url: profile.tokenUrl,
    form: {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      client_id: profile.clientId,
      requested_token: "openai-api-key",
      subject_token: idToken,
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    },
    timeoutMs: 30_000,
    signal,
  });
  if (answer.outcome !== "answered" || answer.status < 200 || answer.status > 299) return undefined;
  const key = parseJsonObject(answer.text)?.["access_token"];
  return typeof key === "string" && key !== "" ? key : undefined;
}
