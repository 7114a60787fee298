import { Refusal } from "./refusal.js";
import type { ResponsesBody } from "./response-events.js";

/**
 * Reads what an answer needs of a request to a model.
 *
 * @throws {@link Refusal} 400 which names the member at fault.
 */
export function responsesBody(body: Readonly<Record<string, unknown>>): ResponsesBody {
  const { model, input, stream } = body;
  if (typeof model !== "string" || model === "") throw missing("model", "a string");
  if (!Array.isArray(input)) throw missing("input", "an array of items");
  if (stream !== true) throw missing("stream", "true");
  return { model, input };
}

function missing(param: string, expected: string): Refusal {
  return new Refusal(`'${param}' must be ${expected}`, { status: 400, code: "invalid_request_body", param });
}
