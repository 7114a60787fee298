import { TransportError } from "@codex-ts/client";
import { expect, test } from "vitest";
import { ApiError, errorDebugContext, errorTelemetryText } from "../../src/index.js";
import { type ErrorVector, toApiError } from "../support/error-vector.js";
import { readVectors } from "../support/read-vectors.js";

interface DebugVector {
  readonly name: string;
  readonly input: { readonly error: ErrorVector };
  readonly expected: { readonly context: object; readonly telemetry_message: string };
}

const { cases } = readVectors<{ readonly cases: readonly DebugVector[] }>("debug-context");

test.each(cases.map((vector) => [vector.name, vector] as const))(
  "vector %s",
  (_name, { input, expected }) => {
    const error = toApiError(input.error);
    const { requestId, cfRay, authError, authErrorCode } = errorDebugContext(error);
    expect({
      request_id: requestId ?? null,
      cf_ray: cfRay ?? null,
      auth_error: authError ?? null,
      auth_error_code: authErrorCode ?? null,
    }).toEqual(expected.context);
    expect(errorTelemetryText(error)).toBe(expected.telemetry_message);
  },
);

test("the error of a transport tells the same", () => {
  const headers = new Headers({
    "x-oai-request-id": "oai_1",
    "cf-ray": "ray_1",
    "x-openai-authorization-error": "expired",
    "x-error-json": Buffer.from('{"error":{"code":"token_expired"}}').toString("base64"),
  });
  const error = new TransportError("m", { kind: "http", status: 401, headers, body: "secret" });
  expect(errorDebugContext(error)).toEqual({
    requestId: "oai_1",
    cfRay: "ray_1",
    authError: "expired",
    authErrorCode: "token_expired",
  });
  expect(errorTelemetryText(error)).toBe("http 401");
});

test.each([
  [new ApiError("secret", { kind: "api", status: 401 }), "api error 401"],
  [new ApiError("m", { kind: "file", code: "file_empty" }), "file error: file_empty"],
  [new ApiError("m", { kind: "misalignment_policy_violation" }), "misalignment policy violation"],
  [new ApiError("m", { kind: "rate_limit" }), "rate limit"],
  [new TransportError("POST https://h failed: x", { kind: "network", detail: "x" }), "x"],
  [new TransportError("m", { kind: "aborted" }), "aborted"],
])("%s is named %s", (error, text) => {
  expect(errorTelemetryText(error)).toBe(text);
});
