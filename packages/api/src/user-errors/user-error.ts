import type { RateLimitReachedType, RateLimitSnapshot, UserErrorKind } from "@codex-ts/protocol";
import type { LocalTimeOptions } from "./local-time.js";
import { userErrorText } from "./user-error-text.js";

/** What was refused with a status that has no meaning of its own. */
export interface UnexpectedStatusFacts {
  readonly kind: "html_challenge" | "unexpected_status";
  readonly status: number;
  /** Text of the answer. */
  readonly body: string;
  /** Shown in place of the body. */
  readonly userMessage?: string | undefined;
  readonly url?: string | undefined;
  readonly cfRay?: string | undefined;
  readonly requestId?: string | undefined;
  /** Why the server did not accept the credential. */
  readonly authError?: string | undefined;
  readonly authErrorCode?: string | undefined;
}

/** Which limit was used up, and what may be done about it. */
export interface UsageLimitFacts {
  readonly kind: "usage_limit_reached";
  /** As the server names it; `hc` is `enterprise`, `education` is `edu`. */
  readonly planType?: string | undefined;
  readonly resetsAt?: Date | undefined;
  readonly rateLimits?: RateLimitSnapshot | undefined;
  readonly promoMessage?: string | undefined;
  readonly reachedType?: RateLimitReachedType | undefined;
}

/** A command that its sandbox ended. */
export interface SandboxFacts {
  readonly kind: "sandbox";
  readonly message: string;
  readonly exitCode?: number | undefined;
  /** Set when it ran for too long. */
  readonly timedOutAfterMs?: number | undefined;
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  /** Both streams as they came. */
  readonly aggregatedOutput?: string | undefined;
}

/** Everything that the text of an error is made of. */
export type UserErrorFacts =
  | UnexpectedStatusFacts
  | UsageLimitFacts
  | SandboxFacts
  | {
      readonly kind:
        | "cyber_policy"
        | "fatal"
        | "invalid_request"
        | "io"
        | "json"
        | "misalignment_policy_violation"
        | "refresh_token_failed"
        | "stream"
        | "tokio_join"
        | "unsupported_operation";
      readonly message: string;
    }
  | {
      readonly kind: "connection_failed" | "response_stream_failed";
      readonly message: string;
      readonly status?: number | undefined;
      readonly requestId?: string | undefined;
    }
  | { readonly kind: "retry_limit"; readonly status: number; readonly requestId?: string | undefined }
  | { readonly kind: "thread_not_found"; readonly threadId: string }
  | { readonly kind: "tool_collision"; readonly toolName: string }
  | { readonly kind: "env_var"; readonly variable: string; readonly instructions?: string | undefined }
  | {
      readonly kind:
        | "agent_limit_reached"
        | "context_window_exceeded"
        | "internal_agent_died"
        | "internal_server_error"
        | "interrupted"
        | "invalid_image_request"
        | "landlock_sandbox_executable_not_provided"
        | "quota_exceeded"
        | "request_timeout"
        | "server_overloaded"
        | "session_budget_exceeded"
        | "session_configured_not_first_event"
        | "spawn"
        | "timeout"
        | "turn_aborted"
        | "usage_not_included";
    };

/** How a {@link UserError} is made. */
export interface UserErrorOptions extends ErrorOptions, LocalTimeOptions {
  /** How long the server asks to wait before another try, in milliseconds. */
  readonly delayMs?: number | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/api.UserError");

/**
 * A failure as the user of a session is told of it, in the words of the reference client. The message may quote what
 * the server answered, so it is meant for a screen and not for a log.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly kind: UserErrorKind;
  /** How long the server asks to wait before another try, in milliseconds. */
  declare readonly delayMs: number | undefined;
  /** What the message is made of. Not enumerable, so that a logger does not dump it. */
  declare readonly facts: UserErrorFacts;
  /** @internal */
  declare readonly [brand]: true;

  constructor(facts: UserErrorFacts, { cause, delayMs, ...time }: UserErrorOptions = {}) {
    super(userErrorText(facts, time), cause === undefined ? undefined : { cause });
    this.kind = facts.kind;
    if (delayMs !== undefined) this.delayMs = delayMs;
    Object.defineProperties(this, { facts: { value: facts }, [brand]: { value: true } });
  }

  /** HTTP status, of the kinds that tell it. */
  get status(): number | undefined {
    return "status" in this.facts ? this.facts.status : undefined;
  }

  /** Id under which the server knows the exchange, of the kinds that tell it. */
  get requestId(): string | undefined {
    return "requestId" in this.facts ? this.facts.requestId : undefined;
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isUserError(error: unknown): error is UserError {
  return typeof error === "object" && error !== null && brand in error;
}
