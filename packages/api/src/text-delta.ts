import type { ResponseEvent } from "@codex-ts/protocol";
import { isInt64 } from "./int64.js";
import type { JsonObject } from "./json-object.js";

/** The type of nearly every payload of a turn. */
export const textDeltaType = "response.output_text.delta";

/**
 * Reads a text delta as servers write it, and leaves every other one to the general path.
 *
 * A function of its own, because V8 remembers the shapes of objects for each place that reads a member. Here it meets
 * one shape and reads it at once; in the general path it meets a dozen, and each read is a search.
 *
 * @param payload - A JSON object of type {@link textDeltaType}.
 */
export function toUsualTextDelta(payload: JsonObject): ResponseEvent | undefined {
  const { delta, item_id, content_index } = payload;
  const isUsual =
    typeof delta === "string" &&
    (item_id === undefined || typeof item_id === "string") &&
    (content_index === undefined || isInt64(content_index)) &&
    payload["call_id"] === undefined &&
    payload["summary_index"] === undefined &&
    payload["headers"] === undefined &&
    payload["response"] === undefined &&
    payload["safety_buffering"] === undefined;
  return isUsual ? { type: "output_text_delta", delta } : undefined;
}
