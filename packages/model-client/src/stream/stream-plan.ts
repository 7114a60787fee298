import type { ModelInfo, ResponseItem } from "@codex-ts/protocol";
import type { BuiltRequest } from "../request/build-request.js";
import type { Setup } from "../session/access.js";
import type { Session } from "../session/session.js";
import type { TurnContext } from "./turn-context.js";

/** One answer that is asked for, as often as it takes. */
export interface StreamPlan {
  readonly session: Session;
  readonly turn: TurnContext;
  /** The model, or its name; nothing for the default one. */
  readonly model: string | ModelInfo | undefined;
  readonly signals: readonly (AbortSignal | undefined)[];
  /** Most retries, if the provider allows more. */
  readonly mostRetries: number | undefined;
  /** Whether items that were finished before an answer broke off are kept and continued. Else each try starts anew. */
  readonly keepsItems: boolean;
  /** Whether it is about recorded sessions: a side call of the login, which attests to nothing and tries no features. */
  readonly isMemory: boolean;
  /** Builds the request, with the items that are finished behind the input. */
  readonly build: (setup: Setup, model: ModelInfo, finished: readonly ResponseItem[]) => BuiltRequest;
}
