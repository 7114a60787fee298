export {
  type ApiClientErrorKind,
  ApiError,
  type ApiErrorCode,
  type ApiErrorOptions,
  apiErrorText,
  type FileErrorCode,
  isApiError,
} from "./api-error.js";
export type { CallOptions } from "./call-options.js";
export { CompactClient, type CompactOptions } from "./compact-client.js";
export type { ApiClientOptions } from "./endpoint-session.js";
export type { FileSource } from "./files/file-source.js";
export { FilesClient } from "./files-client.js";
export type { FilesClientOptions, HostedTool, UploadOptions, UploadProgress } from "./files-options.js";
export { ImagesClient } from "./images-client.js";
export { MemoriesClient } from "./memories-client.js";
export { type ListModelsOptions, type ModelList, ModelsClient } from "./models-client.js";
export { isAzureProvider, type Provider, providerUrl } from "./provider.js";
export { parseRateLimitEvent } from "./rate-limit-event.js";
export { parsePromoMessage, parseRateLimitFor, parseRateLimits, parseReachedType } from "./rate-limits.js";
export type { ResponseStream } from "./response-stream.js";
export { ResponsesClient } from "./responses-client.js";
export type { EncodedResponsesOptions, ResponsesOptions } from "./responses-options.js";
export { ResponsesWebSocketClient } from "./responses-websocket-client.js";
export type { ResponsesWebSocketConnection } from "./responses-websocket-connection.js";
export { SearchClient } from "./search-client.js";
export type { SsePoll, StreamTelemetry, UndeliveredEvent } from "./stream-telemetry.js";
export { TurnState } from "./turn-state.js";
export {
  codexErrorInfo,
  type ErrorEvent,
  isRetryableUserError,
  toErrorEvent,
} from "./user-errors/error-info.js";
export { errorDebugContext, errorTelemetryText } from "./user-errors/error-report.js";
export type { IdentityFacts } from "./user-errors/identity-facts.js";
export type { LocalTimeOptions } from "./user-errors/local-time.js";
export { shortErrorText } from "./user-errors/short-error-text.js";
export { toUserError } from "./user-errors/to-user-error.js";
export {
  isUserError,
  type SandboxFacts,
  type UnexpectedStatusFacts,
  type UsageLimitFacts,
  UserError,
  type UserErrorFacts,
  type UserErrorOptions,
} from "./user-errors/user-error.js";
export type { WebSocketHandshake } from "./websocket-handshake.js";
export type {
  WebSocketClientOptions,
  WebSocketConnectOptions,
  WebSocketResponseOptions,
} from "./websocket-options.js";
