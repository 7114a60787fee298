import type { ResponseItem } from "@codex-ts/protocol";
import type { CompactionMetadata } from "../request/turn-metadata.js";
import type { TurnNotice } from "../stream/turn-event.js";

/** How a conversation is made shorter. */
export interface CompactionOptions extends Partial<Pick<CompactionMetadata, "phase" | "reason" | "trigger">> {
  /**
   * `v2`: the model does it in a response. `v1`: an endpoint of its own does. `local`: the model is asked for a summary,
   * which any provider can do.
   *
   * @defaultValue "v2" for OpenAI and Azure, else "local"
   */
  readonly implementation?: "local" | "v1" | "v2" | undefined;
  /** Tells which items of role `user` the user has really said. @defaultValue all but what Codex itself puts there */
  readonly isUserMessage?: ((item: ResponseItem) => boolean) | undefined;
  /** What the model is asked for by `local`. */
  readonly localPrompt?: string | undefined;
  /** Told what a user can be shown meanwhile. What it throws is ignored. */
  readonly onNotice?: ((notice: TurnNotice) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it. */
export interface CompactionResult {
  /** The conversation to go on with. */
  readonly items: readonly ResponseItem[];
  readonly implementation: CompactionMetadata["implementation"];
}
