import type { ResponseItem } from "./items/response-item.js";
import type { RateLimitSnapshot } from "./rate-limit-snapshot.js";
import type { TokenUsage } from "./token-usage.js";

/** A check that the account should go through to use a model fully. */
export type ModelVerification = "trusted_access_for_cyber";

/** The server began to answer. */
export interface CreatedEvent {
  readonly type: "created";
}

/** An item came up; deltas for it follow. */
export interface OutputItemAddedEvent {
  readonly type: "output_item_added";
  readonly item: ResponseItem;
}

/** An item is complete. */
export interface OutputItemDoneEvent {
  readonly type: "output_item_done";
  readonly item: ResponseItem;
}

/** More text of the answer. */
export interface OutputTextDeltaEvent {
  readonly type: "output_text_delta";
  readonly delta: string;
}

/** More input of a call of a custom tool. */
export interface ToolCallInputDeltaEvent {
  readonly type: "tool_call_input_delta";
  /** The item, or its call where the server names no item. */
  readonly item_id: string;
  readonly call_id: string | null;
  readonly delta: string;
}

/** More of a headline of what the model thinks. */
export interface ReasoningSummaryDeltaEvent {
  readonly type: "reasoning_summary_delta";
  readonly delta: string;
  readonly summary_index: number;
}

/** More of what the model thinks. */
export interface ReasoningContentDeltaEvent {
  readonly type: "reasoning_content_delta";
  readonly delta: string;
  readonly content_index: number;
}

/** A further headline begins. */
export interface ReasoningSummaryPartAddedEvent {
  readonly type: "reasoning_summary_part_added";
  readonly summary_index: number;
}

/** The model that really answers. */
export interface ServerModelEvent {
  readonly type: "server_model";
  readonly model: string;
}

/** Where the account stands; one for each family of limits. */
export interface RateLimitsEvent {
  readonly type: "rate_limits";
  readonly snapshot: RateLimitSnapshot;
}

/** The version of the model catalogue. */
export interface ModelsEtagEvent {
  readonly type: "models_etag";
  /** Verbatim, quotes included. */
  readonly etag: string;
}

/** The server keeps earlier reasoning itself. */
export interface ServerReasoningIncludedEvent {
  readonly type: "server_reasoning_included";
  readonly included: boolean;
}

/** The server recommends verifying the account. */
export interface ModelVerificationsEvent {
  readonly type: "model_verifications";
  readonly verifications: readonly ModelVerification[];
}

/** What moderation found; any JSON. */
export interface TurnModerationMetadataEvent {
  readonly type: "turn_moderation_metadata";
  readonly metadata: unknown;
}

/** The answer is held back while it is checked. */
export interface SafetyBufferingEvent {
  readonly type: "safety_buffering";
  readonly use_cases: readonly string[];
  readonly reasons: readonly string[];
  readonly show_buffering_ui: boolean;
  /** A model that would not be held back. */
  readonly faster_model: string | null;
}

/** The answer is complete; nothing follows. */
export interface CompletedEvent {
  readonly type: "completed";
  readonly response_id: string;
  readonly token_usage: TokenUsage | null;
  /** `false`: the model wants to be called again. `null`: the server did not say. */
  readonly end_turn: boolean | null;
}

/** What a Responses stream delivers. */
export type ResponseEvent =
  | CreatedEvent
  | OutputItemAddedEvent
  | OutputItemDoneEvent
  | OutputTextDeltaEvent
  | ToolCallInputDeltaEvent
  | ReasoningSummaryDeltaEvent
  | ReasoningContentDeltaEvent
  | ReasoningSummaryPartAddedEvent
  | ServerModelEvent
  | RateLimitsEvent
  | ModelsEtagEvent
  | ServerReasoningIncludedEvent
  | ModelVerificationsEvent
  | TurnModerationMetadataEvent
  | SafetyBufferingEvent
  | CompletedEvent;
