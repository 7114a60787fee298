import { z } from "zod";
import type {
  CodexAppsServerInfoFile,
  CodexAppsToolsFile,
  McpCallResult,
  McpServerInfo,
  McpTool,
  McpToolInfo,
  McpToolsPage,
} from "../codex-apps.js";
import { orAbsent, orNull, withDefault } from "./optional.js";

const jsonObject = z.record(z.string(), z.unknown());

const toolSchema: z.ZodType<McpTool> = z.looseObject({
  name: z.string(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  inputSchema: jsonObject.optional(),
  _meta: jsonObject.nullish(),
});

/** Earlier versions wrote these members under other names. */
const formerNames = {
  callable_name: "tool_name",
  callable_namespace: "tool_namespace",
  connector_description: "namespace_description",
} as const;

const toolInfoSchema: z.ZodType<McpToolInfo> = z.preprocess(
  withTodaysNames,
  z.object({
    server_name: z.string(),
    supports_parallel_tool_calls: withDefault(z.boolean(), false),
    server_origin: orNull(z.string()),
    tool_name: z.string(),
    tool_namespace: z.string(),
    namespace_description: orNull(z.string()),
    tool: toolSchema,
    connector_id: orNull(z.string()),
    connector_name: orNull(z.string()),
    plugin_display_names: withDefault<readonly string[]>(z.array(z.string()), []),
  }),
);

/** Reads what an MCP server says of itself. What it leaves out is `null`. */
export const mcpServerInfoSchema: z.ZodType<McpServerInfo> = z.object({
  name: z.string(),
  title: orNull(z.string()),
  version: z.string(),
  description: orNull(z.string()),
  icons: orNull(z.array(z.unknown())),
  websiteUrl: orNull(z.string()),
});

/** Reads the file in which the tools of an account are cached. Another version of it is an issue. */
export const codexAppsToolsFileSchema: z.ZodType<CodexAppsToolsFile> = z.object({
  schema_version: z.literal(4),
  tools: z.array(toolInfoSchema),
});

/** Reads the file in which the server of Codex Apps is cached. Another version of it is an issue. */
export const codexAppsServerInfoFileSchema: z.ZodType<CodexAppsServerInfoFile> = z.object({
  schema_version: z.literal(1),
  server_info: mcpServerInfoSchema,
});

/** Reads a page of the answer to `tools/list`. Tools keep the members that nobody knows. */
export const mcpToolsPageSchema: z.ZodType<McpToolsPage> = z.object({
  tools: z.array(toolSchema),
  nextCursor: orNull(z.string()),
});

/** Reads the answer to `tools/call`. A part of a type that nobody knows is kept. */
export const mcpCallResultSchema: z.ZodType<McpCallResult> = z.looseObject({
  content: withDefault<McpCallResult["content"]>(z.array(z.looseObject({ type: z.string() })), []),
  isError: orAbsent(z.boolean()),
  _meta: orAbsent(jsonObject),
});

function withTodaysNames(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const renamed: Record<string, unknown> = { ...value };
  for (const [former, today] of Object.entries(formerNames))
    if (renamed[today] === undefined) renamed[today] = renamed[former];
  return renamed;
}
