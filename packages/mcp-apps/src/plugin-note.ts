import type { McpToolInfo } from "@codex-ts/protocol";

/** A plugin that brings connectors or MCP servers along. */
export interface PluginToolSource {
  readonly displayName: string;
  readonly connectorIds?: readonly string[] | undefined;
  readonly serverNames?: readonly string[] | undefined;
}

/** The plugins that a tool is part of: those that declare its connector or, if it has none, its server. Sorted. */
export function pluginsOf(
  { connector_id: connectorId, server_name: serverName }: McpToolInfo,
  plugins: readonly PluginToolSource[],
): readonly string[] {
  const declaring = plugins.filter(({ connectorIds = [], serverNames = [] }) =>
    connectorId === null ? serverNames.includes(serverName) : connectorIds.includes(connectorId),
  );
  return [...new Set(declaring.map(({ displayName }) => displayName))].sort();
}

/** Adds to a description which plugins the tool is part of. */
export function withPluginNote(description: string, plugins: readonly string[]): string {
  if (plugins.length === 0) return description;
  const names = plugins.map((name) => `\`${name}\``).join(", ");
  const note = `This tool is part of plugin${plugins.length === 1 ? "" : "s"} ${names}.`;
  const text = description.trim();
  if (text === "") return note;
  return `${text}${/[.!?]$/.test(text) ? "" : "."} ${note}`;
}
