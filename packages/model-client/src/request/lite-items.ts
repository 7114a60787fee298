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

/**
 * Makes the items that tell a "lite" model its tools and instructions, which other models get beside the input. The
 * same facts give the same objects, so that they keep their ids and the server is not told twice.
 */
export class LitePrefix {
  #last: { readonly key: string; readonly items: readonly ResponseItem[] } | undefined;

  itemsOf(tools: readonly unknown[], instructions: string): readonly ResponseItem[] {
    const key = JSON.stringify([instructions, tools]);
    if (this.#last?.key !== key) this.#last = { key, items: toItems(tools, instructions) };
    return this.#last.items;
  }
}

function toItems(tools: readonly unknown[], instructions: string): readonly ResponseItem[] {
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
