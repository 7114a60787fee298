import type { CompletedEvent, TokenUsage } from "@codex-ts/protocol";
import { ApiError } from "./api-error.js";
import { isInt64 } from "./int64.js";
import { isJsonObject, type JsonObject } from "./json-object.js";

/**
 * Reads the response of a `response.completed`.
 *
 * @throws {@link ApiError} of kind `stream`, code `invalid_completed`.
 */
export function parseCompleted(response: unknown, requestId: string | undefined): CompletedEvent {
  try {
    return toCompleted(toObject(response, "response"));
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    // The words up to the colon are part of the protocol.
    throw new ApiError(`failed to parse ResponseCompleted: ${error.message}`, {
      kind: "stream",
      code: "invalid_completed",
      requestId,
      cause: error,
    });
  }
}

class Mismatch extends Error {}

function toCompleted(source: JsonObject): CompletedEvent {
  const { id, usage, end_turn } = source;
  if (typeof id !== "string")
    throw new Mismatch(id === undefined ? "missing field `id`" : "`id` is not a string");
  if (end_turn !== undefined && end_turn !== null && typeof end_turn !== "boolean")
    throw new Mismatch("`end_turn` is not a boolean");
  return {
    type: "completed",
    response_id: id,
    token_usage: usage === undefined || usage === null ? null : parseUsage(toObject(usage, "usage")),
    end_turn: end_turn ?? null,
  };
}

function parseUsage(usage: JsonObject): TokenUsage {
  const inputDetails = usage["input_tokens_details"];
  const parsed = {
    input_tokens: integerMember(usage, "input_tokens"),
    cached_input_tokens: detail(inputDetails, "input_tokens_details", "cached_tokens"),
    output_tokens: integerMember(usage, "output_tokens"),
    reasoning_output_tokens: detail(
      usage["output_tokens_details"],
      "output_tokens_details",
      "reasoning_tokens",
    ),
    total_tokens: integerMember(usage, "total_tokens"),
  };
  const cacheWrite = isJsonObject(inputDetails) ? inputDetails["cache_write_tokens"] : undefined;
  return isInt64(cacheWrite) ? { ...parsed, cache_write_input_tokens: cacheWrite } : parsed;
}

/** Details are optional, but where they are they have to be complete. */
function detail(details: unknown, name: string, member: string): number {
  return details === undefined || details === null ? 0 : integerMember(toObject(details, name), member);
}

function integerMember(source: JsonObject, member: string): number {
  const value = source[member];
  if (isInt64(value)) return value;
  throw new Mismatch(value === undefined ? `missing field \`${member}\`` : `\`${member}\` is not an integer`);
}

function toObject(value: unknown, name: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Mismatch(`\`${name}\` is not an object`);
}
