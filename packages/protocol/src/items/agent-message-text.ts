import type { AgentMessageItem } from "./response-item.js";

/**
 * Gives the text of a message between agents, its parts joined by line feeds. Nothing when a part is
 * encrypted or all of it is blank.
 */
export function agentMessageText({ content }: Pick<AgentMessageItem, "content">): string | undefined {
  const texts: string[] = [];
  for (const part of content) {
    if (part.type !== "input_text") return undefined;
    texts.push(part.text);
  }
  const text = texts.join("\n");
  return text.trim() === "" ? undefined : text;
}
