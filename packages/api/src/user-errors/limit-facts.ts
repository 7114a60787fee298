import { parsePlanClaim } from "@codex-ts/protocol";
import { headerText } from "../header-value.js";
import { isInt64 } from "../int64.js";
import type { JsonObject } from "../json-object.js";
import { parsePromoMessage, parseRateLimitFor, parseReachedType } from "../rate-limits.js";
import { fromUnixSeconds } from "../unix-time.js";
import { errorObject } from "./error-body.js";
import { identityFacts } from "./identity-facts.js";
import type { UserErrorFacts } from "./user-error.js";

/** Finds out which limit a 429 is about. */
export function limitFacts(headers: Headers | undefined, body: string): UserErrorFacts {
  const error = errorObject(body);
  if (isLimitError(error)) {
    if (error.type === "usage_limit_reached") return usageLimitFacts(headers, error);
    if (error.type === "usage_not_included") return { kind: "usage_not_included" };
  }
  const { requestId, cfRay } = identityFacts(headers);
  return { kind: "retry_limit", status: 429, requestId: requestId ?? cfRay };
}

interface LimitError {
  readonly type?: string | null;
  readonly plan_type?: string | null;
  readonly resets_at?: number | null;
}

function isLimitError(error: JsonObject | undefined): error is JsonObject & LimitError {
  return (
    error !== undefined &&
    isMissingOrString(error["type"]) &&
    isMissingOrString(error["plan_type"]) &&
    isInt64(error["resets_at"] ?? 0)
  );
}

function isMissingOrString(value: unknown): boolean {
  return value === undefined || value === null || typeof value === "string";
}

function usageLimitFacts(headers: Headers | undefined, { plan_type, resets_at }: LimitError): UserErrorFacts {
  return {
    kind: "usage_limit_reached",
    planType: plan_type == null ? undefined : parsePlanClaim(plan_type),
    resetsAt: fromUnixSeconds(resets_at),
    ...(headers === undefined
      ? {}
      : {
          rateLimits: parseRateLimitFor(headers, headerText(headers, "x-codex-active-limit")),
          promoMessage: parsePromoMessage(headers) ?? undefined,
          reachedType: parseReachedType(headers) ?? undefined,
        }),
  };
}
