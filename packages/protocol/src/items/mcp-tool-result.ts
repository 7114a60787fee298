import { isJsonObject, type JsonObject, memberOf } from "../json-members.js";
import { type ImageDetail, type InputImage, imageDetails, type ToolOutputPart } from "./content.js";
import type { ToolOutput } from "./tool-output.js";

/**
 * What a tool of an MCP server answered: the result of `tools/call`, or the same with snake_case members as
 * in session files.
 */
export interface McpToolResult {
  /** Any JSON; blocks of MCP. */
  readonly content: readonly unknown[];
  readonly structuredContent?: unknown;
  readonly structured_content?: unknown;
  readonly isError?: boolean | null | undefined;
  readonly is_error?: boolean | null | undefined;
}

/** A {@link McpToolResult} as a model gets it. */
export interface McpToolOutput {
  readonly output: ToolOutput;
  /** Never on the wire: for the client's own bookkeeping. */
  readonly success: boolean;
}

/**
 * Turns the answer of an MCP tool into the output of a call. Structured content wins and goes out as JSON
 * text. Without it an answer with images becomes parts (blocks that are neither text nor image as their JSON
 * text), any other answer the JSON text of its content.
 */
export function mcpToolResultToOutput(result: McpToolResult): McpToolOutput {
  const success = (result.isError ?? result.is_error) !== true;
  const structured = result.structuredContent ?? result.structured_content ?? null;
  if (structured !== null) return { output: JSON.stringify(structured), success };
  const parts = result.content.map(toPart);
  const hasImage = parts.some((part) => part.type === "input_image");
  return { output: hasImage ? parts : JSON.stringify(result.content), success };
}

/** Makes the answer that tells a model that a tool of an MCP server could not be called. */
export function mcpErrorResult(text: string): McpToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

function toPart(block: unknown): ToolOutputPart {
  const known = isJsonObject(block) ? (textPart(block) ?? imagePart(block)) : undefined;
  return known ?? { type: "input_text", text: jsonText(block) };
}

function textPart(block: JsonObject): ToolOutputPart | undefined {
  const text = memberOf(block, "text");
  return memberOf(block, "type") === "text" && typeof text === "string"
    ? { type: "input_text", text }
    : undefined;
}

function imagePart(block: JsonObject): InputImage | undefined {
  const data = memberOf(block, "data");
  const mediaType = memberOf(block, "mimeType") ?? memberOf(block, "mime_type") ?? "application/octet-stream";
  if (memberOf(block, "type") !== "image" || typeof data !== "string" || typeof mediaType !== "string")
    return undefined;
  return {
    type: "input_image",
    image_url: data.startsWith("data:") ? data : `data:${mediaType};base64,${data}`,
    detail: detailOf(block),
  };
}

function detailOf(block: JsonObject): ImageDetail {
  const meta = memberOf(block, "_meta");
  const detail = isJsonObject(meta) ? memberOf(meta, "codex/imageDetail") : undefined;
  return imageDetails.find((known) => known === detail) ?? "high";
}

/** A block that is no JSON at all prints as the `null` that it would be inside an array. */
function jsonText(block: unknown): string {
  return JSON.stringify(block) ?? "null";
}
