import type { Provider } from "@codex-ts/api";
import type { AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import type { RequestTelemetry, Transport } from "@codex-ts/client";
import type { ModelInfo } from "@codex-ts/protocol";

/** Told what happens out of sight. None of it changes what callers get. */
export interface ModelsTelemetry extends RequestTelemetry {
  /** A list was fetched. */
  onRefresh?(report: { readonly durationMs: number; readonly modelCount: number }): void;
  /** A list could not be fetched; the one before stays. */
  onRefreshFailure?(error: unknown): void;
  /** The cache file could not be read or written. A file that is torn or foreign is replaced. */
  onCacheFailure?(error: unknown): void;
}

/** Settings of {@link createModelsManager}. */
export interface ModelsManagerOptions {
  readonly transport: Transport;
  /** The provider, or a function when its base URL depends on the login. */
  readonly provider: Provider | ((login: AuthSnapshot | undefined) => Provider);
  /** Who asks. Lists and caches belong to one account, and change with it. */
  readonly auth: AuthSource;
  /** Version of the calling client, such as `1.2.3`; what follows a hyphen is not sent. */
  readonly clientVersion: string;
  /** Models that are known without asking. @defaultValue {@link bundledModels} */
  readonly bundled?: readonly ModelInfo[] | undefined;
  /** Instructions of models that the catalogue does not know. @defaultValue empty */
  readonly baseInstructions?: string | undefined;
  /** Folder of the cache files, one for each account and provider. Left out, lists are kept in memory only. */
  readonly cacheFolder?: string | undefined;
  /** How long a cached list is fresh, in milliseconds. 0: never. @defaultValue 300_000 */
  readonly cacheTtlMs?: number | undefined;
  /** Limit for fetching the list, retries included, in milliseconds. 0 and Infinity: none. @defaultValue 5000 */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether the provider may be asked for this login.
   *
   * @defaultValue if the login uses the Codex backend
   */
  readonly mayFetch?: ((login: AuthSnapshot | undefined) => boolean | Promise<boolean>) | undefined;
  readonly telemetry?: ModelsTelemetry | undefined;
  /** Epoch milliseconds. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
}
