export type { CompactionOptions, CompactionResult } from "./compaction/compaction-options.js";
export { type CodexOptions, createCodex } from "./create-codex.js";
export type { MemoriesOptions } from "./memories.js";
export { ModelClient } from "./model-client.js";
export type { ModelClientOptions, SessionSettings } from "./model-client-options.js";
export type { PrewarmStatus } from "./prewarm.js";
export type { ModelSettings } from "./request/model-settings.js";
export type { Prompt } from "./request/prompt.js";
export type { CompactionMetadata, WorkspaceMetadata } from "./request/turn-metadata.js";
export type { AttestationSource } from "./session/session.js";
export type { SessionUsage } from "./session/session-usage.js";
export type { FallbackReason } from "./session/transport-choice.js";
export type {
  InterruptedEvent,
  ModelReroutedEvent,
  ReconnectingEvent,
  ResetEvent,
  TurnEvent,
  TurnNotice,
  TurnSafetyBufferingEvent,
  TurnTransport,
  WarningEvent,
} from "./stream/turn-event.js";
export { type TurnResult, TurnStream } from "./stream/turn-stream.js";
export type {
  AccessReport,
  FallbackReport,
  ModelClientTelemetry,
  PrewarmReport,
  StreamEndReport,
  StreamRetryReport,
  WebSocketConnectReport,
  WebSocketTimings,
} from "./telemetry.js";
export { type StreamOptions, Turn, type TurnOptions } from "./turn.js";
