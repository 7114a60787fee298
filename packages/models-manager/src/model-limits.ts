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
export function modelLimits(model: ModelInfo): ModelLimits {
  const { auto_compact_token_limit: configured, effective_context_window_percent: percent } = model;
  const contextWindow = model.context_window ?? model.max_context_window;
  if (contextWindow === undefined) {
    return { contextWindow, usableContextWindow: undefined, autoCompactTokenLimit: configured };
  }
  const ninety = Math.floor((contextWindow * 9) / 10);
  return {
    contextWindow,
    usableContextWindow: Math.floor((contextWindow * percent) / 100),
    autoCompactTokenLimit: Math.min(configured ?? ninety, ninety),
  };
}
