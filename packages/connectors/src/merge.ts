import type { AppInfo } from "@codex-ts/protocol";
import { bareConnector } from "./bare-connector.js";
import { accessibleFirst } from "./order.js";
import { connectorInstallUrl, type InstallUrlOptions } from "./slug.js";
import { sortedUnique } from "./text.js";

/** How connectors are merged. */
export interface MergeOptions extends InstallUrlOptions {
  /**
   * Whether the directory is complete. Then an accessible connector that it does not list is left out; while it is still loading,
   * such a one is kept.
   */
  readonly allConnectorsLoaded: boolean;
}

/**
 * Marks the connectors of the directory that are accessible, and fills in from those what the directory lacks: a name in place of
 * the id, description, logos, icons, channel; names of plugins are united. Missing install URLs are made. Accessible ones come first,
 * then by name, then id.
 */
export function mergeAccessibleConnectors(
  directory: Iterable<AppInfo>,
  accessible: Iterable<AppInfo>,
  { allConnectorsLoaded, ...options }: MergeOptions,
): readonly AppInfo[] {
  const byId = new Map<string, AppInfo>();
  for (const connector of directory) byId.set(connector.id, { ...connector, isAccessible: false });
  for (const connector of accessible) {
    const listed = byId.get(connector.id);
    if (listed !== undefined) byId.set(connector.id, fillIn(listed, connector));
    else if (!allConnectorsLoaded) byId.set(connector.id, { ...connector, isAccessible: true });
  }
  return [...byId.values()]
    .map((connector) => ({
      ...connector,
      installUrl: connector.installUrl ?? connectorInstallUrl(connector.name, connector.id, options),
      pluginDisplayNames: sortedUnique(connector.pluginDisplayNames),
    }))
    .sort(accessibleFirst);
}

/**
 * Adds a placeholder for each app of a plugin that is not among the connectors: its name is its id. Those that are there stay as they
 * are. Accessible ones come first, then by name, then id.
 */
export function mergePluginConnectors(
  connectors: Iterable<AppInfo>,
  pluginAppIds: Iterable<string>,
  options?: InstallUrlOptions,
): readonly AppInfo[] {
  const merged = [...connectors];
  const ids = new Set(merged.map(({ id }) => id));
  for (const id of pluginAppIds) {
    if (ids.has(id)) continue;
    ids.add(id);
    merged.push(bareConnector(id, id, options));
  }
  return merged.sort(accessibleFirst);
}

/** Gives the accessible connectors as {@link mergeAccessibleConnectors} does when the directory is no more than the apps of plugins. */
export function mergeAccessiblePluginConnectors(
  pluginAppIds: Iterable<string>,
  accessible: Iterable<AppInfo>,
  options?: InstallUrlOptions,
): readonly AppInfo[] {
  const usable = [...accessible];
  const usableIds = new Set(usable.map(({ id }) => id));
  const placeholders = [...pluginAppIds]
    .filter((id) => usableIds.has(id))
    .map((id) => bareConnector(id, id, options));
  return mergeAccessibleConnectors(placeholders, usable, { ...options, allConnectorsLoaded: false });
}

/**
 * Picks the connectors of a plugin: those that it asks for, in its order, each once. Those that are not among the connectors get a
 * placeholder.
 */
export function connectorsForPluginApps(
  connectors: Iterable<AppInfo>,
  pluginAppIds: Iterable<string>,
  options?: InstallUrlOptions,
): readonly AppInfo[] {
  const ids = new Set(pluginAppIds);
  const byId = new Map(
    [...mergePluginConnectors(connectors, ids, options)].map((connector) => [connector.id, connector]),
  );
  return [...ids].flatMap((id) => byId.get(id) ?? []);
}

function fillIn(listed: AppInfo, accessible: AppInfo): AppInfo {
  return {
    ...listed,
    isAccessible: true,
    name: listed.name === listed.id ? accessible.name : listed.name,
    description: listed.description ?? accessible.description,
    logoUrl: listed.logoUrl ?? accessible.logoUrl,
    logoUrlDark: listed.logoUrlDark ?? accessible.logoUrlDark,
    iconAssets: listed.iconAssets ?? accessible.iconAssets,
    iconDarkAssets: listed.iconDarkAssets ?? accessible.iconDarkAssets,
    distributionChannel: listed.distributionChannel ?? accessible.distributionChannel,
    pluginDisplayNames: [...listed.pluginDisplayNames, ...accessible.pluginDisplayNames],
  };
}
