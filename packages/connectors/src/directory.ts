import type { AppInfo, DirectoryApp } from "@codex-ts/protocol";
import { bareConnector } from "./bare-connector.js";
import { byName } from "./order.js";
import type { InstallUrlOptions } from "./slug.js";
import { trimmedOrNull } from "./text.js";

/**
 * Turns what the directory lists into connectors: hidden ones are left out, apps of the same id become one, names and descriptions
 * are trimmed, and everything is sorted by name, then id.
 *
 * Of apps of the same id the first one counts, and later ones fill in what it lacks; but the last description counts. A logo,
 * a channel and labels are lacking when they are `null`, a name when it is blank, icons also when there are none in the map.
 *
 * @param apps - In the order of their arrival, those of the workspace last.
 */
export function toDirectoryConnectors(
  apps: Iterable<DirectoryApp>,
  options?: InstallUrlOptions,
): readonly AppInfo[] {
  const byId = new Map<string, DirectoryApp>();
  for (const app of apps) {
    if (app.visibility === "HIDDEN") continue;
    const known = byId.get(app.id);
    byId.set(app.id, known === undefined ? app : mergeApps(known, app));
  }
  return [...byId.values()].map((app) => toConnector(app, options)).sort(byName);
}

/** The group that an app is shown in: that of its branding, else the first category of its metadata. */
export function connectorCategory({ branding, appMetadata }: AppInfo): string | null {
  const candidates = [branding?.category, ...(appMetadata?.categories ?? [])];
  return candidates.map(trimmedOrNull).find((category) => category !== null) ?? null;
}

function toConnector(app: DirectoryApp, options: InstallUrlOptions | undefined): AppInfo {
  return {
    // The install URL is that of the name as it came: a blank one gives the slug `app`.
    ...bareConnector(app.id, app.name, options),
    name: trimmedOrNull(app.name) ?? app.id,
    description: trimmedOrNull(app.description),
    logoUrl: app.logo_url,
    logoUrlDark: app.logo_url_dark,
    iconAssets: app.icon_assets,
    iconDarkAssets: app.icon_dark_assets,
    distributionChannel: app.distribution_channel,
    branding: app.branding,
    appMetadata: app.app_metadata,
    labels: app.labels,
  };
}

function mergeApps(known: DirectoryApp, incoming: DirectoryApp): DirectoryApp {
  const hasBetterName = trimmedOrNull(known.name) === null && trimmedOrNull(incoming.name) !== null;
  return {
    ...fillIn(known, incoming),
    name: hasBetterName ? incoming.name : known.name,
    description: trimmedOrNull(incoming.description) === null ? known.description : incoming.description,
    icon_assets: mergeIcons(known.icon_assets, incoming.icon_assets),
    icon_dark_assets: mergeIcons(known.icon_dark_assets, incoming.icon_dark_assets),
    branding: mergeBranding(known.branding, incoming.branding),
    app_metadata: fillIn(known.app_metadata, incoming.app_metadata),
  };
}

function mergeIcons(known: Icons, incoming: Icons): Icons {
  return isEmpty(known) && !isEmpty(incoming) ? incoming : known;
}

function mergeBranding(
  known: DirectoryApp["branding"],
  incoming: DirectoryApp["branding"],
): DirectoryApp["branding"] {
  const merged = fillIn(known, incoming);
  return (
    merged && {
      ...merged,
      isDiscoverableApp: merged.isDiscoverableApp || incoming?.isDiscoverableApp === true,
    }
  );
}

/** Takes each member that is `null` from the other one. */
function fillIn<Value extends object | null>(known: Value, incoming: Value): Value {
  if (known === null || incoming === null) return known ?? incoming;
  const filled = Object.entries(known).map(([name, value]) => [
    name,
    value ?? (incoming as Readonly<Record<string, unknown>>)[name] ?? null,
  ]);
  return Object.fromEntries(filled) as Value;
}

function isEmpty(icons: Icons): boolean {
  return icons === null || Object.keys(icons).length === 0;
}

type Icons = DirectoryApp["icon_assets"];
