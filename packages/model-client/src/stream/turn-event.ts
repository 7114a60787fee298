import type { UserError } from "@codex-ts/api";
import type { ResponseEvent, SafetyBufferingEvent } from "@codex-ts/protocol";

/** Over what an answer comes. */
export type TurnTransport = "http" | "websocket";

/** The answer broke off in the middle of something. What has come since the last `output_item_done` comes again. */
export interface ResetEvent {
  readonly type: "reset";
}

/** The answer broke off, or none came, and is asked for again. */
export interface ReconnectingEvent {
  readonly type: "reconnecting";
  /** For the user: `Reconnecting... 2/5`. */
  readonly message: string;
  /** 1 for the first retry. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** How long it waits first. */
  readonly delayMs: number;
  /** What happened. */
  readonly error: UserError;
  readonly transport: TurnTransport | undefined;
}

/**
 * The answer broke off behind calls that only the caller can answer. The stream ends with this event as it does with
 * `completed`: answer the calls and stream again, and the retries of the turn are counted on.
 */
export interface InterruptedEvent {
  readonly type: "interrupted";
  readonly error: UserError;
}

/** Something that the user should know. The turn goes on. */
export interface WarningEvent {
  readonly type: "warning";
  /** `agent_identity_fallback`: requests are signed by the login, because no Agent Identity could be had. */
  readonly reason: "agent_identity_fallback" | "compacted" | "model_rerouted" | "transport_fallback";
  readonly message: string;
}

/** Another model answers than was asked. Told once for each turn, by OpenAI's own providers. */
export interface ModelReroutedEvent {
  readonly type: "model_rerouted";
  readonly from: string;
  readonly to: string;
  readonly reason: "high_risk_cyber_activity";
}

/** An answer that is held back, and the model that was asked for it. */
export interface TurnSafetyBufferingEvent extends SafetyBufferingEvent {
  readonly model: string;
}

/** What a turn tells: the events of the response, and what becomes of its connections. */
export type TurnEvent =
  | Exclude<ResponseEvent, SafetyBufferingEvent>
  | TurnSafetyBufferingEvent
  | InterruptedEvent
  | ModelReroutedEvent
  | ReconnectingEvent
  | ResetEvent
  | WarningEvent;

/** What a user can be shown while a turn goes on. */
export type TurnNotice = ModelReroutedEvent | ReconnectingEvent | WarningEvent;
