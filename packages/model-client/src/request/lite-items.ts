import type { ContentItem, ResponseItem, ToolOutput, ToolOutputPart } from "@codex-ts/protocol";

/** Gives the item as "lite" models take it: images without their `detail`. The item itself stays as it is. */
export function toLiteItem(item: ResponseItem): ResponseItem {
  switch (item.type) {
    case "message": {
      const content = withoutDetails<ContentItem>(item.content);
      return content === item.content ? item : { ...item, content };
    }
    case "function_call_output":
    case "custom_tool_call_output": {
      const output = liteOutput(item.output);
      return output === item.output ? item : { ...item, output };
    }
    default:
      return item;
  }
}

/** The items that tell a "lite" model its tools and instructions, which other models get beside the input. */
export function litePrefix(tools: readonly unknown[], instructions: string): ResponseItem[] {
  const additional: ResponseItem = { type: "additional_tools", role: "developer", tools };
  if (instructions === "") return [additional];
  return [
    additional,
    { type: "message", role: "developer", content: [{ type: "input_text", text: instructions }] },
  ];
}

function liteOutput(output: ToolOutput): ToolOutput {
  return typeof output === "string" ? output : withoutDetails<ToolOutputPart>(output);
}

/** The same list, if no part of it changes. */
function withoutDetails<Part extends ContentItem | ToolOutputPart>(parts: readonly Part[]): readonly Part[] {
  if (!parts.some((part) => part.type === "input_image" && part.detail !== undefined)) return parts;
  return parts.map((part) => {
    if (part.type !== "input_image") return part;
    const { detail: _, ...bare } = part;
    return bare as Part;
  });
}
