import { UserError } from "@codex-ts/api";
import type { ModelInfo, ResponseItem } from "@codex-ts/protocol";
import type { RequestFacts } from "../request/build-request.js";
import type { ItemPrompt } from "../request/prompt.js";
import type { CompactionMetadata } from "../request/turn-metadata.js";
import type { Setup } from "../session/access.js";
import type { TurnParts } from "../turn-parts.js";
import type { CompactionOptions } from "./compaction-options.js";

/** Everything that one compaction is made of. */
export interface CompactionJob {
  readonly parts: TurnParts;
  readonly setup: Setup;
  readonly model: ModelInfo;
  readonly prompt: ItemPrompt;
  readonly metadata: CompactionMetadata;
  readonly options: CompactionOptions;
  readonly isUserMessage: (item: ResponseItem) => boolean;
  readonly signal: AbortSignal;
  /** What requests have in common. */
  readonly facts: Omit<RequestFacts, "prompt">;
}

/** The error for an answer that is not what was asked for. */
export function compactionFailure(message: string): UserError {
  return new UserError({ kind: "fatal", message });
}
