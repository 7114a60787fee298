import type { RecordedRequest } from "../recorded-request.js";
import { Refusal } from "../refusal.js";

/**
 * Reads a JSON object from a request.
 *
 * @throws {@link Refusal} 400 when it is anything else.
 */
export function jsonBody(request: RecordedRequest): Readonly<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    throw new Refusal("Content-Type is not application/json", { status: 400, code: "invalid_content_type" });
  }
  let value: unknown;
  try {
    value = request.json();
  } catch (error) {
    throw new Refusal("The body is not JSON", { status: 400, code: "invalid_json", cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal("The body is not a JSON object", { status: 400, code: "invalid_json" });
  }
  return value as Readonly<Record<string, unknown>>;
}
