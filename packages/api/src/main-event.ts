import {
  isProtocolError,
  parseResponseItem,
  type ResponseEvent,
  type ResponseItem,
} from "@codex-ts/protocol";
import { isJsonObject } from "./json-object.js";
import type { Payload } from "./payload.js";
import { parseCompleted } from "./response-completed.js";
import { toIncomplete, toResponseFailure } from "./response-failure.js";

/**
 * Why a payload gives no event. `ignored`: its type is known to carry nothing for us. `unknown`: a type that this
 * package has never heard of. `malformed`: a known type without what it needs.
 */
export type NoEvent = "ignored" | "malformed" | "unknown";

/**
 * Turns a payload into the event that its type stands for.
 *
 * @param requestId - For the error.
 * @throws ApiError when the payload ends the response with a failure.
 */
export function toMainEvent(payload: Payload, requestId: string | undefined): ResponseEvent | NoEvent {
  const { type, delta } = payload;
  switch (type) {
    case "response.output_text.delta":
      return isMissing(delta) ? "malformed" : { type: "output_text_delta", delta };
    case "response.reasoning_summary_text.delta":
      return isMissing(delta) || isMissing(payload.summary_index)
        ? "malformed"
        : { type: "reasoning_summary_delta", delta, summary_index: payload.summary_index };
    case "response.reasoning_text.delta":
      return isMissing(delta) || isMissing(payload.content_index)
        ? "malformed"
        : { type: "reasoning_content_delta", delta, content_index: payload.content_index };
    case "response.custom_tool_call_input.delta":
      return toToolCallInputDelta(payload);
    case "response.output_item.added":
      return toItemEvent("output_item_added", payload.item);
    case "response.output_item.done":
      return toItemEvent("output_item_done", payload.item);
    case "response.reasoning_summary_part.added":
      return isMissing(payload.summary_index)
        ? "malformed"
        : { type: "reasoning_summary_part_added", summary_index: payload.summary_index };
    case "response.created":
      return isMissing(payload.response) ? "malformed" : { type: "created" };
    case "response.completed":
      return isMissing(payload.response) ? "malformed" : parseCompleted(payload.response, requestId);
    case "response.failed":
      throw toResponseFailure(payload.response, requestId);
    case "response.incomplete":
      throw toIncomplete(payload.response, requestId);
    default:
      return ignoredTypes.has(type) || type.startsWith("response.refusal.") ? "ignored" : "unknown";
  }
}

const ignoredTypes: ReadonlySet<string> = new Set([
  "codex.rate_limits",
  "error",
  "response.content_part.added",
  "response.content_part.done",
  "response.custom_tool_call_input.done",
  "response.function_call_arguments.delta",
  "response.function_call_arguments.done",
  "response.in_progress",
  "response.metadata",
  "response.output_text.done",
  "response.reasoning_summary_part.done",
  "response.reasoning_summary_text.done",
  "response.reasoning_text.done",
  "responsesapi.websocket_timing",
]);

function toToolCallInputDelta({ delta, item_id, call_id }: Payload): ResponseEvent | NoEvent {
  const itemId = item_id ?? call_id;
  if (isMissing(delta) || isMissing(itemId)) return "malformed";
  return { type: "tool_call_input_delta", item_id: itemId, call_id: call_id ?? null, delta };
}

function toItemEvent(
  type: "output_item_added" | "output_item_done",
  value: unknown,
): ResponseEvent | "malformed" {
  if (!isJsonObject(value)) return "malformed";
  let item: ResponseItem;
  try {
    item = parseResponseItem(value);
  } catch (error) {
    if (isProtocolError(error)) return "malformed";
    throw error;
  }
  return { type, item };
}

function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}
