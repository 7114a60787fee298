import type { StreamTelemetry, UserError } from "@codex-ts/api";
import type { AgentIdentityTelemetry, AuthSnapshot } from "@codex-ts/auth-provider";
import type { TokenUsage } from "@codex-ts/protocol";
import type { FallbackReason } from "./session/transport-choice.js";
import type { TurnTransport } from "./stream/turn-event.js";

/** With which credential an attempt is about to be sent. Holds none. */
export interface AccessReport {
  /** 0 for the first attempt of a stream. */
  readonly attempt: number;
  readonly mode: AuthSnapshot["mode"] | undefined;
  readonly authHeaderAttached: boolean;
  readonly authHeaderName: "authorization" | undefined;
  /** Set when an Agent Identity signs. */
  readonly agentIdentity: AgentIdentityTelemetry | undefined;
}

/** A handshake that is over. */
export interface WebSocketConnectReport {
  readonly durationMs: number;
  /** Absent when the connection is open. */
  readonly error: UserError | undefined;
}

/** A stream that is asked for again. */
export interface StreamRetryReport {
  /** 1 for the first retry; 0 for one at once that is not counted. */
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly delayMs: number;
  readonly transport: TurnTransport | undefined;
  readonly error: UserError;
}

/** Requests go over HTTP from now on. */
export interface FallbackReport {
  readonly reason: FallbackReason;
  /** Whether it holds for the session, and not just for the turn. */
  readonly isForSession: boolean;
}

/** An answer that came to its end. */
export interface StreamEndReport {
  readonly transport: TurnTransport;
  readonly attempts: number;
  readonly responseId: string | null;
  /** The id to quote to the server's support. Over a WebSocket that of the handshake. */
  readonly requestId: string | null;
  readonly usage: TokenUsage | null;
  /** Over a WebSocket: whether the connection was there before. */
  readonly isConnectionReused: boolean;
  readonly durationMs: number;
}

/** What became of preparing the server for the first turn. */
export interface PrewarmReport {
  readonly status: "failed" | "ready" | "skipped" | "timed_out";
  readonly durationMs: number;
}

/** What the server says about where its time went, in milliseconds. */
export type WebSocketTimings = Readonly<Record<string, number>>;

/** Hooks that watch a session. They run synchronously and must be quick; what they throw is ignored. */
export interface ModelClientTelemetry extends StreamTelemetry {
  onAccess?(report: AccessReport): void;
  onWebSocketConnect?(report: WebSocketConnectReport): void;
  onStreamRetry?(report: StreamRetryReport): void;
  onFallback?(report: FallbackReport): void;
  onStreamEnd?(report: StreamEndReport): void;
  onPrewarm?(report: PrewarmReport): void;
  /** Called only if the option `timingMetrics` asks the server for them. */
  onWebSocketTimings?(timings: WebSocketTimings): void;
}

/** Calls a hook, which must not disturb what it watches. */
export function report(call: () => unknown): void {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // What a hook throws is its own concern.
  }
}

/** Gives the hooks for the clients below, with one more that reads the server's timings out of its messages. */
export function toStreamTelemetry(telemetry: ModelClientTelemetry | undefined): StreamTelemetry | undefined {
  if (telemetry?.onWebSocketTimings === undefined) return telemetry;
  return {
    onRequest: (attempt) => telemetry.onRequest?.(attempt),
    onRetry: (retry) => telemetry.onRetry?.(retry),
    onRecovery: (recovery) => telemetry.onRecovery?.(recovery),
    onRedirect: (redirect) => telemetry.onRedirect?.(redirect),
    onCompressionRefused: (refusal) => telemetry.onCompressionRefused?.(refusal),
    onSsePoll: (poll) => telemetry.onSsePoll?.(poll),
    onUnknownEvent: (event) => telemetry.onUnknownEvent?.(event),
    onWebSocketPoll: (poll) => {
      telemetry.onWebSocketPoll?.(poll);
      const timings = poll.poll === "event" ? parseTimings(poll.event.data) : undefined;
      if (timings !== undefined) telemetry.onWebSocketTimings?.(timings);
    },
  };
}

const timingType = "responsesapi.websocket_timing";

function parseTimings(data: string): WebSocketTimings | undefined {
  if (!data.includes(timingType)) return undefined;
  try {
    const { type, timing_metrics } = JSON.parse(data) as { type?: unknown; timing_metrics?: unknown };
    if (type !== timingType || typeof timing_metrics !== "object" || timing_metrics === null)
      return undefined;
    const numbers = Object.entries(timing_metrics).filter(([, value]) => typeof value === "number");
    return Object.fromEntries(numbers);
  } catch {
    return undefined;
  }
}
