/** Writes payloads as the text of an event stream. */
export function frames(...payloads: readonly object[]): string {
  return payloads.map((payload) => `data: ${JSON.stringify(payload)}\n\n`).join("");
}

/** A piece of text. */
export function textDelta(delta: string): object {
  return { type: "response.output_text.delta", delta };
}

/** The event that ends a response. */
export const completed: object = {
  type: "response.completed",
  response: {
    id: "resp_1",
    end_turn: false,
    usage: {
      input_tokens: 3,
      input_tokens_details: { cached_tokens: 1 },
      output_tokens: 2,
      output_tokens_details: null,
      total_tokens: 5,
    },
  },
};
