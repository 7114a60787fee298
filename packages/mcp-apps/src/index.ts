export { type CodexApps, connectCodexApps } from "./codex-apps.js";
export { type CodexAppsFetch, type CodexAppsHttpOptions, createCodexAppsFetch } from "./codex-apps-fetch.js";
export type { CallToolOptions, CodexAppsCallOptions, ConnectCodexAppsOptions } from "./codex-apps-options.js";
export { isMcpAppsError, McpAppsError, type McpAppsErrorKind, type McpAppsErrorOptions } from "./errors.js";
export { type FileArgumentsOptions, uploadFileArguments } from "./file-arguments.js";
export type { ModelToolName } from "./model-names.js";
export { type ModelTool, type ModelToolsOptions, type ToolFilter, toModelTools } from "./model-tools.js";
export type { PluginToolSource } from "./plugin-note.js";
export {
  type CodexAppsServer,
  type CodexAppsServerOptions,
  codexAppsServer,
  isCodexAppsServer,
} from "./server.js";
export { type CodexAppsRegistration, withCodexApps } from "./server-map.js";
export { type CodexAppsEndpoint, codexAppsServerUrl } from "./server-url.js";
export type { CodexAppsStatus } from "./session/account-session.js";
export { type StartupErrorOptions, startupErrorText } from "./startup-error-text.js";
export { type ToolServerFacts, toToolInfo } from "./tool-info.js";
