import { codexAppsServerName } from "@codex-ts/connectors";
import type { McpTool, McpToolInfo } from "@codex-ts/protocol";
import { fileParams, withPathsForFiles } from "./file-params.js";
import { isJsonObject, type JsonObject } from "./json-object.js";
import { type ModelToolName, type NamedTool, toModelNames } from "./model-names.js";
import { type PluginToolSource, pluginsOf, withPluginNote } from "./plugin-note.js";

/** A tool as the model is told of it. */
export interface ModelTool extends ModelToolName {
  readonly title: string | null;
  readonly description: string;
  /** Of the namespace. */
  readonly namespaceDescription: string | null;
  /** Parameters that take files are paths here. */
  readonly inputSchema: JsonObject;
  readonly connectorId: string | null;
  readonly connectorName: string | null;
  readonly pluginDisplayNames: readonly string[];
  readonly supportsParallelToolCalls: boolean;
  /** The tool as it is kept, and in `info.tool` as its server lists it. */
  readonly info: McpToolInfo;
}

/** What a server's owner says about its tools, by the names that the server itself gives them. */
export interface ToolFilter {
  /** Only these. Default: all. */
  readonly enabledTools?: readonly string[] | undefined;
  /** Not these, even if they are among the others. */
  readonly disabledTools?: readonly string[] | undefined;
}

/** How tools are shown to the model. */
export interface ModelToolsOptions {
  /** By the name of the server. */
  readonly filters?: Readonly<Record<string, ToolFilter>> | undefined;
  /** Named in the descriptions of the tools that they bring along. */
  readonly plugins?: readonly PluginToolSource[] | undefined;
  /**
   * Whether namespaces start with `mcp__`, as earlier versions had it.
   *
   * @defaultValue false
   */
  readonly mcpPrefix?: boolean | undefined;
}

/** Makes the view that the model has of tools, of any number of servers. Tools that are not meant for it are left out. */
export function toModelTools(
  infos: Iterable<McpToolInfo>,
  { filters = {}, plugins = [], mcpPrefix = false }: ModelToolsOptions = {},
): readonly ModelTool[] {
  const offered = [...infos].filter(
    ({ server_name, tool }) => isEnabled(tool.name, filters[server_name]) && isForModel(tool),
  );
  return toModelNames(offered, mcpPrefix).map((named) => toModelTool(named, plugins));
}

/** Tells whether a tool passes a filter. */
export function isEnabled(name: string, { enabledTools, disabledTools = [] }: ToolFilter = {}): boolean {
  return (enabledTools === undefined || enabledTools.includes(name)) && !disabledTools.includes(name);
}

function isForModel({ _meta: meta }: McpTool): boolean {
  const ui = meta?.["ui"];
  const visibility = isJsonObject(ui) ? ui["visibility"] : undefined;
  return !Array.isArray(visibility) || visibility.includes("model");
}

function toModelTool({ info, namespace, name }: NamedTool, plugins: readonly PluginToolSource[]): ModelTool {
  const { tool } = info;
  const pluginDisplayNames = pluginsOf(info, plugins);
  const schema = tool.inputSchema ?? {};
  return {
    namespace,
    name,
    title: tool.title ?? null,
    description: withPluginNote(tool.description ?? "", pluginDisplayNames),
    namespaceDescription: info.namespace_description,
    inputSchema:
      info.server_name === codexAppsServerName ? withPathsForFiles(schema, fileParams(tool)) : schema,
    connectorId: info.connector_id,
    connectorName: info.connector_name,
    pluginDisplayNames,
    supportsParallelToolCalls: info.supports_parallel_tool_calls,
    info: { ...info, plugin_display_names: pluginDisplayNames },
  };
}
