import type { AuthProvider } from "./auth-provider.js";

/** Who the caller is, for gates and cache keys. Comes from the login's own getters, never from headers. */
export interface AccountIdentity {
  readonly accountId?: string;
  readonly userId?: string;
  readonly email?: string;
  /** Plan as the wire names it, such as `plus` or `enterprise`. */
  readonly planType?: string;
  readonly isFedramp: boolean;
  /** True for plans that belong to a workspace instead of a person. */
  readonly isWorkspace: boolean;
}

/** Ids that telemetry may show for an Agent Identity. Neither is a secret. */
export interface AgentIdentityTelemetry {
  readonly agentId: string;
  readonly taskId: string;
}

/** One immutable reading of the login. */
export interface AuthSnapshot {
  /** The precise mode, as the wire names it. New modes may appear. */
  readonly mode:
    | "apikey"
    | "chatgpt"
    | "chatgptAuthTokens"
    | "agentIdentity"
    | "personalAccessToken"
    | (string & {});
  /** Good for one request. A client that lives longer holds {@link AuthSource.provider}. */
  readonly provider: AuthProvider;
  readonly account: AccountIdentity;
  /** True when the credential talks to the Codex backend. Gates use this, never the mode. */
  readonly usesCodexBackend: boolean;
  readonly agentIdentity?: AgentIdentityTelemetry;
}

/** Where services get their credential from when they also gate on it or key a cache by it. */
export interface AuthSource {
  /** Live: always signs with the newest login. */
  readonly provider: AuthProvider;
  /**
   * Reads the login of this moment.
   *
   * @returns Nothing when nobody is logged in.
   */
  current(signal?: AbortSignal): Promise<AuthSnapshot | undefined>;
}
