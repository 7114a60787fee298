import { randomBytes } from "node:crypto";
import { LocalServer, type RemoteServer } from "./remote-server.js";

/** A code with which a client finds a server. */
export interface RemotePairingCode {
  readonly pairingCode: string;
  readonly manualPairingCode: string | undefined;
  readonly serverId: string;
  /** Whether a client has claimed it. */
  isClaimed: boolean;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** A client as it is listed; members that are missing are left out. */
export interface RemotePairedClient {
  readonly client_id: string;
  readonly [member: string]: unknown;
}

/** The remote control of a backend. */
export interface RemoteControlBackend {
  /** All servers that have enrolled, oldest first. */
  readonly servers: readonly RemoteServer[];
  /** All pairings that were started, oldest first. */
  readonly pairings: readonly RemotePairingCode[];
  /** What is listed for an environment. Can be changed. */
  readonly pairedClients: Map<string, RemotePairedClient[]>;
  /** How long a new token is good, in milliseconds. Default an hour. Can be changed. */
  tokenLifetimeMs: number;
  /** Resolves with the server that enrols as number so many, 1 for the first. */
  waitForServer(count?: number): Promise<RemoteServer>;
  /** Answers that this server is not known, from now on. */
  forgetServer(server: RemoteServer): void;
}

/** What is known of servers, tokens and pairings. */
export class RemoteControlState implements RemoteControlBackend {
  readonly servers: LocalServer[] = [];
  readonly pairings: RemotePairingCode[] = [];
  readonly pairedClients: Map<string, RemotePairedClient[]> = new Map();
  tokenLifetimeMs = 3_600_000;
  readonly #now: () => number;
  readonly #forgotten = new Set<RemoteServer>();
  readonly #waiters = new Set<() => void>();

  constructor(now: () => number) {
    this.#now = now;
  }

  waitForServer(count = 1): Promise<RemoteServer> {
    return new Promise((resolve) => {
      const check = (): void => {
        const server = this.servers[count - 1];
        if (server === undefined) return;
        this.#waiters.delete(check);
        resolve(server);
      };
      this.#waiters.add(check);
      check();
    });
  }

  forgetServer(server: RemoteServer): void {
    this.#forgotten.add(server);
  }

  enroll(accountId: string, facts: Readonly<Record<string, unknown>>): LocalServer {
    const server = new LocalServer(accountId, facts);
    this.servers.push(server);
    for (const wake of [...this.#waiters]) wake();
    return server;
  }

  find(serverId: unknown): LocalServer | undefined {
    const server = this.servers.find((candidate) => candidate.serverId === serverId);
    return server === undefined || this.#forgotten.has(server) ? undefined : server;
  }

  /** The server whose token this is, if it is still good. */
  serverOfToken(authorization: string | undefined): LocalServer | undefined {
    const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? "";
    return this.servers.find(({ tokens }) => (tokens.get(token) ?? 0) > this.#now());
  }

  /** Makes the answer to an enrolment or a refresh. */
  issueToken(server: LocalServer): object {
    const token = `rct_${randomBytes(24).toString("base64url")}`;
    const expiresAt = this.#now() + this.tokenLifetimeMs;
    server.tokens.set(token, expiresAt);
    return {
      server_id: server.serverId,
      environment_id: server.environmentId,
      remote_control_token: token,
      expires_at: new Date(expiresAt).toISOString(),
    };
  }

  startPairing({ serverId }: LocalServer, isManual: boolean): RemotePairingCode {
    const pairing: RemotePairingCode = {
      pairingCode: `pair_${randomBytes(12).toString("hex")}`,
      manualPairingCode: isManual ? randomBytes(4).toString("hex").toUpperCase() : undefined,
      serverId,
      isClaimed: false,
      expiresAt: this.#now() + 600_000,
    };
    this.pairings.push(pairing);
    return pairing;
  }
}
