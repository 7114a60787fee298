import { DeviceLogins } from "./device-logins.js";
import type { OAuthAccount } from "./oauth-account.js";
import type { AuthorizationDenial, OAuthIssuerOptions } from "./oauth-issuer-options.js";
import { TokenMinter } from "./token-minter.js";
import { TokenVault } from "./token-vault.js";

/** The tokens that a sign-in or a refresh gives, in the names of the wire. */
export interface IssuedTokens {
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: "Bearer";
  readonly expires_in: number;
}

/** Everything that the endpoints share. */
export class IssuerState {
  readonly vault: TokenVault = new TokenVault();
  readonly minter: TokenMinter;
  readonly devices: DeviceLogins;
  readonly clientId: string;
  readonly denial: AuthorizationDenial | undefined;
  readonly account: () => OAuthAccount;
  readonly origin: () => string;
  readonly #lifetimeSeconds: number;

  constructor(options: OAuthIssuerOptions, account: () => OAuthAccount, origin: () => string) {
    const {
      clientId = "app_EMoamEEZ73f0CkXaXp7hrann",
      accessTokenLifetimeSeconds = 3600,
      opaqueAccessTokens = false,
      algorithm = "none",
      clock = Date.now,
    } = options;
    this.clientId = clientId;
    this.denial = options.deny;
    this.account = account;
    this.origin = origin;
    this.#lifetimeSeconds = accessTokenLifetimeSeconds;
    this.devices = new DeviceLogins(options);
    this.minter = new TokenMinter({
      issuer: origin,
      clientId,
      algorithm,
      opaqueAccessTokens,
      lifetimeSeconds: accessTokenLifetimeSeconds,
      now: clock,
    });
  }

  issue(account: OAuthAccount): IssuedTokens {
    return {
      id_token: this.minter.idToken(account),
      access_token: this.minter.accessToken(account),
      refresh_token: this.vault.issueRefreshToken(account),
      token_type: "Bearer",
      expires_in: this.#lifetimeSeconds,
    };
  }
}
