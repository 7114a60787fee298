import type { TokenUsage } from "@codex-ts/protocol";

/** What a session has cost. */
export interface SessionUsage {
  /** Of the last response, if it said so. */
  readonly last: TokenUsage | null;
  /** Of all responses. */
  readonly total: TokenUsage;
}

/** Adds up what responses cost. */
export class UsageMeter {
  #last: TokenUsage | null = null;
  #total: TokenUsage = none;

  get usage(): SessionUsage {
    return { last: this.#last, total: this.#total };
  }

  add(usage: TokenUsage): void {
    this.#last = usage;
    this.#total = sum(this.#total, usage);
  }

  /** The conversation does not fit into the model's window: it counts as full. */
  fill(contextWindow: number): void {
    this.#last = { ...none, total_tokens: contextWindow };
    this.#total = { ...this.#total, total_tokens: contextWindow };
  }
}

const none: TokenUsage = Object.freeze({
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  reasoning_output_tokens: 0,
  total_tokens: 0,
});

function sum(left: TokenUsage, right: TokenUsage): TokenUsage {
  const written = (left.cache_write_input_tokens ?? 0) + (right.cache_write_input_tokens ?? 0);
  return {
    input_tokens: left.input_tokens + right.input_tokens,
    cached_input_tokens: left.cached_input_tokens + right.cached_input_tokens,
    output_tokens: left.output_tokens + right.output_tokens,
    reasoning_output_tokens: left.reasoning_output_tokens + right.reasoning_output_tokens,
    total_tokens: left.total_tokens + right.total_tokens,
    ...(written === 0 ? {} : { cache_write_input_tokens: written }),
  };
}
