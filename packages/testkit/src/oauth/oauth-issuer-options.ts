import type { OAuthAccount } from "./oauth-account.js";

/** How the issuer turns a user away, as it is put into the redirect. */
export interface AuthorizationDenial {
  readonly error: string;
  readonly errorDescription?: string | undefined;
}

/** Settings of {@link startOAuthIssuer}. */
export interface OAuthIssuerOptions {
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** The address to listen on. Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** The only client that is served. Default: that of the Codex CLI. */
  readonly clientId?: string | undefined;
  /** Who signs in. Members left out have the values of the default account. */
  readonly account?: Partial<OAuthAccount> | undefined;
  /** Default 3600. */
  readonly accessTokenLifetimeSeconds?: number | undefined;
  /** Gives out access tokens that are no JWT. Default false. */
  readonly opaqueAccessTokens?: boolean | undefined;
  /** How tokens are signed. Default `none`: a signature that is none. */
  readonly algorithm?: "none" | "RS256" | undefined;
  /** Turns users away in place of approving at once. */
  readonly deny?: AuthorizationDenial | undefined;
  /** The pause that a device is told to make between polls, in seconds. Default 0. */
  readonly deviceIntervalSeconds?: number | undefined;
  /** How often a device polls in vain before its user has approved. Default 0; `Infinity`: never approved. */
  readonly devicePendingPolls?: number | undefined;
  /** The time that tokens are issued at, epoch milliseconds. Default `Date.now`. */
  readonly clock?: (() => number) | undefined;
}
