import { z } from "zod";
import type { DirectoryApp, DirectoryCache, DirectoryPage } from "../connector-directory.js";
import {
  appBrandingSchema,
  appInfoSchema,
  appMetadataSchema,
  textMapSchema,
  withSpelling,
} from "./app-info.js";
import { orNull } from "./optional.js";

const text = z.string();

const appSpellings = [
  ["app_metadata", "appMetadata"],
  ["logo_url", "logoUrl"],
  ["logo_url_dark", "logoUrlDark"],
  ["icon_assets", "iconAssets"],
  ["icon_dark_assets", "iconDarkAssets"],
  ["distribution_channel", "distributionChannel"],
] as const;

const directoryAppSchema: z.ZodType<DirectoryApp> = z.preprocess(
  (value) => appSpellings.reduce((app, [name, other]) => withSpelling(app, name, other), value),
  z.object({
    id: text,
    name: text,
    description: orNull(text),
    app_metadata: orNull(appMetadataSchema),
    branding: orNull(appBrandingSchema),
    labels: orNull(textMapSchema),
    logo_url: orNull(text),
    logo_url_dark: orNull(text),
    icon_assets: orNull(textMapSchema),
    icon_dark_assets: orNull(textMapSchema),
    distribution_channel: orNull(text),
    visibility: orNull(text),
  }),
);

/** Reads a page of the connectors directory. Members come in either spelling; one bad app fails the page. */
export const directoryPageSchema: z.ZodType<DirectoryPage> = z.preprocess(
  (value) => withSpelling(value, "next_token", "nextToken"),
  z.object({ apps: z.array(directoryAppSchema), next_token: orNull(text) }),
);

/** Reads a cache file of the directory. Another `schema_version` is an issue. */
export const directoryCacheSchema: z.ZodType<DirectoryCache> = z.object({
  schema_version: z.literal(1),
  connectors: z.array(appInfoSchema),
});
