import { TransportError, type TransportErrorOptions } from "@codex-ts/client";
import type { CodexErrorInfo } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import {
  ApiError,
  type ApiErrorOptions,
  apiErrorText,
  codexErrorInfo,
  isRetryableUserError,
  toUserError,
  type UnexpectedStatusFacts,
  type UsageLimitFacts,
  UserError,
} from "../../src/index.js";
import { startBackendClient } from "../support/backend-client.js";
import { type ErrorVector, toApiError } from "../support/error-vector.js";
import { readVectors } from "../support/read-vectors.js";
import { helloRequest } from "../support/requests.js";

interface MappingVector {
  readonly name: string;
  readonly input: { readonly error: ErrorVector; readonly now_unix?: number };
  readonly expected: {
    readonly kind: string;
    readonly message: string;
    readonly api_error_display: string;
    readonly codex_error_info: CodexErrorInfo;
    readonly http_status_code: number | null;
    readonly is_retryable: boolean;
    readonly retry_delay_ms?: number | null;
    readonly request_id?: string | null;
    readonly details?: object;
    readonly usage_limit?: object;
  };
}

const { cases } = readVectors<{ readonly cases: readonly MappingVector[] }>("error-mapping");

test.each(cases.map((vector) => [vector.name, vector] as const))(
  "vector %s",
  (_name, { input, expected }) => {
    const apiError = toApiError(input.error);
    const error = toUserError(apiError, { clock: () => (input.now_unix ?? 0) * 1000, timeZone: "UTC" });

    expect(error.kind).toBe(expected.kind.replaceAll(/\B[A-Z]/g, "_$&").toLowerCase());
    expect(error.message).toBe(expected.message);
    expect(codexErrorInfo(error)).toEqual(expected.codex_error_info);
    expect(error.status ?? null).toBe(expected.http_status_code);
    expect(isRetryableUserError(error)).toBe(expected.is_retryable);
    expect(apiErrorText(apiError)).toBe(expected.api_error_display);
    expect(error.cause).toBe(apiError);
    if (expected.retry_delay_ms !== undefined) expect(error.delayMs ?? null).toBe(expected.retry_delay_ms);
    if (expected.request_id !== undefined) expect(error.requestId ?? null).toBe(expected.request_id);
    if (expected.details !== undefined) expect(detailsOf(error)).toEqual(expected.details);
    if (expected.usage_limit !== undefined) expect(usageLimitOf(error)).toEqual(expected.usage_limit);
  },
);

function detailsOf(error: UserError): object {
  const facts = error.facts as UnexpectedStatusFacts;
  return {
    cf_ray: facts.cfRay ?? null,
    identity_authorization_error: facts.authError ?? null,
    identity_error_code: facts.authErrorCode ?? null,
    request_id: facts.requestId ?? null,
    url: facts.url ?? null,
    user_message: facts.userMessage ?? null,
  };
}

function usageLimitOf(error: UserError): object {
  const facts = error.facts as UsageLimitFacts;
  return {
    plan_type: facts.planType ?? null,
    promo_message: facts.promoMessage ?? null,
    rate_limit_reached_type: facts.reachedType ?? null,
    rate_limits: facts.rateLimits ?? null,
    resets_at_unix: facts.resetsAt === undefined ? null : facts.resetsAt.getTime() / 1000,
  };
}

/** The error that a client raises for an answer. */
function refused(
  status: number,
  body: string,
  headers: Record<string, string> = {},
  options: Partial<ApiErrorOptions> = {},
): ApiError {
  const cause = new TransportError(`POST https://h/v1 answered ${status}`, {
    kind: "http",
    status,
    body,
    headers: new Headers(headers),
    url: "http://example.com/blocked",
  });
  return new ApiError(cause.message, { kind: "transport", status, cause, ...options });
}

const errorBody = (error: object): string => JSON.stringify({ error });

test("a 503 that says slow_down is an overload too", () => {
  expect(toUserError(refused(503, errorBody({ code: "slow_down" }))).kind).toBe("server_overloaded");
});

test("a region that Cloudflare blocks is told as such", () => {
  const body = "<html><body>Cloudflare error: Sorry, you have been blocked</body></html>";
  const error = toUserError(refused(403, body, { "cf-ray": "ray-id", "content-type": "text/html" }));
  expect(error.kind).toBe("unexpected_status");
  expect(error.message).toBe(
    "Access blocked by Cloudflare. This usually happens when connecting from a restricted region " +
      "(status 403 Forbidden), url: http://example.com/blocked, cf-ray: ray-id",
  );
});

test.each([
  ["its message", errorBody({ code: "cyber_policy", message: "Flagged." }), "Flagged."],
  [
    "its message when it is wrapped like an event",
    JSON.stringify({ type: "error", status: 400, error: { code: "cyber_policy", message: "Flagged." } }),
    "Flagged.",
  ],
  [
    "the usual text without a message",
    errorBody({ code: "cyber_policy" }),
    "This request has been flagged for possible cybersecurity risk.",
  ],
])("a cyber policy refusal shows %s", (_what, body, message) => {
  expect(toUserError(refused(400, body))).toMatchObject({ kind: "cyber_policy", message });
});

test("a 400 with another code shows the body as it came", () => {
  const body = errorBody({ code: "other_code", message: "m" });
  expect(toUserError(refused(400, body))).toMatchObject({ kind: "invalid_request", message: body });
});

test.each([400, 403])("a %d may be a misalignment policy refusal", (status) => {
  const blank = errorBody({ code: "misalignment_policy_violation", message: " " });
  const error = toUserError(refused(status, blank));
  expect(error.message).toBe("This request was blocked due to a misalignment policy violation.");
  expect(codexErrorInfo(error)).toBe("misalignment_policy_violation");
  expect(isRetryableUserError(error)).toBe(false);
});

test("a cyber policy code counts on a 400 alone", () => {
  expect(toUserError(refused(403, errorBody({ code: "cyber_policy" }))).kind).toBe("unexpected_status");
});

const usageLimit = errorBody({ type: "usage_limit_reached", plan_type: "plus" });

test("the name of the active limit is shown, and its id is not taken for one", () => {
  const active = { "x-codex-active-limit": "codex_other" };
  const named = toUserError(
    refused(429, usageLimit, { ...active, "x-codex-other-limit-name": "codex_other" }),
  );
  expect((named.facts as UsageLimitFacts).rateLimits).toMatchObject({
    limit_id: "codex_other",
    limit_name: "codex_other",
  });
  expect(named.message).toMatch(/^You've hit your usage limit for codex_other\./);
  const unnamed = toUserError(refused(429, usageLimit, active));
  expect((unnamed.facts as UsageLimitFacts).rateLimits?.limit_name).toBeNull();
});

test.each(["something_new", "rate_limit_reachéd"])("the reached type %s is none", (type) => {
  const error = toUserError(refused(429, usageLimit, { "x-codex-rate-limit-reached-type": type }));
  expect((error.facts as UsageLimitFacts).reachedType).toBeUndefined();
});

test.each([
  ["a plan that is no text", { type: "usage_limit_reached", plan_type: 5 }],
  ["a type that is no text", { type: 1 }],
])("a 429 with %s is a plain one", (_what, error) => {
  expect(toUserError(refused(429, errorBody(error))).kind).toBe("retry_limit");
});

test("a reset time that no calendar has is none", () => {
  const error = toUserError(refused(429, errorBody({ type: "usage_limit_reached", resets_at: 2 ** 60 })));
  expect(error.message).toBe("You've hit your usage limit. Try again later.");
});

test("a plain 429 tells how long the server wants to be left alone", () => {
  const error = toUserError(refused(429, "", { "x-request-id": "req_9" }, { delayMs: 90_000 }));
  expect(error).toMatchObject({ kind: "retry_limit", delayMs: 90_000, requestId: "req_9" });
  expect(error.message).toBe("exceeded retry limit, last status: 429 Too Many Requests, request id: req_9");
});

test("a 401 tells everything by which it can be traced", () => {
  const headers = {
    "x-request-id": "req_1",
    "cf-ray": "ray_1",
    "x-openai-authorization-error": "missing_authorization_header",
    "x-error-json": Buffer.from(errorBody({ code: "token_expired" })).toString("base64"),
  };
  const error = toUserError(refused(401, errorBody({ message: "No." }), headers));
  expect(error.message).toBe(
    "unexpected status 401 Unauthorized: No., url: http://example.com/blocked, cf-ray: ray_1, " +
      "request id: req_1, auth error: missing_authorization_header, auth error code: token_expired",
  );
});

const html = { "content-type": "text/html; charset=UTF-8", "cf-ray": "ray_1" };
test.each([
  [401, html, "<p>Sign in</p>"],
  [403, html, "<p>Just a moment...</p>"],
  [403, {}, "\n<!DOCTYPE html><p>Just a moment...</p>"],
  [429, { ...html, "cf-mitigated": "challenge" }, "<p>Just a moment...</p>"],
  [503, { ...html, "cf-mitigated": "challenge" }, "<p>Just a moment...</p>"],
  [200, html, "<p>Welcome to our hotel</p>"],
])("a web page in answer to a %d is a challenge, and another try does not help", (status, headers, body) => {
  const error = toUserError(refused(status, body, headers));
  expect(error.kind).toBe("html_challenge");
  expect(error.message).toMatch(new RegExp(`^The server answered ${status} .* with a web page instead of`));
  expect(error.message).not.toContain("<p>");
  expect([error.status, codexErrorInfo(error)]).toEqual([status, "other"]);
  expect(isRetryableUserError(error)).toBe(false);
});

test("the page of a proxy whose server is down is no challenge", () => {
  const error = toUserError(refused(502, "<html>Bad Gateway</html>", html));
  expect(error.kind).toBe("unexpected_status");
  expect(isRetryableUserError(error)).toBe(true);
});

test.each<readonly [TransportErrorOptions, string]>([
  [
    { kind: "network", code: "connect_failed", detail: "connect ECONNREFUSED" },
    "Connection failed: connect ECONNREFUSED",
  ],
  [{ kind: "network", code: "proxy", detail: "the proxy is down" }, "Connection failed: the proxy is down"],
  [{ kind: "timeout", code: "connect_timeout" }, "Connection failed: timeout"],
])("a connection that was never there: %j", (options, message) => {
  const error = toUserError(new TransportError("POST https://h/v1 failed", options));
  expect(error).toMatchObject({ kind: "connection_failed", message });
  expect(codexErrorInfo(error)).toEqual({ http_connection_failed: { http_status_code: null } });
  expect(isRetryableUserError(error)).toBe(true);
});

test("a connection that broke is a broken stream", () => {
  const error = toUserError(
    new TransportError("POST https://h/v1 failed: x", { kind: "network", detail: "x" }),
  );
  expect(error.message).toBe("stream disconnected before completion: x");
});

test("a limit that is used up in the middle of a stream is final, and knows plan and time", () => {
  const error = toUserError(
    new ApiError("used up", {
      kind: "retryable",
      code: "usage_limit_reached",
      planType: "pro",
      resetsAt: new Date("2026-01-04T12:00:00Z"),
    }),
    { timeZone: "UTC", clock: () => 0 },
  );
  expect(error.message).toBe(
    "You've hit your usage limit. Visit https://chatgpt.com/codex/settings/usage to purchase more credits " +
      "or try again at Jan 4th, 2026 12:00 PM.",
  );
  expect(isRetryableUserError(error)).toBe(false);
});

test("a stream that fails so tells its user the plan and the time", async () => {
  const { backend, client } = await startBackendClient();
  const error = {
    code: "usage_limit_reached",
    message: "used up",
    plan_type: "team",
    resets_at: 1_767_528_000,
  };
  backend.script({ events: [{ type: "response.failed", response: { error } }] });
  const stream = await client.stream(helloRequest);
  const caught = await drain(stream).catch((failure: unknown) => failure);
  expect(toUserError(caught, { timeZone: "UTC", clock: () => 0 }).message).toBe(
    "You've hit your usage limit. To get more access now, send a request to your admin " +
      "or try again at Jan 4th, 2026 12:00 PM.",
  );
});

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of stream);
}

test("the delay that a message asks for is kept", () => {
  expect(toUserError(new ApiError("slow", { kind: "retryable", delayMs: 11_054 })).delayMs).toBe(11_054);
});

test.each([
  [new ApiError("m", { kind: "aborted" }), "turn_aborted"],
  [new TransportError("m", { kind: "aborted" }), "turn_aborted"],
  [new ApiError("file `a` is empty", { kind: "file", code: "file_empty" }), "invalid_request"],
  [new ApiError("the request failed", { kind: "transport", cause: new Error("x") }), "stream"],
  [new TypeError("boom"), "fatal"],
  ["boom", "fatal"],
])("%s becomes %s", (cause, kind) => {
  const error = toUserError(cause);
  expect([error.kind, error.cause]).toEqual([kind, cause]);
});

test("what is a user's error already stays it", () => {
  const error = new UserError({ kind: "spawn" });
  expect(toUserError(error)).toBe(error);
});
