import { isTransportError, statusText, type TransportErrorCode, transportErrorText } from "@codex-ts/client";
import type { ApiErrorKind } from "@codex-ts/protocol";

/**
 * What exactly happened, where the kind alone is too coarse. Besides the codes of the transport:
 *
 * `account_changed`: the WebSocket belongs to another login. `connection_busy`: it has another response under way.
 * `connection_closed`: it was closed before. `connection_limit`: the server wants a new one. `closed_early`: the
 * stream ended before `response.completed`. `invalid_answer`: the answer is not what the endpoint promises. `invalid_body`: the request cannot be written as
 * JSON. `invalid_completed`: a `response.completed` without a usable response. `previous_response_not_found`: the
 * server has forgotten what the request continues. `response_failed`,
 * `response_incomplete`: the server said so. `usage_limit_reached`: trying again before {@link ApiError.resetsAt} is
 * of no use. The others belong to the kind `file`.
 */
export type ApiErrorCode =
  | TransportErrorCode
  | FileErrorCode
  | "account_changed"
  | "closed_early"
  | "connection_busy"
  | "connection_closed"
  | "connection_limit"
  | "invalid_answer"
  | "invalid_body"
  | "invalid_completed"
  | "previous_response_not_found"
  | "response_failed"
  | "response_incomplete"
  | "usage_limit_reached";

/**
 * Why a file was not uploaded.
 *
 * `auth_required`: the login is none that uploads files. `file_missing`, `file_empty`, `file_too_large`,
 * `file_unreadable`: nothing was sent. `file_changed`: it did not yield the bytes that were announced.
 * `upload_url_refused`: the server named a place that a file must not be sent to. `upload_failed`: the server did not
 * accept the content. `upload_not_ready`: it did not say so within the time allowed.
 */
export type FileErrorCode =
  | "auth_required"
  | "file_changed"
  | "file_empty"
  | "file_missing"
  | "file_too_large"
  | "file_unreadable"
  | "upload_failed"
  | "upload_not_ready"
  | "upload_url_refused";

/** Kinds of failures that the reference has no name for are added to its own. */
export type ApiClientErrorKind = ApiErrorKind | "aborted" | "file";

/** Facts about a failure. None of them is a credential. */
export interface ApiErrorOptions extends ErrorOptions {
  readonly kind: ApiClientErrorKind;
  readonly code?: ApiErrorCode | undefined;
  /** HTTP status, when the server refused the request. */
  readonly status?: number | undefined;
  /** How long the server asks to wait before another try, in milliseconds. */
  readonly delayMs?: number | undefined;
  /** When a used-up limit starts anew. */
  readonly resetsAt?: Date | undefined;
  /** Id under which the server knows the exchange. */
  readonly requestId?: string | undefined;
  /** The server's own code, such as `rate_limit_exceeded`. */
  readonly serverCode?: string | undefined;
  /** The plan whose limit is used up, as the server names it. */
  readonly planType?: string | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/api.ApiError");

/** Thrown by the clients of this package when a call gave no usable answer. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** `aborted`: the caller's signal fired; its reason is the `cause`. `file`: a file was not uploaded. */
  readonly kind: ApiClientErrorKind;
  readonly code: ApiErrorCode | undefined;
  /** HTTP status, when the server refused the request. */
  readonly status: number | undefined;
  /** How long the server asks to wait before another try, in milliseconds. */
  readonly delayMs: number | undefined;
  /** When a used-up limit starts anew. Set for code `usage_limit_reached` when the server says so. */
  readonly resetsAt: Date | undefined;
  /** Id under which the server knows the exchange. Worth quoting to its support. */
  readonly requestId: string | undefined;
  /** The server's own code, such as `rate_limit_exceeded`. */
  readonly serverCode: string | undefined;
  /** The plan whose limit is used up, as the server names it. */
  declare readonly planType: string | undefined;
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, code, ...facts }: ApiErrorOptions) {
    super(message, "cause" in facts ? { cause: facts.cause } : undefined);
    this.kind = kind;
    this.code = code;
    this.status = facts.status;
    this.delayMs = facts.delayMs;
    this.resetsAt = facts.resetsAt;
    this.requestId = facts.requestId;
    this.serverCode = facts.serverCode;
    // Most errors have nothing to do with a plan.
    if (facts.planType !== undefined) this.planType = facts.planType;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isApiError(error: unknown): error is ApiError {
  return typeof error === "object" && error !== null && brand in error;
}

/**
 * Renders an error as the reference client displays it, such as `stream error: …` or `http 401 Unauthorized: …`.
 *
 * The text of a refused request holds the body of the answer. Use `message` for logs.
 */
export function apiErrorText(error: ApiError): string {
  switch (error.kind) {
    case "transport":
      return isTransportError(error.cause) ? transportErrorText(error.cause) : error.message;
    case "api":
      return `api error ${statusText(error.status ?? 0)}: ${error.message}`;
    case "stream":
      return `stream error: ${error.message}`;
    case "retryable":
      return `retryable error: ${error.message}`;
    case "rate_limit":
      return `rate limit: ${error.message}`;
    case "invalid_request":
      return `invalid request: ${error.message}`;
    case "cyber_policy":
      return `cyber policy: ${error.message}`;
    case "misalignment_policy_violation":
      return `misalignment policy violation: ${error.message}`;
    case "context_window_exceeded":
    case "quota_exceeded":
    case "server_overloaded":
    case "usage_not_included":
      return error.kind.replaceAll("_", " ");
    case "aborted":
      return "aborted";
    case "file":
      return error.message;
  }
}
