import type { AppInfo } from "@codex-ts/protocol";

/** A connector of which nothing is known but what is said here. Frozen: nothing may change it. */
export function connector(facts: Partial<AppInfo> & Pick<AppInfo, "id">): AppInfo {
  const pluginDisplayNames = Object.freeze([...(facts.pluginDisplayNames ?? [])]);
  return Object.freeze({
    name: facts.id,
    description: null,
    logoUrl: null,
    logoUrlDark: null,
    iconAssets: null,
    iconDarkAssets: null,
    distributionChannel: null,
    branding: null,
    appMetadata: null,
    labels: null,
    installUrl: null,
    isAccessible: false,
    isEnabled: true,
    ...facts,
    pluginDisplayNames,
  });
}

/** The ids, in order. */
export function idsOf(connectors: readonly AppInfo[]): readonly string[] {
  return connectors.map(({ id }) => id);
}
