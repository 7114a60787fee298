export type {
  Account,
  AccountReadParams,
  AccountReadResult,
  AccountUsageResult,
  AccountWorkspaceMessage,
  AuthTokensRefreshParams,
  AuthTokensRefreshResult,
  BedrockCredentialSource,
  CreditsNudgeParams,
  CreditsNudgeResult,
  LoginCompletedNotification,
  RateLimitsReadResult,
  ResetCreditConsumeParams,
  ResetCreditConsumeResult,
  ResetCreditOutcome,
  WorkspaceMessagesResult,
} from "./account-messages.js";
export type { AccountUpdatedNotification } from "./account-updated.js";
export type { AppBranding, AppInfo, AppMetadata, AppScreenshot } from "./app-info.js";
export type { AppsBatchRequest, AppsBatchResponse, BatchApp, BatchAppTool } from "./apps-batch.js";
export { type AuthMode, authModes, isAuthMode } from "./auth-mode.js";
export type { AccountsCheck, BackendAccount, NudgeCreditType } from "./backend/accounts.js";
export type { CreateTaskRequest, TaskInputItem } from "./backend/create-task.js";
export type { CloudEnvironment } from "./backend/environments.js";
export type {
  ConfigBundle,
  ConfigFragment,
  ConfigRequirements,
  ConfigSection,
} from "./backend/managed-config.js";
export type { DailyUsage, TokenUsageProfile, TokenUsageStats, UserSettings } from "./backend/profile.js";
export type {
  ConsumedResetCredit,
  ResetCredit,
  ResetCreditCode,
  ResetCreditList,
} from "./backend/reset-credits.js";
export type {
  SiblingTurn,
  TaskContent,
  TaskDetails,
  TaskTurn,
  TaskTurnError,
  TaskTurnItem,
  TaskWorklog,
  TaskWorklogMessage,
} from "./backend/task-details.js";
export type { PullRequest, TaskListItem, TaskPage, TaskPullRequest } from "./backend/task-list.js";
export type { ThreadUsage } from "./backend/thread-usage.js";
export type {
  AdditionalRateLimit,
  BackendUsage,
  SpendControl,
  SpendLimit,
  UsageCredits,
  UsageRateLimit,
  UsageWindow,
} from "./backend/usage.js";
export type {
  WorkspaceMessage,
  WorkspaceMessageList,
  WorkspaceMessageType,
} from "./backend/workspace-messages.js";
export type {
  CodexAppsServerInfoFile,
  CodexAppsToolsFile,
  McpCallResult,
  McpContentBlock,
  McpServerInfo,
  McpTool,
  McpToolInfo,
  McpToolsPage,
} from "./codex-apps.js";
export type { CompactionRequest } from "./compaction-request.js";
export type { DirectoryApp, DirectoryCache, DirectoryPage } from "./connector-directory.js";
export type { ApiErrorKind, CodexErrorInfo, HttpStatusDetail, UserErrorKind } from "./error-kinds.js";
export type { CreatedFile, FinalizedFile, UploadedFile } from "./files.js";
export type {
  GeneratedImage,
  ImageBackground,
  ImageEditRequest,
  ImageGenerationRequest,
  ImageQuality,
  ImageReference,
  ImageResponse,
} from "./images.js";
export { agentMessageText } from "./items/agent-message-text.js";
export type {
  AgentMessageContent,
  ContentItem,
  EncryptedContent,
  ImageDetail,
  InputAudio,
  InputImage,
  InputText,
  OutputText,
  ReasoningContent,
  ReasoningSummary,
  ToolOutputPart,
} from "./items/content.js";
export {
  type McpToolCallOutput,
  type MessageInput,
  type ResponseInputItem,
  toResponseItem,
} from "./items/input-item.js";
export { itemId, withItemId } from "./items/item-id.js";
export type { LocalShellAction, LocalShellStatus } from "./items/local-shell.js";
export {
  type McpToolOutput,
  type McpToolResult,
  mcpErrorResult,
  mcpToolResultToOutput,
} from "./items/mcp-tool-result.js";
export type { ItemMetadata } from "./items/metadata.js";
export { parseResponseItem } from "./items/parse-response-item.js";
export type {
  AdditionalToolsItem,
  AgentMessageItem,
  CompactionItem,
  CompactionTriggerItem,
  ContextCompactionItem,
  CustomToolCallItem,
  CustomToolCallOutputItem,
  FunctionCallItem,
  FunctionCallOutputItem,
  ImageGenerationCallItem,
  LocalShellCallItem,
  MessageItem,
  MessagePhase,
  OtherItem,
  ReasoningItem,
  ResponseItem,
  ToolSearchCallItem,
  ToolSearchOutputItem,
  WebSearchCallItem,
} from "./items/response-item.js";
export { parseToolOutput, type ToolOutput, toolOutputText } from "./items/tool-output.js";
export { clearItemMetadata, stampTurnId } from "./items/turn-id.js";
export {
  type LocalImageFile,
  type UserImage,
  type UserInput,
  type UserLocalImage,
  type UserReference,
  type UserText,
  userMessage,
} from "./items/user-input.js";
export type {
  FindInPageAction,
  OpenPageAction,
  OtherAction,
  SearchAction,
  WebSearchAction,
} from "./items/web-search-action.js";
export { toWireItem } from "./items/wire-item.js";
export type { ManagedRequirements, RequirementsTable } from "./managed-requirements.js";
export type { MemoriesRequest, MemoriesResponse, MemorySummary, MemoryTrace } from "./memories.js";
export type {
  InputModality,
  ModelInfo,
  ModelMessages,
  ModelsResponse,
  ModelVisibility,
  ReasoningLevel,
  ServiceTier,
  ShellType,
  ToolMode,
  TruncationPolicy,
} from "./model-info.js";
export type { AwsTable, ModelProviderTable, TokenCommandTable } from "./model-provider-table.js";
export type { ModelsCacheFile } from "./models-cache.js";
export {
  type AuthPlanType,
  isBusinessPlan,
  isKnownPlanType,
  isTeamPlan,
  isWorkspacePlan,
  type KnownPlanType,
  type PlanType,
  parsePlanClaim,
  parsePlanType,
  parseRawPlan,
  planDisplayName,
  planTypes,
} from "./plan-type.js";
export type {
  ConfigBundleCachePayload,
  ConfigRequirementsCachePayload,
  PolicyCacheFacts,
  PolicyCacheFile,
} from "./policy-cache-file.js";
export { isProtocolError, ProtocolError, type ProtocolErrorKind } from "./protocol-error.js";
export {
  type IndividualLimit,
  type RateLimitCredits,
  type RateLimitReachedType,
  type RateLimitSnapshot,
  type RateLimitWindow,
  rateLimitReachedTypes,
} from "./rate-limit-snapshot.js";
export {
  type AccountRateLimits,
  type AccountRateLimitWindow,
  type RateLimitsUpdatedNotification,
  toAccountRateLimits,
} from "./rate-limits-updated.js";
export {
  parseReasoningEffort,
  type Reasoning,
  type ReasoningContext,
  type ReasoningEffort,
  type ReasoningSummaryMode,
} from "./reasoning.js";
export type {
  RemoteControlClient,
  RemoteControlClientEntry,
  RemoteControlClientList,
  RemoteControlClientListAnswer,
  RemoteControlClientListParams,
  RemoteControlClientRevokeParams,
  RemoteControlEnrollmentAnswer,
  RemoteControlEnrollmentRow,
  RemoteControlErrorResponse,
  RemoteControlMessage,
  RemoteControlNotification,
  RemoteControlPairing,
  RemoteControlPairingAnswer,
  RemoteControlPairingStartParams,
  RemoteControlPairingStatusAnswer,
  RemoteControlPairingStatusParams,
  RemoteControlRequest,
  RemoteControlResponse,
  RemoteControlState,
  RemoteControlStatus,
  RemoteControlToggleParams,
} from "./remote-control.js";
export type {
  CompletedEvent,
  CreatedEvent,
  ModelsEtagEvent,
  ModelVerification,
  ModelVerificationsEvent,
  OutputItemAddedEvent,
  OutputItemDoneEvent,
  OutputTextDeltaEvent,
  RateLimitsEvent,
  ReasoningContentDeltaEvent,
  ReasoningSummaryDeltaEvent,
  ReasoningSummaryPartAddedEvent,
  ResponseEvent,
  SafetyBufferingEvent,
  ServerModelEvent,
  ServerReasoningIncludedEvent,
  ToolCallInputDeltaEvent,
  TurnModerationMetadataEvent,
} from "./response-event.js";
export type { ResponsesRequest } from "./responses-request.js";
export type { SearchRequest, SearchResponse } from "./search.js";
export type {
  ClickCommand,
  FinanceCommand,
  FindCommand,
  OpenCommand,
  ScreenshotCommand,
  SearchCommands,
  SearchQuery,
  SportsCommand,
  SportsLeague,
  TimeCommand,
  WeatherCommand,
} from "./search-commands.js";
export type { SearchCaller, SearchLocation, SearchSettings } from "./search-settings.js";
export {
  type SessionSource,
  type SubagentSource,
  sessionSourceText,
  subagentLabel,
} from "./session-source.js";
export {
  createTextParam,
  type JsonSchemaFormat,
  type TextParam,
  type TextParamOptions,
  type Verbosity,
} from "./text-param.js";
export type { TokenUsage } from "./token-usage.js";
export type { WorkspaceSettings } from "./workspace-settings.js";
