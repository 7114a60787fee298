import type { ResponsesRequest } from "@codex-ts/protocol";
import { encodeBody, set, setMembers, setText, toWireItems } from "./body-members.js";

/**
 * Writes the body of a Responses request as JSON text. Members that are not set are left out, `null` counts as not
 * set, and `reasoning` alone is sent as `null` then.
 *
 * @throws {@link ApiError} of kind `stream`, code `invalid_body`, when a part of it cannot be written as JSON.
 */
export function encodeResponsesBody(request: ResponsesRequest): string {
  return encodeBody("responses request", toResponsesBody(request));
}

/** What a request to respond says over a WebSocket beyond the request itself. */
export interface ResponseCreateParts {
  /** The response that this one continues; `input` is then what has come since. */
  readonly previousResponseId?: string | undefined;
  /** False only prepares the server for the request that follows. */
  readonly generate?: false | undefined;
}

/**
 * Writes a Responses request as a message of a WebSocket.
 *
 * @throws {@link ApiError} as {@link encodeResponsesBody} does.
 */
export function encodeResponseCreate(
  request: ResponsesRequest,
  { previousResponseId, generate }: ResponseCreateParts,
): string {
  return encodeBody("responses request", {
    type: "response.create",
    previous_response_id: previousResponseId,
    generate,
    ...toResponsesBody(request),
  });
}

function toResponsesBody(request: ResponsesRequest): object {
  return {
    model: request.model,
    instructions: setText(request.instructions),
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
}
