export {
  accountReadParamsSchema,
  accountReadResultSchema,
  accountUsageResultSchema,
  authTokensRefreshParamsSchema,
  authTokensRefreshResultSchema,
  creditsNudgeParamsSchema,
  creditsNudgeResultSchema,
  loginCompletedSchema,
  rateLimitsReadResultSchema,
  resetCreditConsumeParamsSchema,
  resetCreditConsumeResultSchema,
  workspaceMessagesResultSchema,
} from "./account-messages.js";
export { accountUpdatedSchema } from "./account-updated.js";
export { appInfoSchema } from "./app-info.js";
export { appsBatchResponseSchema } from "./apps-batch.js";
export {
  accountsCheckSchema,
  consumedResetCreditSchema,
  resetCreditListSchema,
  threadUsageListSchema,
  tokenUsageProfileSchema,
  userSettingsSchema,
  workspaceMessageListSchema,
} from "./backend-account.js";
export { configBundleSchema, configRequirementsSchema } from "./backend-config.js";
export {
  cloudEnvironmentsSchema,
  siblingTurnsSchema,
  taskDetailsSchema,
  taskPageSchema,
} from "./backend-tasks.js";
export { backendUsageSchema } from "./backend-usage.js";
export {
  codexAppsServerInfoFileSchema,
  codexAppsToolsFileSchema,
  mcpCallResultSchema,
  mcpServerInfoSchema,
  mcpToolsPageSchema,
} from "./codex-apps.js";
export { directoryCacheSchema, directoryPageSchema } from "./connector-directory.js";
export { createdFileSchema, finalizedFileSchema } from "./files.js";
export { imageResponseSchema } from "./images.js";
export { managedRequirementsSchema } from "./managed-requirements.js";
export { memoriesResponseSchema } from "./memories.js";
export { modelInfoSchema, modelsResponseSchema } from "./model-info.js";
export { modelProviderTableSchema } from "./model-provider-table.js";
export { modelsCacheFileSchema } from "./models-cache.js";
export { configBundleCacheSchema, configRequirementsCacheSchema } from "./policy-cache-file.js";
export { rateLimitsUpdatedSchema } from "./rate-limits-updated.js";
export {
  remoteControlClientListParamsSchema,
  remoteControlClientListSchema,
  remoteControlClientRevokeParamsSchema,
  remoteControlEnrollmentRowSchema,
  remoteControlEnrollmentSchema,
  remoteControlPairingSchema,
  remoteControlPairingStartParamsSchema,
  remoteControlPairingStatusParamsSchema,
  remoteControlPairingStatusSchema,
  remoteControlToggleParamsSchema,
} from "./remote-control.js";
export { responseItemSchema } from "./response-item.js";
export { searchResponseSchema } from "./search.js";
export { workspaceSettingsSchema } from "./workspace-settings.js";
