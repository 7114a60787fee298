import { randomBytes } from "node:crypto";
import { errorBody } from "./error-body.js";
import type { ReplacingFault } from "./fault.js";
import { jsonReply, type Reply } from "./reply.js";

/** Makes the answer that stands in for the real one. */
export function faultReply(fault: Exclude<ReplacingFault, { kind: "stall_headers" | "reset" }>): Reply {
  switch (fault.kind) {
    case "status":
      return statusReply(fault.status, fault.headers, fault.body);
    case "unauthorized":
      return statusReply(401, undefined, fault.body ?? JSON.stringify(expiredToken));
    case "rate_limit":
      return jsonReply(
        429,
        errorBody(429, "rate_limit_exceeded", "Rate limit reached. Please try again later."),
        fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter },
      );
    case "usage_limit":
      return usageLimitReply(fault.planType, fault.resetsAt);
    case "redirect":
      return { status: fault.status ?? 307, headers: { location: fault.to }, body: Buffer.alloc(0) };
    case "html":
      return challengeReply(fault.status ?? 403);
  }
}

/** Makes an answer of this status; without a body, a JSON error that names it. */
export function statusReply(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body?: string | Uint8Array,
): Reply {
  if (body === undefined) {
    return jsonReply(status, errorBody(status, "testkit", `The test backend answers ${status}`), headers);
  }
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(body as Uint8Array),
  };
}

const expiredToken = errorBody(
  401,
  "token_expired",
  "Provided authentication token is expired. Please try signing in again.",
);

function usageLimitReply(planType = "pro", resetsAt = Math.floor(Date.now() / 1000) + 3600): Reply {
  const error = {
    type: "usage_limit_reached",
    message: "The usage limit has been reached",
    plan_type: planType,
    resets_at: resetsAt,
    resets_in_seconds: resetsAt - Math.floor(Date.now() / 1000),
  };
  return jsonReply(
    429,
    { error },
    {
      "x-codex-active-limit": "codex",
      "x-codex-primary-used-percent": "100",
      "x-codex-primary-window-minutes": "300",
      "x-codex-primary-reset-at": String(resetsAt),
      "x-codex-rate-limit-reached-type": "rate_limit_reached",
    },
  );
}

function challengeReply(status: number): Reply {
  return {
    status,
    headers: {
      "content-type": "text/html; charset=UTF-8",
      server: "cloudflare",
      "cf-mitigated": "challenge",
      "cf-ray": `${randomBytes(8).toString("hex")}-AMS`,
    },
    body: Buffer.from(
      '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>' +
        "<body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>\n",
    ),
  };
}
