import type { LoginEnvironment } from "../environment.js";

/** The endpoints and the client that a login is done with. Plain data: a host can bring another. */
export interface OAuthProfile {
  /** Names who signs users in. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Where a browser goes to approve. */
  readonly authorizeUrl: string;
  /** What the authorization request carries beyond the standard, in this order. */
  readonly authorizeParameters: Readonly<Record<string, string>>;
  /** Where codes are exchanged for tokens. */
  readonly tokenUrl: string;
  /** Where tokens are refreshed; mostly the same as `tokenUrl`. */
  readonly refreshUrl: string;
  readonly revokeUrl: string;
  /** The host of the address that a browser is sent back to. Whatever it is, only 127.0.0.1 is listened on. */
  readonly redirectHost: string;
  /** The ports that the client is registered for, in order of preference. 0: any free one. */
  readonly redirectPorts: readonly number[];
  /** Whether a sign-in in the browser asks for an API key as well. */
  readonly requestsApiKey: boolean;
  /** Base URL of the device-code endpoints, without a slash at the end. */
  readonly deviceAuthBaseUrl: string;
  /** The page on which a person types a device's code. */
  readonly deviceVerificationUrl: string;
  /** The redirect URI that a device's code is bound to. */
  readonly deviceRedirectUri: string;
  /** Where a new account is set up on the platform. */
  readonly platformUrl: string;
  /** Base URL of `/v1/user-auth-credential/whoami`, without a slash at the end. */
  readonly authApiBaseUrl: string;
}

/** What {@link createOAuthProfile} does not derive from the issuer. */
export interface OAuthProfileOptions {
  /** @defaultValue The client of the Codex CLI. */
  readonly clientId?: string | undefined;
  /** @defaultValue The scopes of the Codex CLI. */
  readonly scopes?: readonly string[] | undefined;
  /** @defaultValue "127.0.0.1" */
  readonly redirectHost?: string | undefined;
  /** @defaultValue [1455, 1457] */
  readonly redirectPorts?: readonly number[] | undefined;
  /** @defaultValue What the Codex CLI sends. */
  readonly authorizeParameters?: Readonly<Record<string, string>> | undefined;
}

const codexIssuer = "https://auth.openai.com";
const codexClientId = "app_EMoamEEZ73f0CkXaXp7hrann";
const codexScopes: readonly string[] = Object.freeze([
  "openid",
  "profile",
  "email",
  "offline_access",
  "api.connectors.read",
  "api.connectors.invoke",
]);

const codexAuthorizeParameters: Readonly<Record<string, string>> = Object.freeze({
  id_token_add_organizations: "true",
  codex_cli_simplified_flow: "true",
});

// RFC 8252 §8.3 advises against `localhost`, which may resolve to an address that nobody of ours listens on. The
// releases up to mid-2026 sent it all the same; later ones send the address.
const codexRedirectHost = "127.0.0.1";
const codexRedirectPorts: readonly number[] = Object.freeze([1455, 1457]);

/** Derives a profile from an issuer whose endpoints have the usual paths. */
export function createOAuthProfile(issuer: string, options: OAuthProfileOptions = {}): OAuthProfile {
  const {
    clientId = codexClientId,
    scopes = codexScopes,
    authorizeParameters = codexAuthorizeParameters,
    redirectHost = codexRedirectHost,
    redirectPorts = codexRedirectPorts,
  } = options;
  const base = withoutTrailingSlashes(issuer);
  return Object.freeze({
    issuer,
    clientId,
    scopes,
    authorizeUrl: `${base}/oauth/authorize`,
    authorizeParameters,
    tokenUrl: `${base}/oauth/token`,
    refreshUrl: `${base}/oauth/token`,
    revokeUrl: `${base}/oauth/revoke`,
    redirectHost,
    redirectPorts,
    requestsApiKey: true,
    deviceAuthBaseUrl: `${base}/api/accounts/deviceauth`,
    deviceVerificationUrl: `${base}/codex/device`,
    deviceRedirectUri: `${base}/deviceauth/callback`,
    platformUrl: issuer === codexIssuer ? "https://platform.openai.com" : "https://platform.api.openai.org",
    authApiBaseUrl: `${base}/api/accounts`,
  });
}

/** "Sign in with ChatGPT", as the Codex CLI does it. */
export const codexOAuthProfile: OAuthProfile = createOAuthProfile(codexIssuer);

/**
 * Gives the profile to use: the one passed in as it is, else {@link codexOAuthProfile} with the overrides of the
 * environment.
 */
export function resolveOAuthProfile(
  profile: OAuthProfile | undefined,
  environment: LoginEnvironment,
): OAuthProfile {
  if (profile !== undefined) return profile;
  const { clientId, tokenUrl, revokeUrl, authApiBaseUrl } = environment;
  return {
    ...codexOAuthProfile,
    clientId: clientId ?? codexOAuthProfile.clientId,
    refreshUrl: tokenUrl ?? codexOAuthProfile.refreshUrl,
    revokeUrl: revokeUrl ?? revokeUrlBeside(tokenUrl) ?? codexOAuthProfile.revokeUrl,
    authApiBaseUrl: authApiBaseUrl ?? codexOAuthProfile.authApiBaseUrl,
  };
}

// Who sends refreshes elsewhere does not want tokens to be revoked at the real issuer.
function revokeUrlBeside(tokenUrl: string | undefined): string | undefined {
  if (tokenUrl === undefined || !URL.canParse(tokenUrl)) return undefined;
  const url = new URL(tokenUrl);
  url.pathname = "/oauth/revoke";
  url.search = "";
  return url.href;
}

function withoutTrailingSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}
