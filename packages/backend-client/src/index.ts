export { AccountClient, type AccountClientOptions } from "./account-client.js";
export type {
  AccountRateLimitsResult,
  AccountUsageResult,
  ConsumeResetCreditResult,
  NudgeEmailResult,
  WorkspaceMessagesResult,
} from "./account-results.js";
export {
  BackendClient,
  type ConsumeResetCreditOptions,
  type EndpointRequest,
  type EnvironmentQuery,
} from "./backend-client.js";
export type { BackendClientOptions } from "./backend-options.js";
export { type NormalizedBaseUrl, normalizeBaseUrl, type PathStyle } from "./base-url.js";
export type { CallOptions } from "./call-options.js";
export type { CreatedTask } from "./created-task.js";
export type { BackendAnswer, ChooseSchema } from "./decode-answer.js";
export {
  BackendError,
  type BackendErrorKind,
  type BackendErrorOptions,
  backendErrorText,
  isBackendError,
} from "./errors.js";
export { pathSegment } from "./path-segment.js";
export { preferredRateLimit, toRateLimitSnapshots } from "./rate-limits.js";
export {
  assistantError,
  assistantMessages,
  parseTaskDetails,
  unifiedDiff,
  userPrompt,
} from "./task-details.js";
export type { ListTasksOptions } from "./task-query.js";
export { type WorkspaceRoute, WorkspaceRouter, type WorkspaceRouterOptions } from "./workspace-router.js";
