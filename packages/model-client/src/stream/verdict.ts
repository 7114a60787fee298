import { type ApiErrorCode, isApiError, type UserError } from "@codex-ts/api";
import { isTransportError } from "@codex-ts/client";
import type { FallbackReason } from "../session/transport-choice.js";
import { isWorthRetrying } from "./session-error.js";
import type { TurnTransport } from "./turn-event.js";

/** What is known of an attempt that failed. */
export interface FailedAttempt {
  readonly error: UserError;
  /** Over what it went, if it got that far. */
  readonly transport: TurnTransport | undefined;
  /** Whether the connection was not open yet. */
  readonly isHandshake: boolean;
  /** Whether the connection had been open before. */
  readonly isReused: boolean;
  /** Whether anything of an answer came. */
  readonly hasBegun: boolean;
}

/** What follows from a failure. */
export type Verdict =
  /** Asks again at once over a new connection; that is not counted as a retry. */
  | { readonly next: "reconnect" }
  | { readonly next: "fall_back"; readonly reason: FallbackReason }
  | { readonly next: "retry" }
  | { readonly next: "fail" };

/**
 * Judges a failure by what it says about the request, the connection and the server.
 *
 * A handshake that is refused says nothing about the request, unless a used-up limit or the credential is why: HTTP
 * may still answer it.
 */
export function judge(failure: FailedAttempt): Verdict {
  const { error, transport, isHandshake } = failure;
  if (transport === "websocket") {
    const reason = isHandshake ? refusedWebSocket(error) : closedForGood(error);
    if (reason !== undefined) return { next: "fall_back", reason };
    if (wantsNewConnection(failure)) return { next: "reconnect" };
    if (isHandshake) return finalHandshakes.has(error.kind) ? { next: "fail" } : { next: "retry" };
    // Over HTTP the request itself has waited for as long as it was told to. Here nobody has.
    if (error.kind === "retry_limit" && error.delayMs !== undefined) return { next: "retry" };
  }
  return isWorthRetrying(error) ? { next: "retry" } : { next: "fail" };
}

const finalHandshakes: ReadonlySet<UserError["kind"]> = new Set<UserError["kind"]>([
  "env_var",
  "fatal",
  "refresh_token_failed",
  "turn_aborted",
  "unsupported_operation",
  "usage_limit_reached",
  "usage_not_included",
]);

function refusedWebSocket({ cause }: UserError): FallbackReason | undefined {
  const status = isApiError(cause) ? cause.status : undefined;
  if (status === 426) return "upgrade_required";
  return status === 404 || status === 405 || status === 501 ? "not_supported" : undefined;
}

/** RFC 6455 §7.4.1. */
const closeReasons: ReadonlyMap<number | undefined, FallbackReason> = new Map<
  number | undefined,
  FallbackReason
>([
  [1008, "policy"],
  [1009, "message_too_big"],
]);

function closedForGood({ cause }: UserError): FallbackReason | undefined {
  const failure = isApiError(cause) ? cause.cause : undefined;
  return isTransportError(failure) ? closeReasons.get(failure.closeCode) : undefined;
}

const connectionCodes: ReadonlySet<ApiErrorCode | undefined> = new Set<ApiErrorCode | undefined>([
  "account_changed",
  "connection_closed",
  "connection_limit",
  "previous_response_not_found",
]);

function wantsNewConnection({ error, isReused, hasBegun }: FailedAttempt): boolean {
  const { cause } = error;
  if (!isApiError(cause)) return false;
  if (connectionCodes.has(cause.code)) return true;
  // A connection that has been idle is often found closed only when it is used.
  return isReused && !hasBegun && cause.code === "closed_early";
}
