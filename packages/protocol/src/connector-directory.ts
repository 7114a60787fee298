import type { AppBranding, AppInfo, AppMetadata } from "./app-info.js";

/** The answer of `GET …/connectors/directory/list` and `…/list_workspace`. */
export interface DirectoryPage {
  readonly apps: readonly DirectoryApp[];
  /** Asks for the next page; blank or `null` on the last one. */
  readonly next_token: string | null;
}

/** An app as the directory lists it. What the directory does not say is `null`. */
export interface DirectoryApp {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly app_metadata: AppMetadata | null;
  readonly branding: AppBranding | null;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly logo_url: string | null;
  readonly logo_url_dark: string | null;
  readonly icon_assets: Readonly<Record<string, string>> | null;
  readonly icon_dark_assets: Readonly<Record<string, string>> | null;
  readonly distribution_channel: string | null;
  /** `HIDDEN`: not to be shown. */
  readonly visibility: string | null;
}

/** What a cache file of the directory holds. */
export interface DirectoryCache {
  readonly schema_version: 1;
  readonly connectors: readonly AppInfo[];
}
