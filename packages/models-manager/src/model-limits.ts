import type { ModelInfo } from "@codex-ts/protocol";

/** How much a model takes, in tokens. What is unknown is `undefined`. */
export interface ModelLimits {
  readonly contextWindow: number | undefined;
  /** The part of the window that is to be used. */
  readonly usableContextWindow: number | undefined;
  /** After so many the history is shortened. */
  readonly autoCompactTokenLimit: number | undefined;
}

/** Derives the limits of a model: nine tenths of the window at most before the history is shortened. */
export function modelLimits(_model: ModelInfo): ModelLimits {
  throw new Error("not there yet");
}
