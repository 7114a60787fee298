import { withItemId } from "./item-id.js";
import { type McpToolResult, mcpToolResultToOutput } from "./mcp-tool-result.js";
import type {
  CustomToolCallOutputItem,
  FunctionCallOutputItem,
  MessageItem,
  ResponseItem,
  ToolSearchOutputItem,
} from "./response-item.js";
import { clearItemMetadata } from "./turn-id.js";

/** A message on its way into the history. */
export type MessageInput = Pick<MessageItem, "type" | "role" | "content" | "phase">;

/** The answer of a tool of an MCP server, before it is put in the form a model gets. */
export interface McpToolCallOutput {
  readonly type: "mcp_tool_call_output";
  readonly call_id: string;
  readonly output: McpToolResult;
}

/** What users and tools add to a conversation: it has no id yet. */
export type ResponseInputItem =
  | MessageInput
  | Pick<FunctionCallOutputItem, "type" | "call_id" | "output">
  | McpToolCallOutput
  | Pick<CustomToolCallOutputItem, "type" | "call_id" | "name" | "output">
  | Pick<ToolSearchOutputItem, "type" | "call_id" | "status" | "execution" | "tools">;

/** Gives the conversation item for an input item: always without id and metadata. */
export function toResponseItem(input: ResponseInputItem): ResponseItem {
  // What looks like an input item may be a whole item of an earlier conversation.
  if (input.type !== "mcp_tool_call_output") return clearItemMetadata(withItemId(input, undefined));
  const { output } = mcpToolResultToOutput(input.output);
  return { type: "function_call_output", call_id: input.call_id, output };
}
