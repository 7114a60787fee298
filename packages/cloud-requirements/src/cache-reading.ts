/**
 * What became of a look into the cache.
 *
 * The names are those of the reference client. `CacheTimestampInvalid` is not among them: the cache says that it was
 * written in the future, or that it is good for longer than any cache is.
 */
export type CacheStatus =
  | "AuthIdentityIncomplete"
  | "CacheExpired"
  | "CacheFileNotFound"
  | "CacheIdentityIncomplete"
  | "CacheIdentityMismatch"
  | "CacheInvalidBundle"
  | "CacheParseFailed"
  | "CacheReadFailed"
  | "CacheSignatureInvalid"
  | "CacheTimestampInvalid"
  | "CacheVersionUnsupported"
  | "Hit";

/** How a look into the cache went. */
export interface CacheReading {
  readonly status: CacheStatus;
  /** The status in words. */
  readonly message: string;
  /** How worth telling it is. `none` for what happens every day. */
  readonly level: "info" | "none" | "warn";
  readonly path: string;
  /** The version that the file claims, for `CacheVersionUnsupported`. */
  readonly version?: number | undefined;
}
