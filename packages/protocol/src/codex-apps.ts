/** A tool as an MCP server lists it. Members beyond these are kept. */
export interface McpTool {
  readonly name: string;
  readonly title?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly inputSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | null | undefined;
  readonly [member: string]: unknown;
}

/** A tool of an MCP server as Codex keeps it. The names are those of its cache file. */
export interface McpToolInfo {
  readonly server_name: string;
  readonly supports_parallel_tool_calls: boolean;
  readonly server_origin: string | null;
  /** What the model calls it, before names are made unique. */
  readonly tool_name: string;
  readonly tool_namespace: string;
  readonly namespace_description: string | null;
  readonly tool: McpTool;
  readonly connector_id: string | null;
  readonly connector_name: string | null;
  readonly plugin_display_names: readonly string[];
}

/** What an MCP server says of itself. */
export interface McpServerInfo {
  readonly name: string;
  readonly title: string | null;
  readonly version: string;
  readonly description: string | null;
  readonly icons: readonly unknown[] | null;
  readonly websiteUrl: string | null;
}

/** The file in which the tools of one account are cached. */
export interface CodexAppsToolsFile {
  readonly schema_version: 4;
  readonly tools: readonly McpToolInfo[];
}

/** The file in which is cached what the server of Codex Apps says of itself. */
export interface CodexAppsServerInfoFile {
  readonly schema_version: 1;
  readonly server_info: McpServerInfo;
}

/** One page of the answer to `tools/list`. */
export interface McpToolsPage {
  readonly tools: readonly McpTool[];
  readonly nextCursor: string | null;
}

/** The answer to `tools/call`. Members beyond these are kept. */
export interface McpCallResult {
  readonly content: readonly McpContentBlock[];
  readonly structuredContent?: unknown;
  /** Whether the tool itself failed; `content` then says why. */
  readonly isError?: boolean | undefined;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
  readonly [member: string]: unknown;
}

/** A part of what a tool answered: `text`, `image`, `audio`, `resource`, `resource_link`, or a type of a later version. */
export interface McpContentBlock {
  readonly type: string;
  readonly [member: string]: unknown;
}
