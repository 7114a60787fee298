import { statusText, type Transport } from "@codex-ts/client";
import { LoginError } from "../login-error.js";
import { isIdToken } from "../tokens/id-token.js";
import type { OAuthProfile } from "./oauth-profile.js";
import { refusedRefresh } from "./refresh-refusal.js";
import { exchangeTokens, parseJsonObject } from "./token-endpoint.js";

/** Why tokens are refreshed, as the token endpoint is told. */
export type RefreshReason = "proactive_expiry" | "scheduled" | "unauthorized_recovery";

/** What a refresh gives. A member that is absent keeps its old value. */
export interface RefreshedTokens {
  readonly id_token?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
}

/** What a refresh needs. */
export interface RefreshRequest {
  readonly transport: Transport;
  readonly profile: OAuthProfile;
  readonly refreshToken: string;
  /** Left out when a caller asked for the refresh. */
  readonly reason?: RefreshReason | undefined;
  readonly timeoutMs: number;
}

/**
 * Exchanges a refresh token for new tokens, in one request.
 *
 * @throws {@link LoginError} of kind `refresh_expired`, `refresh_reused`, `refresh_revoked` or `refresh_rejected`
 * when the token is of no more use, `refresh_unavailable` when it still is, and `refresh_uncertain` when nobody knows.
 */
export async function requestRefresh(request: RefreshRequest): Promise<RefreshedTokens> {
  const { transport, profile, refreshToken, reason, timeoutMs } = request;
  const exchange = await exchangeTokens({
    transport,
    url: profile.refreshUrl,
    json: {
      client_id: profile.clientId,
      grant_type: "refresh_token",
      ...(reason === undefined ? undefined : { refresh_reason: reason }),
      refresh_token: refreshToken,
    },
    timeoutMs,
  });
  if (exchange.outcome === "undone") throw unreachable(exchange.error);
  if (exchange.outcome === "lost") throw uncertain("the connection failed before the answer", exchange.error);
  const { status, text, isHtml } = exchange;
  if (isHtml) throw intercepted(status);
  if (status < 200 || status > 299) throw refusedRefresh(status, text);
  return readTokens(text);
}

function readTokens(text: string): RefreshedTokens {
  const answer = parseJsonObject(text);
  if (answer === undefined) throw uncertain("the answer is not a JSON object");
  const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken } = answer;
  const tokens: RefreshedTokens = {
    // One that cannot be read would make the stored login unreadable, and cost the refresh token beside it.
    ...(typeof idToken === "string" && isIdToken(idToken) ? { id_token: idToken } : undefined),
    ...(isToken(accessToken) ? { access_token: accessToken } : undefined),
    ...(isToken(refreshToken) ? { refresh_token: refreshToken } : undefined),
  };
  if (tokens.access_token === undefined && tokens.refresh_token === undefined) {
    throw uncertain("the answer holds no tokens");
  }
  return tokens;
}

function isToken(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function unreachable(cause: Error): LoginError {
  return new LoginError(
    "the access token could not be refreshed: the token endpoint cannot be reached; check the network and try again",
    { kind: "refresh_unavailable", retryable: true, cause },
  );
}

function intercepted(status: number): LoginError {
  return new LoginError(
    `the access token could not be refreshed: a web page came back (${statusText(status)}) in place of the token ` +
      "endpoint's answer; check proxy, VPN or captive portal and try again",
    { kind: "refresh_unavailable", retryable: true, status },
  );
}

function uncertain(what: string, cause?: Error): LoginError {
  return new LoginError(
    `the access token could not be refreshed: ${what}, so the refresh token may be used up; it is not sent again by ` +
      "itself: sign in again, or call refresh with repeatUncertain to try it once more",
    { kind: "refresh_uncertain", cause },
  );
}
