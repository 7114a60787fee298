import { statusText, type Transport } from "@codex-ts/client";
import { LoginError } from "../login-error.js";
import type { AuthJson } from "../storage/auth-json.js";
import type { OAuthProfile } from "./oauth-profile.js";
import { exchangeTokens, oauthErrorCode } from "./token-endpoint.js";

/** What a revocation needs. */
export interface RevokeOptions {
  readonly transport: Transport;
  readonly profile: OAuthProfile;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Revokes the tokens of a ChatGPT login: the refresh token, or the access token if there is none. Other logins have
 * nothing to revoke.
 *
 * @throws {@link LoginError} of kind `revoke`; the transport's error of kind `aborted` when `signal` fires.
 */
export async function revokeTokens(auth: AuthJson, options: RevokeOptions): Promise<void> {
  const token = revocableToken(auth);
  if (token === undefined) return;
  const { transport, profile, timeoutMs = 10_000, signal } = options;
  const exchange = await exchangeTokens({
    transport,
    url: profile.revokeUrl,
    json: {
      token: token.value,
      token_type_hint: token.hint,
      ...(token.hint === "refresh_token" ? { client_id: profile.clientId } : undefined),
    },
    timeoutMs,
    signal,
  });
  if (exchange.outcome !== "answered") throw failure(token.hint, "no answer", { cause: exchange.error });
  const { status, text } = exchange;
  if (status >= 200 && status <= 299) return;
  const code = oauthErrorCode(text);
  throw failure(token.hint, `${statusText(status)}${code === undefined ? "" : `: ${code}`}`, { status });
}

type TokenHint = "access_token" | "refresh_token";

function revocableToken(auth: AuthJson): { readonly hint: TokenHint; readonly value: string } | undefined {
  // Not by what else the login holds: beside an API key there may be tokens of an older one, which stay.
  const mode = auth.auth_mode ?? (auth.OPENAI_API_KEY == null ? "chatgpt" : "apikey");
  if (mode !== "chatgpt") return undefined;
  const { refresh_token: refreshToken = "", access_token: accessToken = "" } = auth.tokens ?? {};
  if (refreshToken !== "") return { hint: "refresh_token", value: refreshToken };
  return accessToken === "" ? undefined : { hint: "access_token", value: accessToken };
}

function failure(hint: TokenHint, what: string, facts: { status?: number; cause?: Error }): LoginError {
  return new LoginError(
    `failed to revoke ${hint}: ${what}; end the session in the settings of your ChatGPT account`,
    { kind: "revoke", retryable: true, ...facts },
  );
}
