import type { ResponseEvent } from "@codex-ts/protocol";
import { headerText, headerToken } from "./header-value.js";
import { parseRateLimits } from "./rate-limits.js";

/** Gives the events that the head of a response stands for, in the order in which they are delivered. */
export function toHeaderEvents(headers: Headers): ResponseEvent[] {
  const events: ResponseEvent[] = [];
  const model = headerToken(headers, "openai-model");
  if (model !== undefined) events.push({ type: "server_model", model });
  for (const snapshot of parseRateLimits(headers)) events.push({ type: "rate_limits", snapshot });
  const etag = headerText(headers, "x-models-etag");
  if (etag !== undefined) events.push({ type: "models_etag", etag });
  // Any value counts, `false` and the empty one too.
  if (headers.has("x-reasoning-included")) events.push({ type: "server_reasoning_included", included: true });
  return events;
}
