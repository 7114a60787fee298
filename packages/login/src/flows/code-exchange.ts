import { statusText, type Transport } from "@codex-ts/client";
import { LoginError } from "../login-error.js";
import type { OAuthProfile } from "../oauth/oauth-profile.js";
import { exchangeTokens, parseJsonObject } from "../oauth/token-endpoint.js";
import { type IdTokenClaims, isIdToken, parseIdToken } from "../tokens/id-token.js";
import { tokenErrorDetail } from "./token-error-detail.js";

/** What a code is exchanged with, and for. */
export interface CodeExchange {
  readonly transport: Transport;
  readonly profile: OAuthProfile;
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  /** Begins the messages of errors. */
  readonly failure: string;
  readonly signal: AbortSignal;
}

/** The tokens of a new login. */
export interface ExchangedTokens {
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly claims: IdTokenClaims;
}

const timeoutMs = 30_000;

/**
 * Exchanges the code of an approved sign-in for tokens, in one request: a code is good for one use.
 *
 * @throws {@link LoginError} of kind `login_failed`; the transport's error of kind `aborted` when `signal` fires.
 */
export async function exchangeCode(exchange: CodeExchange): Promise<ExchangedTokens> {
  const { transport, profile, code, codeVerifier, redirectUri, failure, signal } = exchange;
  const fail = (what: string, facts: { status?: number; cause?: Error } = {}): LoginError =>
    new LoginError(`${failure}: ${what}`, { kind: "login_failed", ...facts });

  const answer = await exchangeTokens({
    transport,
    url: profile.tokenUrl,
    form: {
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      client_id: profile.clientId,
      code_verifier: codeVerifier,
    },
    timeoutMs,
    signal,
  });
  if (answer.outcome !== "answered") {
    throw fail("the token endpoint cannot be reached; check the network and sign in again", {
      cause: answer.error,
    });
  }
  const { status, text, isHtml } = answer;
  if (isHtml) {
    throw fail(
      `a web page came back (${statusText(status)}) in place of the token endpoint's answer; check proxy, VPN or ` +
        "captive portal and sign in again",
      { status },
    );
  }
  if (status < 200 || status > 299) {
    const detail = tokenErrorDetail(text, [code, codeVerifier]);
    throw fail(`token endpoint returned status ${statusText(status)}: ${detail}`, { status });
  }
  return readTokens(text, fail);
}

function readTokens(text: string, fail: (what: string) => LoginError): ExchangedTokens {
  const answer = parseJsonObject(text);
  if (answer === undefined) throw fail("the token endpoint's answer is not a JSON object; sign in again");
  const read = (name: string): string => {
    const value = answer[name];
    if (typeof value === "string" && value !== "") return value;
    throw fail(`the token endpoint's answer lacks "${name}"; sign in again`);
  };
  const idToken = read("id_token");
  if (!isIdToken(idToken)) throw fail("invalid ID token format");
  return {
    idToken,
    accessToken: read("access_token"),
    refreshToken: read("refresh_token"),
    claims: parseIdToken(idToken),
  };
}
