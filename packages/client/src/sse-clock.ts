import { TransportError, type TransportErrorCode } from "./errors.js";
import type { SseSettings } from "./sse-settings.js";

type SseLimits = Pick<SseSettings, "eventTimeoutMs" | "firstEventTimeoutMs" | "idleTimeoutMs">;

/**
 * Watches how long a reader waits for bytes and for events. It runs only while the reader waits: the time that a
 * consumer takes is not counted.
 *
 * The timer is not set anew for each chunk. It is left to fire and then set to what remains, so a lively stream
 * costs one timer in each period of the limit.
 */
export class SseClock {
  readonly #limits: SseLimits;
  readonly #onTimeout: (error: TransportError) => void;
  #eventLimitMs: number;
  #eventCode: TransportErrorCode;
  /** What former waits have used of the limit for the current event. */
  #spentMs = 0;
  #waitingSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: SseLimits, onTimeout: (error: TransportError) => void) {
    this.#limits = limits;
    this.#onTimeout = onTimeout;
    const first = Number.isFinite(limits.firstEventTimeoutMs);
    this.#eventLimitMs = first ? limits.firstEventTimeoutMs : limits.eventTimeoutMs;
    this.#eventCode = first ? "sse_first_event" : "sse_event";
  }

  /** The reader begins to wait for bytes. */
  wait(): void {
    const limitMs = Math.min(this.#limits.idleTimeoutMs, this.#eventLimitMs - this.#spentMs);
    if (limitMs === Number.POSITIVE_INFINITY) return;
    this.#waitingSince ??= performance.now();
    this.#timer ??= this.#startTimer(limitMs);
  }

  /** The reader got bytes, and events if there were some. */
  arrived(events: boolean): void {
    if (this.#waitingSince === undefined) return;
    if (this.#eventLimitMs !== Number.POSITIVE_INFINITY)
      this.#spentMs += performance.now() - this.#waitingSince;
    this.#waitingSince = undefined;
    if (!events) return;
    this.#spentMs = 0;
    if (this.#eventCode === "sse_event") return;
    this.#eventCode = "sse_event";
    this.#eventLimitMs = this.#limits.eventTimeoutMs;
    // The limit for later events may be shorter than what the timer is set to.
    this.stop();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitingSince = undefined;
  }

  #startTimer(limitMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#check(), Math.min(Math.ceil(limitMs), longestTimerMs));
  }

  #check(): void {
    this.#timer = undefined;
    if (this.#waitingSince === undefined) return;
    const waitedMs = performance.now() - this.#waitingSince;
    const idleMs = this.#limits.idleTimeoutMs - waitedMs;
    const eventMs = this.#eventLimitMs - this.#spentMs - waitedMs;
    const remainingMs = Math.min(idleMs, eventMs);
    if (remainingMs > 0) {
      this.#timer = this.#startTimer(remainingMs);
      return;
    }
    const code = eventMs <= idleMs ? this.#eventCode : "sse_idle";
    this.#onTimeout(new TransportError("idle timeout waiting for SSE", { kind: "timeout", code }));
  }
}

// A longer delay makes Node fire at once.
const longestTimerMs = 2 ** 31 - 1;
