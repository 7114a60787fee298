import { ProtocolError } from "./protocol-error.js";

/** How hard a model thinks. Other names pass through, so that new models need no new release. */
export type ReasoningEffort =
  | "none"
  | "minimal"
  | "low"
  | "medium"
  | "high"
  | "xhigh"
  | "max"
  | "ultra"
  | (string & {});

/** What a model tells about its thinking. */
export type ReasoningSummaryMode = "auto" | "concise" | "detailed" | "none";

/** How much of earlier thinking a model sees. */
export type ReasoningContext = "auto" | "current_turn" | "all_turns";

/** The `reasoning` member of a request; what is not set is left out. */
export interface Reasoning {
  readonly effort?: ReasoningEffort | undefined;
  readonly summary?: ReasoningSummaryMode | undefined;
  readonly context?: ReasoningContext | undefined;
}

/**
 * Reads a reasoning effort: any string that is not empty.
 *
 * @throws {@link ProtocolError} `invalid_value` for anything else.
 */
export function parseReasoningEffort(value: unknown): ReasoningEffort {
  if (typeof value !== "string")
    throw new ProtocolError("reasoning_effort must be a string", { kind: "invalid_value" });
  if (value === "") throw new ProtocolError("reasoning_effort must not be empty", { kind: "invalid_value" });
  return value;
}
