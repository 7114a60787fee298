import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonWebKeySet } from "../jwt.js";
import { faultReply } from "../replacing-fault.js";
import type { Reply } from "../reply.js";
import { type IssuedTokens, IssuerState } from "./issuer-state.js";
import { defaultOAuthAccount, type OAuthAccount } from "./oauth-account.js";
import { type OAuthFault, OAuthFaultQueue } from "./oauth-fault.js";
import type { OAuthIssuerOptions } from "./oauth-issuer-options.js";
import { type OAuthRequest, RecordedOAuthRequest } from "./oauth-request.js";
import { OAuthRequestLog, type OAuthWaitOptions } from "./oauth-request-log.js";
import { routeOAuth } from "./oauth-routes.js";
import type { TokenClaims } from "./token-minter.js";
import type { RefreshTokenState } from "./token-vault.js";

/** Where an issuer is to be found. None ends in a slash. */
export interface OAuthIssuerUrls {
  /** The issuer itself. */
  readonly issuer: string;
  readonly token: string;
  readonly revoke: string;
  readonly authorize: string;
  /** Base URL of `…/v1/user-auth-credential/whoami`. */
  readonly authApi: string;
}

/** A running issuer. */
export interface OAuthIssuer extends AsyncDisposable {
  readonly urls: OAuthIssuerUrls;
  /** Everything received so far, oldest first: live, and with tokens in clear. */
  readonly requests: readonly OAuthRequest[];
  /** The keys that sign tokens with `algorithm: "RS256"`. */
  readonly jwks: JsonWebKeySet;

  /** Issues tokens, as after a completed sign-in. Members of the account replace those of the options. */
  signIn(account?: Partial<OAuthAccount>): IssuedTokens;
  /** Makes an id token that the issuer never gave out. `undefined` leaves a claim out. */
  mintIdToken(claims?: TokenClaims): string;
  /** Makes an access token that the issuer never gave out, such as one that is expired. */
  mintAccessToken(claims?: TokenClaims): string;
  /** Gives out a personal access token. */
  issuePersonalAccessToken(account?: Partial<OAuthAccount>): string;
  /** What became of a refresh token. */
  refreshTokenState(token: string): RefreshTokenState;
  /** Takes a refresh token out of use. */
  retireRefreshToken(token: string, state: "used" | "expired" | "revoked"): void;
  /** Lets a device go on whose user has read this code. */
  approveDevice(userCode: string): void;
  /** Queues something to go wrong. */
  fault(fault: OAuthFault): void;
  /**
   * Waits until so many requests have arrived.
   *
   * @returns The requests counted.
   * @throws The signal's reason, or an Error when the issuer is closed.
   */
  waitForRequests(count: number, options?: OAuthWaitOptions): Promise<readonly OAuthRequest[]>;
  /** Empties the log and the queue of faults. Tokens stay. */
  reset(): void;
  /** Ends all connections at once and stops to listen. */
  close(): Promise<void>;
}

/**
 * Starts an OAuth issuer on the loopback interface: authorize, token, revoke, device code, whoami. Each refresh
 * token and each code is good for one use.
 *
 * @throws The system's error when it cannot listen there.
 */
export async function startOAuthIssuer(options: OAuthIssuerOptions = {}): Promise<OAuthIssuer> {
  const { host = "127.0.0.1", port = 0 } = options;
  const issuer = new LocalOAuthIssuer(options);
  await issuer.listen(host, port);
  return issuer;
}

class LocalOAuthIssuer implements OAuthIssuer {
  readonly #account: OAuthAccount;
  readonly #state: IssuerState;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #log = new OAuthRequestLog();
  readonly #faults = new OAuthFaultQueue();
  #origin = "";

  constructor(options: OAuthIssuerOptions) {
    this.#account = { ...defaultOAuthAccount, ...options.account };
    this.#state = new IssuerState(
      options,
      () => this.#account,
      () => this.#origin,
    );
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 });
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    this.#server.on("request", (incoming, response) => {
      // A client that goes away in the middle is one of the things that tests do.
      this.#serve(incoming, response).catch(() => response.destroy());
    });
  }

  get urls(): OAuthIssuerUrls {
    return {
      issuer: this.#origin,
      token: `${this.#origin}/oauth/token`,
      revoke: `${this.#origin}/oauth/revoke`,
      authorize: `${this.#origin}/oauth/authorize`,
      authApi: `${this.#origin}/api/accounts`,
    };
  }

  get requests(): readonly OAuthRequest[] {
    return this.#log.requests;
  }

  get jwks(): JsonWebKeySet {
    return this.#state.minter.jwks;
  }

  signIn(account: Partial<OAuthAccount> = {}): IssuedTokens {
    return this.#state.issue({ ...this.#account, ...account });
  }

  mintIdToken(claims?: TokenClaims): string {
    return this.#state.minter.idToken(this.#account, claims);
  }

  mintAccessToken(claims?: TokenClaims): string {
    return this.#state.minter.accessToken(this.#account, claims);
  }

  issuePersonalAccessToken(account: Partial<OAuthAccount> = {}): string {
    return this.#state.vault.issuePersonalAccessToken({ ...this.#account, ...account });
  }

  refreshTokenState(token: string): RefreshTokenState {
    return this.#state.vault.refreshTokenState(token);
  }

  retireRefreshToken(token: string, state: "used" | "expired" | "revoked"): void {
    this.#state.vault.retire(token, state);
  }

  approveDevice(userCode: string): void {
    this.#state.devices.approve(userCode);
  }

  fault(fault: OAuthFault): void {
    this.#faults.add(fault);
  }

  waitForRequests(count: number, options: OAuthWaitOptions = {}): Promise<readonly OAuthRequest[]> {
    return this.#log.waitFor(count, options);
  }

  reset(): void {
    this.#log.clear();
    this.#faults.clear();
  }

  async close(): Promise<void> {
    this.#log.close();
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal */
  async listen(host: string, port: number): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    const { address, family, port: actualPort } = this.#server.address() as AddressInfo;
    this.#origin = `http://${family === "IPv6" ? `[${address}]` : address}:${actualPort}`;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = new RecordedOAuthRequest(incoming, response, Buffer.concat(chunks).toString());
    const fault = this.#faults.take(request.path);
    this.#log.add(request);
    const reply = await this.#answer(request, fault, response);
    if (reply === undefined) return;
    request.status = reply.status;
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body as Uint8Array);
  }

  /** Returns nothing when no answer is to be sent. */
  async #answer(
    request: RecordedOAuthRequest,
    fault: OAuthFault | undefined,
    response: ServerResponse,
  ): Promise<Reply | undefined> {
    switch (fault?.kind) {
      case "status":
        return {
          status: fault.status,
          headers: { "content-type": "application/json", ...fault.headers },
          body: Buffer.from(fault.body ?? ""),
        };
      case "html":
        return faultReply(fault);
      case "hang":
        return undefined;
      case "delay":
        await sleep(fault.ms, undefined, { ref: false });
        return this.#answerIfPresent(request, response);
      case "hold":
        await Promise.allSettled([fault.until]);
        return this.#answerIfPresent(request, response);
      case "cut":
        routeOAuth(request, this.#state);
        request.isCut = true;
        response.socket?.resetAndDestroy();
        return undefined;
      case "empty":
        return { ...routeOAuth(request, this.#state), body: Buffer.alloc(0) };
      case undefined:
        return routeOAuth(request, this.#state);
    }
  }
  #answerIfPresent(request: RecordedOAuthRequest, response: ServerResponse): Reply | undefined {
    return response.destroyed ? undefined : routeOAuth(request, this.#state);
  }
}
