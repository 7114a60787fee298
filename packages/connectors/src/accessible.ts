import type { AppInfo } from "@codex-ts/protocol";
import { bareConnector } from "./bare-connector.js";
import { byName } from "./order.js";
import type { InstallUrlOptions } from "./slug.js";
import { sortedUnique, trimmedOrNull } from "./text.js";

/** The name of the MCP server whose tools belong to connectors. */
export const codexAppsServerName = "codex_apps";

/** What is looked at of a stored MCP tool. The names are those of the reference's tool cache. */
export interface ConnectorTool {
  readonly server_name: string;
  readonly connector_id?: string | null | undefined;
  readonly connector_name?: string | null | undefined;
  readonly namespace_description?: string | null | undefined;
  readonly plugin_display_names?: readonly string[] | undefined;
  /** The tool as its server lists it. */
  readonly tool?: { readonly _meta?: unknown } | undefined;
}

/** Which tools make a connector accessible. */
export interface AccessibleOptions extends InstallUrlOptions {
  /**
   * Whether tools count that only offer to link the connector (`_meta._codex_apps.synthetic_link`). The list of apps leaves them
   * out, the model's view has them.
   *
   * @defaultValue false
   */
  readonly includeSyntheticLinks?: boolean | undefined;
}

/**
 * Finds the connectors that the account can use: those that the server `codex_apps` has tools of. Sorted by name, then id.
 *
 * The first name and the first description that are not blank count; without a name it is the id.
 */
export function accessibleConnectors(
  tools: Iterable<ConnectorTool>,
  { includeSyntheticLinks = false, ...options }: AccessibleOptions = {},
): readonly AppInfo[] {
  const byId = new Map<string, Findings>();
  for (const tool of tools) {
    const { server_name, connector_id: id = "" } = tool;
    if (server_name !== codexAppsServerName || id === null || id === "") continue;
    if (!includeSyntheticLinks && isSyntheticLink(tool)) continue;
    const found: Findings = byId.get(id) ?? { name: null, description: null, plugins: new Set() };
    found.name ??= trimmedOrNull(tool.connector_name);
    found.description ??= trimmedOrNull(tool.namespace_description);
    for (const plugin of tool.plugin_display_names ?? []) found.plugins.add(plugin);
    byId.set(id, found);
  }
  return [...byId]
    .map(([id, { name, description, plugins }]) => ({
      ...bareConnector(id, name ?? id, options),
      description,
      isAccessible: true,
      pluginDisplayNames: sortedUnique(plugins),
    }))
    .sort(byName);
}

interface Findings {
  name: string | null;
  description: string | null;
  readonly plugins: Set<string>;
}

function isSyntheticLink({ tool }: ConnectorTool): boolean {
  return memberOf(memberOf(tool?._meta, "_codex_apps"), "synthetic_link") === true;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
