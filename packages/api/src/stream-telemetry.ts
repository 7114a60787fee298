import type { RequestTelemetry, SseEvent } from "@codex-ts/client";
import type { ApiError } from "./api-error.js";

/** One wait for the next event of a stream, reported before the event is looked at. */
export type SsePoll = {
  /** How long this wait took, in milliseconds; 0 when the event had come together with the one before. */
  readonly waitedMs: number;
} & (
  | { readonly poll: "event"; readonly event: SseEvent }
  /** The body ended. */
  | { readonly poll: "end" }
  /** A time limit ran out, the body broke, or what came is no event stream. */
  | { readonly poll: "error"; readonly error: ApiError }
);

/** An event that is not delivered. */
export interface UndeliveredEvent {
  /**
   * `unknown`: its type is one that this package has never heard of. `malformed`: it is not JSON, or lacks what its
   * type needs.
   */
  readonly reason: "malformed" | "unknown";
  /** The `type` of its payload, if it has one. */
  readonly type: string | undefined;
  readonly event: SseEvent;
}

/**
 * Hooks that watch requests and streams. They run synchronously and must be quick; what they throw is ignored.
 *
 * Events hold what user and model wrote.
 */
export interface StreamTelemetry extends RequestTelemetry {
  /** Called after every wait for an event, also for the one that meets the end or a failure. */
  onSsePoll?(poll: SsePoll): void;
  /** The same for the messages of a WebSocket; the event is of the name `message`. */
  onWebSocketPoll?(poll: SsePoll): void;
  /** Called for each event that has no place in the typed stream. The stream goes on. */
  onUnknownEvent?(event: UndeliveredEvent): void;
}
