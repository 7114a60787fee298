import {
  arrayMember,
  choiceMember,
  type Draft,
  type JsonObject,
  jsonMember,
  jsonObject,
  keepChoice,
  keepString,
  keepStrings,
  memberOf,
  nullableStringMember,
  objectMember,
  opaqueArrayMember,
  stringMember,
} from "../json-members.js";
import {
  parseAgentMessageContent,
  parseContentItem,
  parseReasoningContent,
  parseReasoningSummary,
} from "./content.js";
import { localShellStatuses, parseLocalShellAction } from "./local-shell.js";
import { keepMetadata } from "./metadata.js";
import { attachOriginal } from "./original.js";
import type * as Items from "./response-item.js";
import { parseToolOutput } from "./tool-output.js";
import { parseWebSearchAction } from "./web-search-action.js";

const messagePhases: readonly Items.MessagePhase[] = ["commentary", "final_answer"];

/**
 * Reads one item from parsed JSON and gives its wire form: unknown members and `null` for optional ones are
 * left out, members that the server expects as `null` are filled in. Strings and opaque JSON (tools,
 * arguments) are shared with the input, not copied. Only own members count.
 *
 * A `type` that is not known gives an {@link OtherItem}.
 *
 * @throws {@link ProtocolError} `invalid_item` when the value is not an object with a `type`, or a member of
 * a known type does not fit.
 */
export function parseResponseItem(value: unknown): Items.ResponseItem {
  const source = jsonObject(value);
  switch (stringMember(source, "type")) {
    case "message":
      return parseMessage(source);
    case "agent_message":
      return parseAgentMessage(source);
    case "reasoning":
      return parseReasoning(source);
    case "local_shell_call":
      return parseLocalShellCall(source);
    case "function_call":
      return parseFunctionCall(source);
    case "tool_search_call":
      return parseToolSearchCall(source);
    case "function_call_output":
      return parseFunctionCallOutput(source);
    case "custom_tool_call":
      return parseCustomToolCall(source);
    case "custom_tool_call_output":
      return parseCustomToolCallOutput(source);
    case "tool_search_output":
      return parseToolSearchOutput(source);
    case "web_search_call":
      return parseWebSearchCall(source);
    case "image_generation_call":
      return parseImageGenerationCall(source);
    case "compaction":
    case "compaction_summary":
      return parseCompaction(source);
    case "compaction_trigger":
      return { type: "compaction_trigger" };
    case "context_compaction":
      return parseContextCompaction(source);
    case "additional_tools":
      return parseAdditionalTools(source);
    default:
      return attachOriginal<Items.OtherItem>({ type: "other" }, source);
  }
}

function parseMessage(source: JsonObject): Items.MessageItem {
  const item: Draft<Items.MessageItem> = {
    type: "message",
    role: stringMember(source, "role"),
    content: arrayMember(source, "content", parseContentItem),
  };
  keepChoice(source, "phase", messagePhases, item);
  return annotate(source, item);
}

function parseAgentMessage(source: JsonObject): Items.AgentMessageItem {
  const item: Draft<Items.AgentMessageItem> = {
    type: "agent_message",
    author: stringMember(source, "author"),
    recipient: stringMember(source, "recipient"),
    content: arrayMember(source, "content", parseAgentMessageContent),
  };
  return annotate(source, item);
}

function parseReasoning(source: JsonObject): Items.ReasoningItem {
  const item: Draft<Items.ReasoningItem> = {
    type: "reasoning",
    summary: arrayMember(source, "summary", parseReasoningSummary),
    encrypted_content: nullableStringMember(source, "encrypted_content"),
  };
  if (memberOf(source, "content") === undefined) {
    item.content = null;
  } else {
    const content = arrayMember(source, "content", parseReasoningContent);
    if (content.some((part) => part.type === "reasoning_text")) item.content = content;
  }
  return annotate(source, item);
}

function parseLocalShellCall(source: JsonObject): Items.LocalShellCallItem {
  const item: Draft<Items.LocalShellCallItem> = {
    type: "local_shell_call",
    call_id: nullableStringMember(source, "call_id"),
    status: choiceMember(source, "status", localShellStatuses),
    action: objectMember(source, "action", parseLocalShellAction),
  };
  return annotate(source, item);
}

function parseFunctionCall(source: JsonObject): Items.FunctionCallItem {
  const item: Draft<Items.FunctionCallItem> = {
    type: "function_call",
    name: stringMember(source, "name"),
    arguments: stringMember(source, "arguments"),
    call_id: stringMember(source, "call_id"),
  };
  keepString(source, "namespace", item);
  keepStrings(source, "encrypted_function_args", item);
  return annotate(source, item);
}

function parseToolSearchCall(source: JsonObject): Items.ToolSearchCallItem {
  const item: Draft<Items.ToolSearchCallItem> = {
    type: "tool_search_call",
    call_id: nullableStringMember(source, "call_id"),
    execution: stringMember(source, "execution"),
    arguments: jsonMember(source, "arguments"),
  };
  keepString(source, "status", item);
  return annotate(source, item);
}

function parseFunctionCallOutput(source: JsonObject): Items.FunctionCallOutputItem {
  const item: Draft<Items.FunctionCallOutputItem> = {
    type: "function_call_output",
    call_id: stringMember(source, "call_id"),
    output: objectMember(source, "output", parseToolOutput),
  };
  return annotate(source, item);
}

function parseCustomToolCall(source: JsonObject): Items.CustomToolCallItem {
  const item: Draft<Items.CustomToolCallItem> = {
    type: "custom_tool_call",
    call_id: stringMember(source, "call_id"),
    name: stringMember(source, "name"),
    input: stringMember(source, "input"),
  };
  keepString(source, "status", item);
  keepString(source, "namespace", item);
  return annotate(source, item);
}

function parseCustomToolCallOutput(source: JsonObject): Items.CustomToolCallOutputItem {
  const item: Draft<Items.CustomToolCallOutputItem> = {
    type: "custom_tool_call_output",
    call_id: stringMember(source, "call_id"),
    output: objectMember(source, "output", parseToolOutput),
  };
  keepString(source, "name", item);
  return annotate(source, item);
}

function parseToolSearchOutput(source: JsonObject): Items.ToolSearchOutputItem {
  const item: Draft<Items.ToolSearchOutputItem> = {
    type: "tool_search_output",
    call_id: nullableStringMember(source, "call_id"),
    status: stringMember(source, "status"),
    execution: stringMember(source, "execution"),
    tools: opaqueArrayMember(source, "tools"),
  };
  return annotate(source, item);
}

function parseWebSearchCall(source: JsonObject): Items.WebSearchCallItem {
  const item: Draft<Items.WebSearchCallItem> = { type: "web_search_call" };
  keepString(source, "status", item);
  if (memberOf(source, "action") !== undefined)
    item.action = objectMember(source, "action", parseWebSearchAction);
  return annotate(source, item);
}

function parseImageGenerationCall(source: JsonObject): Items.ImageGenerationCallItem {
  const item: Draft<Items.ImageGenerationCallItem> = {
    type: "image_generation_call",
    status: stringMember(source, "status"),
    result: stringMember(source, "result"),
  };
  keepString(source, "revised_prompt", item);
  return annotate(source, item);
}

function parseCompaction(source: JsonObject): Items.CompactionItem {
  const item: Draft<Items.CompactionItem> = {
    type: "compaction",
    encrypted_content: stringMember(source, "encrypted_content"),
  };
  return annotate(source, item);
}

function parseContextCompaction(source: JsonObject): Items.ContextCompactionItem {
  const item: Draft<Items.ContextCompactionItem> = { type: "context_compaction" };
  keepString(source, "encrypted_content", item);
  return annotate(source, item);
}

function parseAdditionalTools(source: JsonObject): Items.AdditionalToolsItem {
  const item: Draft<Items.AdditionalToolsItem> = {
    type: "additional_tools",
    role: stringMember(source, "role"),
    tools: opaqueArrayMember(source, "tools"),
  };
  keepString(source, "id", item);
  return item;
}

function annotate<
  Item extends Draft<Pick<Items.MessageItem, "id" | "internal_chat_message_metadata_passthrough">>,
>(source: JsonObject, item: Item): Item {
  keepString(source, "id", item);
  keepMetadata(source, item);
  return item;
}
