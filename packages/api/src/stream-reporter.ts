import type { SseEvent } from "@codex-ts/client";
import type { ApiError } from "./api-error.js";
import { isJsonObject } from "./json-object.js";
import type { SsePoll, StreamTelemetry, UndeliveredEvent } from "./stream-telemetry.js";

/** The hook that is told of each wait. */
export type PollHook = "onSsePoll" | "onWebSocketPoll";

/** Calls the hooks of one stream, and measures only what a hook wants to know. */
export class StreamReporter {
  readonly #telemetry: StreamTelemetry | undefined;
  readonly #pollHook: PollHook;
  readonly #reportsPolls: boolean;
  /** When the wait began that no poll has reported yet. */
  #waitingSince: number | undefined;
  #unknownEventCount = 0;

  constructor(telemetry: StreamTelemetry | undefined, pollHook: PollHook = "onSsePoll") {
    this.#telemetry = telemetry;
    this.#pollHook = pollHook;
    this.#reportsPolls = telemetry?.[pollHook] !== undefined;
  }

  get unknownEventCount(): number {
    return this.#unknownEventCount;
  }

  /** The stream begins to wait for a batch of events. */
  onWait(): void {
    if (this.#reportsPolls) this.#waitingSince = performance.now();
  }

  onEvent(event: SseEvent): void {
    if (this.#reportsPolls) this.#reportPoll({ poll: "event", event, waitedMs: this.#takeWaitedMs() });
  }

  onEnd(): void {
    if (this.#reportsPolls) this.#reportPoll({ poll: "end", waitedMs: this.#takeWaitedMs() });
  }

  onError(error: ApiError): void {
    if (this.#reportsPolls) this.#reportPoll({ poll: "error", error, waitedMs: this.#takeWaitedMs() });
  }

  onUndelivered(reason: UndeliveredEvent["reason"], payload: unknown, event: SseEvent): void {
    if (reason === "unknown") this.#unknownEventCount += 1;
    const type = isJsonObject(payload) ? payload["type"] : undefined;
    this.#reportUndelivered({ reason, type: typeof type === "string" ? type : undefined, event });
  }

  /** Data that is no JSON. Blank data and `[DONE]` are what some servers end or keep a stream alive with. */
  onNoJson(event: SseEvent): void {
    const data = event.data.trim();
    if (data !== "" && data !== "[DONE]")
      this.#reportUndelivered({ reason: "malformed", type: undefined, event });
  }

  #takeWaitedMs(): number {
    const waitedMs = this.#waitingSince === undefined ? 0 : performance.now() - this.#waitingSince;
    this.#waitingSince = undefined;
    return waitedMs;
  }

  #reportPoll(poll: SsePoll): void {
    try {
      this.#telemetry?.[this.#pollHook]?.(poll);
    } catch {
      // A hook that fails must not take the stream with it.
    }
  }

  #reportUndelivered(undelivered: UndeliveredEvent): void {
    try {
      this.#telemetry?.onUnknownEvent?.(undelivered);
    } catch {
      // As above.
    }
  }
}
