import { isAuthError } from "@codex-ts/auth-provider";
import { isBackendError } from "@codex-ts/backend-client";
import { isTransportError } from "@codex-ts/client";

/** What follows from an attempt that brought no bundle. */
export type AttemptFailure =
  | {
      readonly kind: "retry";
      readonly status: number | undefined;
      /** How long the backend asks to wait. */
      readonly retryAfterMs: number;
      readonly cause: unknown;
    }
  | {
      /** The login is of no use. */
      readonly kind: "auth";
      readonly reason:
        | "auth_recovery_missing_auth"
        | "auth_recovery_unavailable"
        | "auth_recovery_unrecoverable";
      readonly status: number | undefined;
      /** What the login itself says. */
      readonly message: string | undefined;
      readonly cause: unknown;
    };

/**
 * Judges why an attempt failed: only a login that is refused, or that refuses to sign, is final.
 *
 * @param isSignedOut - Whether there was no login to sign with.
 */
export function judgeFailure(cause: unknown, isSignedOut: boolean): AttemptFailure {
  const backend = isBackendError(cause) ? cause : undefined;
  const status = backend?.status;
  const transport = isTransportError(backend?.cause) ? backend.cause : undefined;
  if (transport?.code === "recovery_failed" || transport?.code === "auth") {
    const credential = isAuthError(transport.cause) ? transport.cause : undefined;
    if (credential?.kind !== "transient") {
      const reason = isSignedOut ? "auth_recovery_missing_auth" : "auth_recovery_unrecoverable";
      const message = isSignedOut ? undefined : credential?.message;
      return { kind: "auth", reason, status, message, cause };
    }
  } else if (status === 401) {
    return { kind: "auth", reason: "auth_recovery_unavailable", status, message: undefined, cause };
  }
  return { kind: "retry", status, retryAfterMs: backend?.retryAfterMs ?? 0, cause };
}
