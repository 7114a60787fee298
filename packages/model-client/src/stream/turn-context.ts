import { TurnState } from "@codex-ts/api";
import type { TurnFacts } from "../request/turn-metadata.js";

/** A retry that an interrupted stream has left to the next one of its turn. */
export interface LeftRetry {
  readonly retries: number;
  /** When it may begin, by the monotonic clock. */
  readonly notBeforeMs: number;
}

/** What the streams of one turn have in common. */
export class TurnContext {
  readonly facts: TurnFacts;
  readonly state: TurnState;
  /** Resolves when the server is prepared for this turn, or is not going to be. */
  readonly prepared: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** The turn goes over HTTP from now on. */
  isWebSocketOff = false;
  isRerouteTold = false;
  isVerificationTold = false;
  left: LeftRetry | undefined;

  constructor(
    facts: TurnFacts,
    state: TurnState = new TurnState(),
    prepared?: (signal: AbortSignal) => Promise<void>,
  ) {
    this.facts = facts;
    this.state = state;
    this.prepared = prepared;
  }
}
