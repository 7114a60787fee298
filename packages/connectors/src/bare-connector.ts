import type { AppInfo } from "@codex-ts/protocol";
import { connectorInstallUrl, type InstallUrlOptions } from "./slug.js";

/** An app of which only id and name are known: not accessible, enabled. */
export function bareConnector(id: string, name: string, options?: InstallUrlOptions): AppInfo {
  return {
    id,
    name,
    description: null,
    logoUrl: null,
    logoUrlDark: null,
    iconAssets: null,
    iconDarkAssets: null,
    distributionChannel: null,
    branding: null,
    appMetadata: null,
    labels: null,
    installUrl: connectorInstallUrl(name, id, options),
    isAccessible: false,
    isEnabled: true,
    pluginDisplayNames: [],
  };
}
