/** What a response cost, in tokens. */
export interface TokenUsage {
  readonly input_tokens: number;
  /** The part of `input_tokens` that came from the prompt cache. */
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  /** The part of `output_tokens` that the model spent on thinking. */
  readonly reasoning_output_tokens: number;
  /** As the server counted it, not recomputed. */
  readonly total_tokens: number;
  /** The part of `input_tokens` that was written to the prompt cache; absent when the server does not say. */
  readonly cache_write_input_tokens?: number | undefined;
}
