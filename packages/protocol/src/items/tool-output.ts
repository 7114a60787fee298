import { mismatch, parseArray } from "../json-members.js";
import { parseToolOutputPart, type ToolOutputPart } from "./content.js";

/** What a tool gave back: plain text, or parts when there is more than text. */
export type ToolOutput = string | readonly ToolOutputPart[];

/**
 * Reads a tool output from JSON.
 *
 * @throws {@link ProtocolError} `invalid_item` for anything but a string or an array of known parts.
 */
export function parseToolOutput(value: unknown): ToolOutput {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return parseArray(value, "", parseToolOutputPart);
  throw mismatch("", "a string or an array", value);
}

/**
 * Gives the readable text: the string itself, or the texts of all non-blank `input_text` parts, joined by
 * line feeds. Nothing when there is no such part.
 */
export function toolOutputText(output: ToolOutput): string | undefined {
  if (typeof output === "string") return output;
  const texts: string[] = [];
  for (const part of output) {
    if (part.type === "input_text" && part.text.trim() !== "") texts.push(part.text);
  }
  return texts.length === 0 ? undefined : texts.join("\n");
}
