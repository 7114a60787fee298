import { isInt64 } from "./int64.js";
import { isJsonObject } from "./json-object.js";

/** One event of the Responses protocol as it comes over the wire. `null` is the same as a missing member. */
export interface Payload {
  readonly type: string;
  readonly headers?: unknown;
  readonly metadata?: unknown;
  readonly response?: unknown;
  readonly item?: unknown;
  readonly safety_buffering?: unknown;
  readonly item_id?: string | null;
  readonly call_id?: string | null;
  readonly delta?: string | null;
  readonly summary_index?: number | null;
  readonly content_index?: number | null;
}

/** Tells whether parsed JSON is a payload. One known member of a wrong type spoils the whole. */
export function isPayload(value: unknown): value is Payload {
  return (
    isJsonObject(value) &&
    typeof value["type"] === "string" &&
    isMissingOrString(value["delta"]) &&
    isMissingOrString(value["item_id"]) &&
    isMissingOrString(value["call_id"]) &&
    isMissingOrInt64(value["summary_index"]) &&
    isMissingOrInt64(value["content_index"])
  );
}

function isMissingOrString(value: unknown): boolean {
  return value === undefined || value === null || typeof value === "string";
}

function isMissingOrInt64(value: unknown): boolean {
  return value === undefined || value === null || isInt64(value);
}
