import { type ResponseItem, type ResponsesRequest, toWireItem } from "@codex-ts/protocol";
import { ApiError } from "./api-error.js";

/**
 * Writes the body of a Responses request as JSON text. Members that are not set are left out, `null` counts as not
 * set, and `reasoning` alone is sent as `null` then.
 *
 * @throws {@link ApiError} of kind `stream`, code `invalid_body`, when a part of it cannot be written as JSON.
 */
export function encodeResponsesBody(request: ResponsesRequest): string {
  const body = {
    model: request.model,
    instructions: request.instructions === "" ? undefined : set(request.instructions),
    input: toWireItems(request.input),
    tools: set(request.tools),
    tool_choice: request.tool_choice,
    parallel_tool_calls: request.parallel_tool_calls,
    reasoning: setMembers(request.reasoning) ?? null,
    store: request.store,
    stream: request.stream,
    include: request.include,
    service_tier: set(request.service_tier),
    prompt_cache_key: set(request.prompt_cache_key),
    text: setMembers(request.text),
    client_metadata: set(request.client_metadata),
  };
  try {
    return JSON.stringify(body);
  } catch (cause) {
    const text = cause instanceof Error ? firstLine(cause.message) : "unknown failure";
    throw new ApiError(`failed to encode responses request: ${text}`, {
      kind: "stream",
      code: "invalid_body",
      cause,
    });
  }
}

function set<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}

/** Copies an object without its members that are `null`; `JSON.stringify` leaves out the undefined ones. */
function setMembers(source: object | null | undefined): object | undefined {
  if (!source) return undefined;
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== null));
}

/** Gives the items as they are, unless one of them has an original form that differs. Then the list is copied. */
function toWireItems(items: readonly unknown[]): readonly unknown[] {
  return items.some((item) => toWire(item) !== item) ? items.map(toWire) : items;
}

function toWire(item: unknown): unknown {
  return typeof item === "object" && item !== null ? toWireItem(item as ResponseItem) : item;
}

/** V8 explains a circular structure over several lines, with names of the caller's members. */
function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
