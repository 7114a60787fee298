import type { ModelInfo } from "@codex-ts/protocol";
import type { ModelSettings } from "./request/model-settings.js";
import type { Session } from "./session/session.js";
import type { TurnContext } from "./stream/turn-context.js";

/** What a turn is made of. */
export interface TurnParts {
  readonly session: Session;
  readonly context: TurnContext;
  readonly kind: "memory" | "turn";
  readonly model: string | ModelInfo | undefined;
  readonly settings: ModelSettings;
  readonly signal: AbortSignal | undefined;
}
