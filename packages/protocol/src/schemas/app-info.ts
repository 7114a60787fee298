import { z } from "zod";
import type { AppBranding, AppInfo, AppMetadata, AppScreenshot } from "../app-info.js";
import { orNull } from "./optional.js";

const text = z.string();
const flag = z.boolean();

/** Texts by name: icons by size, labels. */
export const textMapSchema: z.ZodType<Record<string, string>> = z.record(text, text);

/** Reads the branding of an app. */
export const appBrandingSchema: z.ZodType<AppBranding> = z.object({
  category: orNull(text),
  developer: orNull(text),
  website: orNull(text),
  privacyPolicy: orNull(text),
  termsOfService: orNull(text),
  isDiscoverableApp: flag,
});

// Directories of both spellings have been seen.
const screenshotSchema: z.ZodType<AppScreenshot> = z.preprocess(
  (value) => withSpelling(withSpelling(value, "fileId", "file_id"), "userPrompt", "user_prompt"),
  z.object({ url: orNull(text), fileId: orNull(text), userPrompt: text }),
);

/** Reads what a directory says about an app besides. */
export const appMetadataSchema: z.ZodType<AppMetadata> = z.object({
  review: orNull(z.object({ status: text })),
  categories: orNull(z.array(text)),
  subCategories: orNull(z.array(text)),
  seoDescription: orNull(text),
  screenshots: orNull(z.array(screenshotSchema)),
  developer: orNull(text),
  version: orNull(text),
  versionId: orNull(text),
  versionNotes: orNull(text),
  firstPartyType: orNull(text),
  firstPartyRequiresInstall: orNull(flag),
  showInComposerWhenUnlinked: orNull(flag),
});

/** Reads an app as caches hold it. */
export const appInfoSchema: z.ZodType<AppInfo> = z.object({
  id: text,
  name: text,
  description: orNull(text),
  logoUrl: orNull(text),
  logoUrlDark: orNull(text),
  iconAssets: orNull(textMapSchema),
  iconDarkAssets: orNull(textMapSchema),
  distributionChannel: orNull(text),
  branding: orNull(appBrandingSchema),
  appMetadata: orNull(appMetadataSchema),
  labels: orNull(textMapSchema),
  installUrl: orNull(text),
  isAccessible: flag.default(false),
  isEnabled: flag.default(true),
  pluginDisplayNames: z.array(text).default([]),
});

/** Lets a member also be given under a second name; the first one counts if there are both. */
export function withSpelling(value: unknown, name: string, other: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, other)) return value;
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [name]: members[name] ?? members[other] };
}
