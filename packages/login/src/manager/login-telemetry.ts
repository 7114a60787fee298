import type { LoginError } from "../login-error.js";
import type { RefreshReason } from "../oauth/refresh-request.js";

/** One attempt to refresh tokens. */
export interface RefreshReport {
  /** Absent when a caller asked for it. */
  readonly reason: RefreshReason | undefined;
  /** `adopted`: another process had refreshed, and no request was made. */
  readonly outcome: "adopted" | "failed" | "refreshed";
  /** Why it failed, or why the new tokens are in memory only. */
  readonly error: LoginError | undefined;
  readonly durationMs: number;
}

/** One step of recovery from a 401. */
export interface LoginRecoveryReport {
  readonly mode: "external" | "managed";
  readonly step: "external_refresh" | "refresh_token" | "reload";
  readonly outcome: "recovery_failed_permanent" | "recovery_failed_transient" | "recovery_succeeded";
  /** Whether the login is another one now. */
  readonly stateChanged: boolean;
  readonly error: LoginError | undefined;
}

/**
 * Hooks that watch a manager. They run synchronously and must be quick; what they throw is ignored. No report holds
 * a token or a key.
 */
export interface LoginTelemetry {
  onRefresh?(report: RefreshReport): void;
  onRecovery?(report: LoginRecoveryReport): void;
  /** Called when tokens could not be revoked at logout. */
  onRevokeFailure?(error: LoginError): void;
}

/** Calls a hook. A hook that throws does no harm. */
export function report(call: () => void): void {
  try {
    call();
  } catch {
    // Who watches must not break what is watched.
  }
}
