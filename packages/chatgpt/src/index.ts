export { type ApplyTaskOptions, pullRequestDiff } from "./apply-task.js";
export type { LookedUpApps, LookUpAppsOptions } from "./apps-batch.js";
export {
  type CachedDirectoryOptions,
  ChatgptClient,
  type ListConnectorsOptions,
  type ListDirectoryOptions,
} from "./chatgpt-client.js";
export {
  ChatgptError,
  type ChatgptErrorKind,
  type ChatgptErrorOptions,
  chatgptErrorText,
  isChatgptError,
} from "./errors.js";
export type { CallOptions, ChatgptClientOptions, ChatgptTelemetry } from "./options.js";
