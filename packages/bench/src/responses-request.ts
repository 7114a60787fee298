import type { ResponsesRequest } from "@codex-ts/protocol";

/** The smallest request for a streamed turn. */
export const responsesRequest: ResponsesRequest = {
  model: "gpt-5.4",
  input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "hello" }] }],
  tool_choice: "auto",
  parallel_tool_calls: true,
  reasoning: null,
  store: false,
  stream: true,
  include: [],
};
