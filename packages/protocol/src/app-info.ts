/**
 * A connector ("app") of ChatGPT, as the app server shows it and as caches hold it: every member is there, `null` where nothing is
 * known.
 */
export interface AppInfo {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly logoUrl: string | null;
  readonly logoUrlDark: string | null;
  readonly iconAssets: Readonly<Record<string, string>> | null;
  readonly iconDarkAssets: Readonly<Record<string, string>> | null;
  readonly distributionChannel: string | null;
  readonly branding: AppBranding | null;
  readonly appMetadata: AppMetadata | null;
  readonly labels: Readonly<Record<string, string>> | null;
  /** Where a user connects it. */
  readonly installUrl: string | null;
  /** Whether the account can use it now. */
  readonly isAccessible: boolean;
  /** Whether configuration lets it be used. */
  readonly isEnabled: boolean;
  /** The plugins that bring it along: sorted, each once. */
  readonly pluginDisplayNames: readonly string[];
}

/** Who makes an app, and where to read about it. */
export interface AppBranding {
  readonly category: string | null;
  readonly developer: string | null;
  readonly website: string | null;
  readonly privacyPolicy: string | null;
  readonly termsOfService: string | null;
  readonly isDiscoverableApp: boolean;
}

/** What a directory says about an app besides. */
export interface AppMetadata {
  readonly review: { readonly status: string } | null;
  readonly categories: readonly string[] | null;
  readonly subCategories: readonly string[] | null;
  readonly seoDescription: string | null;
  readonly screenshots: readonly AppScreenshot[] | null;
  readonly developer: string | null;
  readonly version: string | null;
  readonly versionId: string | null;
  readonly versionNotes: string | null;
  readonly firstPartyType: string | null;
  readonly firstPartyRequiresInstall: boolean | null;
  readonly showInComposerWhenUnlinked: boolean | null;
}

/** A picture of an app at work, and what was asked of it. */
export interface AppScreenshot {
  readonly url: string | null;
  readonly fileId: string | null;
  readonly userPrompt: string;
}
