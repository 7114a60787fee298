import type { CacheReading } from "./cache-reading.js";
import type { CloudRequirementsError } from "./cloud-requirements-error.js";

/** `startup`: the first load. `refresh`: every later one. */
export type LoadTrigger = "refresh" | "startup";

/**
 * What a bundle holds: `none` (there is no bundle), `empty`, or the sorted and comma-joined list of
 * `enterprise_config` and `enterprise_requirements`.
 */
export type BundleShape =
  | "empty"
  | "enterprise_config"
  | "enterprise_config,enterprise_requirements"
  | "enterprise_requirements"
  | "none";

/** One answer of the backend, or the lack of one. */
export interface FetchAttemptReport {
  readonly trigger: LoadTrigger;
  /** From 1. A recovery from a 401 does not count. */
  readonly attempt: number;
  readonly outcome: "error" | "success" | "unauthorized";
  readonly status: number | undefined;
}

/** The end of asking the backend. */
export interface FetchFinalReport {
  readonly trigger: LoadTrigger;
  readonly outcome: "error" | "success";
  readonly reason:
    | "auth_recovery_missing_auth"
    | "auth_recovery_unavailable"
    | "auth_recovery_unrecoverable"
    | "invalid_bundle"
    | "none"
    | "request_retry_exhausted";
  readonly attemptCount: number;
  readonly status: number | undefined;
  readonly bundleShape: BundleShape;
}

/** The end of a load, wherever the policies came from. */
export interface LoadReport {
  readonly trigger: LoadTrigger;
  readonly outcome: "error" | "success";
  readonly bundleShape: BundleShape;
  readonly durationMs: number;
  /** Why there are no policies. */
  readonly error: CloudRequirementsError | undefined;
}

/** A cache that could not be written. The policies are in force all the same. */
export interface CacheWriteFailure {
  readonly path: string;
  readonly error: unknown;
}

/** Hooks that watch loads. They run synchronously and must be quick; what they throw is ignored. */
export interface CloudRequirementsTelemetry {
  /** Called for each look into the cache; says why it is not used. */
  onCacheRead?(reading: CacheReading): void;
  onCacheWriteFailure?(failure: CacheWriteFailure): void;
  onFetchAttempt?(report: FetchAttemptReport): void;
  onFetchFinal?(report: FetchFinalReport): void;
  onLoad?(report: LoadReport): void;
}

/** Calls hooks, and keeps what they throw from doing harm. */
export function safeTelemetry(hooks: CloudRequirementsTelemetry = {}): Required<CloudRequirementsTelemetry> {
  const call = (hook: () => void): void => {
    try {
      hook();
    } catch {
      // Watching must not change what is watched.
    }
  };
  return {
    onCacheRead: (reading) => call(() => hooks.onCacheRead?.(reading)),
    onCacheWriteFailure: (failure) => call(() => hooks.onCacheWriteFailure?.(failure)),
    onFetchAttempt: (report) => call(() => hooks.onFetchAttempt?.(report)),
    onFetchFinal: (report) => call(() => hooks.onFetchFinal?.(report)),
    onLoad: (report) => call(() => hooks.onLoad?.(report)),
  };
}
