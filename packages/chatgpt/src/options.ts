import type { AuthSource } from "@codex-ts/auth-provider";
import type { RequestTelemetry, RetryPolicy, Transport } from "@codex-ts/client";

/** What a client of ChatGPT is made from. */
export interface ChatgptClientOptions {
  /** Carries the requests. Not closed by the client; one serves a whole process. */
  readonly transport: Transport;
  /** Such as `https://chatgpt.com/backend-api`. */
  readonly baseUrl: string;
  /** Whose headers each request gets, anew for each attempt, and whose account caches are kept for. */
  readonly auth: AuthSource;
  /**
   * The folder in which the connectors directory is cached: in `cache/codex_app_directory`, one file for each account and base URL,
   * as the Codex CLI does in its home.
   *
   * @defaultValue none: it is cached in memory only
   */
  readonly home?: string | undefined;
  /**
   * Whether connectors are wanted at all. With false the directory is empty, and nothing is asked.
   *
   * @defaultValue true
   */
  readonly appsEnabled?: boolean | undefined;
  /**
   * Names the product in look-ups of apps.
   *
   * @defaultValue "codex"
   */
  readonly productSku?: string | undefined;
  /**
   * How requests are tried again.
   *
   * @defaultValue after a `Retry-After` of at most a minute
   */
  readonly retry?: RetryPolicy | undefined;
  /**
   * Exact origins that credentials may go to besides ChatGPT's own over HTTPS and this machine.
   *
   * @defaultValue []
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** The time that caches go by, epoch milliseconds. */
  readonly clock?: (() => number) | undefined;
  readonly telemetry?: ChatgptTelemetry | undefined;
}

/** What is not worth failing a call for, but worth knowing. */
export interface ChatgptTelemetry extends RequestTelemetry {
  /** The cache file of the directory could not be read or written, or a damaged one could not be removed. */
  onCacheFailure?(error: unknown): void;
  /** The directory of the workspace could not be read, so that it counts as empty. */
  onWorkspaceDirectoryFailure?(error: unknown): void;
}

/** What every call may say. */
export interface CallOptions {
  /**
   * Limit for each request of the call in milliseconds: all its attempts, and a recovery from a 401. 0 and Infinity turn it off.
   */
  readonly timeoutMs?: number | undefined;
  /** Ends the call at once, with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
}
