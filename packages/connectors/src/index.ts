export {
  type AccessibleOptions,
  accessibleConnectors,
  type ConnectorTool,
  codexAppsServerName,
} from "./accessible.js";
export type {
  AppConfig,
  AppDefaultsConfig,
  AppRequirement,
  ApprovalsReviewer,
  AppsConfig,
  AppsRequirements,
  AppToolApproval,
  AppToolConfig,
} from "./app-config.js";
export {
  AppPolicy,
  type AppPolicyOptions,
  type AppTool,
  type AppToolPolicy,
  type ReviewedCall,
} from "./app-policy.js";
export {
  type AccountCacheFolder,
  type AccountCacheKey,
  accountCacheKey,
  accountCachePath,
  cacheKeyJson,
  type DirectoryCacheKey,
  directoryCacheKey,
  directoryCachePath,
} from "./cache-key.js";
export { ConnectorSnapshot, type PluginConnectorSource } from "./connector-snapshot.js";
export { ConnectorsError, type ConnectorsErrorKind, isConnectorsError } from "./connectors-error.js";
export { connectorCategory, toDirectoryConnectors } from "./directory.js";
export {
  connectorsForPluginApps,
  type MergeOptions,
  mergeAccessibleConnectors,
  mergeAccessiblePluginConnectors,
  mergePluginConnectors,
} from "./merge.js";
export { type PluginApp, parsePluginApps } from "./plugin-apps.js";
export { connectorInstallUrl, connectorSlug, type InstallUrlOptions, sanitizeConnectorName } from "./slug.js";
export {
  type SuggestedTool,
  type SuggestOptions,
  type SuggestSources,
  suggestCandidateIds,
  suggestConnectors,
} from "./tool-suggest.js";
