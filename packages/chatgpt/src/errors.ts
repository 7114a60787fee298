import { isBackendError } from "@codex-ts/backend-client";
import { statusText } from "@codex-ts/client";
import type { ApplyResult } from "@codex-ts/git-apply";

/**
 * Why a call gave no usable answer.
 *
 * `aborted`: the caller's signal fired. `account_changed`: another account is logged in than when the call began.
 * `apply`: the diff of a task could not be applied. `auth`: there is no login, or none that ChatGPT's backend takes, or its
 * credential cannot be used. `cache`: what is cached on disk could not be removed. `decode`: the answer is not what the endpoint
 * promises. `status`: the server refused. `task`: the task has no diff. `timeout`: a time limit elapsed. `transport`: no answer came.
 */
export type ChatgptErrorKind =
  | "aborted"
  | "account_changed"
  | "apply"
  | "auth"
  | "cache"
  | "decode"
  | "status"
  | "task"
  | "timeout"
  | "transport";

/** Facts about a failure. None of them is a credential. */
export interface ChatgptErrorOptions extends ErrorOptions {
  readonly kind: ChatgptErrorKind;
  /** HTTP status, when the server refused the request. */
  readonly status?: number | undefined;
  /** Id under which the server knows the exchange. */
  readonly requestId?: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** What became of a diff, file by file. */
  readonly applyResult?: ApplyResult | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/chatgpt.ChatgptError");

/** Thrown by this package when a call gave no usable answer. The message never holds a body or a credential. */
export class ChatgptError extends Error {
  override readonly name = "ChatgptError";
  readonly kind: ChatgptErrorKind;
  /** HTTP status, when the server refused the request. */
  declare readonly status: number | undefined;
  /** Id under which the server knows the exchange. Worth quoting to its support. */
  declare readonly requestId: string | undefined;
  /** How long the server asks to wait before another try, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;
  /** What became of a diff, file by file, when git has tried it. Not enumerable, so that a logger does not dump it. */
  declare readonly applyResult: ApplyResult | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, cause, applyResult, ...facts }: ChatgptErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    // Facts that are unknown are left out, which makes printed errors short.
    Object.assign(this, Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)));
    Object.defineProperties(this, { applyResult: { value: applyResult }, [brand]: { value: true } });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isChatgptError(error: unknown): error is ChatgptError {
  return typeof error === "object" && error !== null && brand in error;
}

/**
 * Renders an error as the reference client displays it, such as `Request failed with status 404 Not Found: …`.
 *
 * The text of a refused request holds the body of the answer, that of a diff everything that git said. Use `message` for logs.
 */
export function chatgptErrorText({ kind, status = 0, cause, message, applyResult }: ChatgptError): string {
  switch (kind) {
    case "status":
      return `Request failed with status ${statusText(status)}: ${isBackendError(cause) ? cause.body : ""}`;
    case "decode":
      return "Failed to parse JSON response";
    case "timeout":
    case "transport":
      return "Failed to send request";
    case "apply":
      if (applyResult === undefined) return message;
      return `${message}\nstdout:\n${applyResult.stdout}\nstderr:\n${applyResult.stderr}`;
    default:
      return message;
  }
}

/** Turns what the backend client failed with into the error that the call ends with. */
export function toChatgptError(error: unknown): unknown {
  if (!isBackendError(error)) return error;
  const { message, kind, status, requestId, retryAfterMs } = error;
  return new ChatgptError(message, {
    kind: kind === "routing" ? "transport" : kind,
    status,
    requestId,
    retryAfterMs,
    cause: error,
  });
}
