import { itemId, type ResponseItem, withItemId } from "@codex-ts/protocol";
import { uuidV7 } from "./uuid-v7.js";

/** Gives an id to an item that has none, as the API gives them: a prefix that tells the type, and a UUID. */
export function assignItemId(item: ResponseItem, nowMs: number): ResponseItem {
  const prefix = prefixes[item.type];
  if (prefix === undefined || itemId(item) !== undefined) return item;
  return withItemId(item, `${prefix}_${uuidV7(nowMs)}`);
}

const prefixes: Readonly<Record<ResponseItem["type"], string | undefined>> = {
  additional_tools: "at",
  agent_message: "amsg",
  compaction: "cmp",
  compaction_trigger: undefined,
  context_compaction: "cmp",
  custom_tool_call: "ctc",
  custom_tool_call_output: "ctco",
  function_call: "fc",
  function_call_output: "fco",
  image_generation_call: "ig",
  local_shell_call: "lsh",
  message: "msg",
  other: undefined,
  reasoning: "rs",
  tool_search_call: "tsc",
  tool_search_output: "tso",
  web_search_call: "ws",
};
