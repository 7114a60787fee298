import type { ApiErrorKind } from "@codex-ts/protocol";
import { ApiError } from "./api-error.js";
import { isInt64 } from "./int64.js";
import { isJsonObject } from "./json-object.js";
import { type PolicyKind, policyMessage } from "./policy-message.js";
import { parseRetryHint } from "./retry-hint.js";
import { fromUnixSeconds } from "./unix-time.js";

/** Turns the response of a `response.failed` into the error that it stands for. */
export function toResponseFailure(response: unknown, requestId: string | undefined): ApiError {
  const error = isJsonObject(response) ? response["error"] : undefined;
  if (!isServerError(error))
    return new ApiError("response.failed event received", {
      kind: "stream",
      code: "response_failed",
      requestId,
    });

  const { code, message } = error;
  const { kind, text } = failureKinds.get(code) ?? {
    kind: "retryable",
    text: (message: string | undefined): string => message ?? "",
  };
  const isUsageLimit = code === usageLimitReached || error.type === usageLimitReached;
  return new ApiError(text(message ?? undefined), {
    kind,
    code: isUsageLimit ? usageLimitReached : "response_failed",
    delayMs: code === "rate_limit_exceeded" ? parseRetryHint(message ?? "") : undefined,
    resetsAt: isUsageLimit ? fromUnixSeconds(error.resets_at) : undefined,
    requestId,
    serverCode: code ?? undefined,
    planType: isUsageLimit ? (error.plan_type ?? undefined) : undefined,
  });
}

/** Turns the response of a `response.incomplete` into an error. */
export function toIncomplete(response: unknown, requestId: string | undefined): ApiError {
  const details = isJsonObject(response) ? response["incomplete_details"] : undefined;
  const reason = isJsonObject(details) ? details["reason"] : undefined;
  return new ApiError(
    `Incomplete response returned, reason: ${typeof reason === "string" ? reason : "unknown"}`,
    { kind: "stream", code: "response_incomplete", requestId },
  );
}

interface Failure {
  readonly kind: ApiErrorKind;
  /** Makes the message of the error from that of the server. */
  readonly text: (message: string | undefined) => string;
}

const invalidRequest: Failure = { kind: "invalid_request", text: (message) => message ?? "Invalid request." };
const overloaded: Failure = { kind: "server_overloaded", text: () => "server overloaded" };

const failureKinds: ReadonlyMap<string | null | undefined, Failure> = new Map<string, Failure>([
  ["context_length_exceeded", { kind: "context_window_exceeded", text: () => "context window exceeded" }],
  ["insufficient_quota", { kind: "quota_exceeded", text: () => "quota exceeded" }],
  ["usage_not_included", { kind: "usage_not_included", text: () => "usage not included" }],
  ["cyber_policy", policy("cyber_policy")],
  ["misalignment_policy_violation", policy("misalignment_policy_violation")],
  ["invalid_prompt", invalidRequest],
  ["bio_policy", invalidRequest],
  ["server_is_overloaded", overloaded],
  ["slow_down", overloaded],
]);

function policy(kind: PolicyKind): Failure {
  return { kind, text: (message) => policyMessage(kind, message) };
}

const usageLimitReached = "usage_limit_reached";

interface ServerError {
  readonly type?: string | null;
  readonly code?: string | null;
  readonly message?: string | null;
  readonly plan_type?: string | null;
  readonly resets_at?: number | null;
}

function isServerError(value: unknown): value is ServerError {
  return (
    isJsonObject(value) &&
    isMissingOrString(value["type"]) &&
    isMissingOrString(value["code"]) &&
    isMissingOrString(value["message"]) &&
    isMissingOrString(value["plan_type"]) &&
    isInt64(value["resets_at"] ?? 0)
  );
}

function isMissingOrString(value: unknown): boolean {
  return value === undefined || value === null || typeof value === "string";
}
