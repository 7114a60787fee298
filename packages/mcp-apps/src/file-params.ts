import type { McpTool } from "@codex-ts/protocol";
import { isJsonObject, type JsonObject } from "./json-object.js";

/** The parameters of a tool that take files, as the tool declares them. */
export function fileParams({ _meta: meta }: McpTool): readonly string[] {
  const declared = meta?.["openai/fileParams"];
  if (!Array.isArray(declared)) return [];
  return declared.filter((name): name is string => typeof name === "string" && name !== "");
}

/** Shows parameters that take files as paths: what is behind them is none of the model's business. */
export function withPathsForFiles(inputSchema: JsonObject, params: readonly string[]): JsonObject {
  const { properties } = inputSchema;
  if (params.length === 0 || !isJsonObject(properties)) return inputSchema;
  const masked: Record<string, unknown> = { ...properties };
  for (const name of params) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (isJsonObject(schema)) masked[name] = pathSchema(schema);
  }
  return { ...inputSchema, properties: masked };
}

const guidance =
  "This parameter expects an absolute local file path. If you want to upload a file, provide the absolute path to that file here.";

function pathSchema(schema: JsonObject): JsonObject {
  const description = guided(schema["description"]);
  const isList = schema["type"] === "array" || "items" in schema;
  return isList ? { description, type: "array", items: { type: "string" } } : { description, type: "string" };
}

function guided(description: unknown): string {
  if (typeof description !== "string" || description === "") return guidance;
  return description.includes(guidance) ? description : `${description} ${guidance}`;
}
