import type { ResponseItem } from "@codex-ts/protocol";
import { estimateItemTokens, estimateTokens } from "./token-estimate.js";

/**
 * Makes a conversation fit into the model's window by giving up the outputs at its end: a conversation that is too
 * long for the model cannot be made shorter by it either. Stops at the first item that is no output.
 */
export function fitOutputs(
  items: readonly ResponseItem[],
  instructions: string,
  contextWindow: number | undefined,
): readonly ResponseItem[] {
  if (contextWindow === undefined) return items;
  let total = estimateTokens(instructions);
  for (const item of items) total += estimateItemTokens(item);
  const fitting = [...items];
  for (let index = fitting.length - 1; index >= 0 && total > contextWindow; index -= 1) {
    const item = fitting[index] as ResponseItem;
    const shorter = withoutOutput(item);
    if (shorter === undefined) break;
    total += estimateItemTokens(shorter) - estimateItemTokens(item);
    fitting[index] = shorter;
  }
  return fitting;
}

const truncated = "Output exceeded the available model context and was truncated";

function withoutOutput(item: ResponseItem): ResponseItem | undefined {
  switch (item.type) {
    case "custom_tool_call_output":
    case "function_call_output":
      return { ...item, output: truncated };
    case "tool_search_output":
      return { ...item, tools: [] };
    default:
      return undefined;
  }
}
