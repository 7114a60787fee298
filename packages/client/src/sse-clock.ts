import type { SseSettings } from "./sse-settings.js";

/** Which limit of a clock ran out. */
export type ReadLimit = "event" | "first_event" | "idle";

type ClockLimits = Pick<SseSettings, "eventTimeoutMs" | "firstEventTimeoutMs" | "idleTimeoutMs">;

/**
 * Watches how long a reader waits for bytes and for events. It runs only while the reader waits: the time that a
 * consumer takes is not counted.
 *
 * Its timer is not set anew for each chunk. It is left to fire and then set to what remains, so that a lively stream
 * costs one timer in each period of the limit.
 */
export class SseClock {
  readonly #limits: ClockLimits;
  readonly #onTimeout: (limit: ReadLimit) => void;
  #eventLimit: ReadLimit = "first_event";
  #eventTimeoutMs: number;
  /** What former waits have used of the limit for the current event. */
  #spentMs = 0;
  #waitingSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: ClockLimits, onTimeout: (limit: ReadLimit) => void) {
    this.#limits = limits;
    this.#onTimeout = onTimeout;
    this.#eventTimeoutMs = limits.firstEventTimeoutMs;
    if (!Number.isFinite(this.#eventTimeoutMs)) this.#expectLaterEvents();
  }

  /** The reader begins to wait for bytes. */
  wait(): void {
    const limitMs = Math.min(this.#limits.idleTimeoutMs, this.#eventTimeoutMs - this.#spentMs);
    if (limitMs === Number.POSITIVE_INFINITY) return;
    this.#waitingSince ??= performance.now();
    this.#timer ??= this.#startTimer(limitMs);
  }

  /** The reader got bytes, and events if there were some. */
  arrived(hasEvents: boolean): void {
    if (this.#waitingSince === undefined) return;
    if (hasEvents) this.#spentMs = 0;
    else if (this.#eventTimeoutMs !== Number.POSITIVE_INFINITY) {
      this.#spentMs += performance.now() - this.#waitingSince;
    }
    this.#waitingSince = undefined;
    if (!hasEvents || this.#eventLimit === "event") return;
    this.#expectLaterEvents();
    // The limit for later events may be shorter than what the timer is set to.
    this.stop();
  }

  /** Ends all waiting. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitingSince = undefined;
  }

  #expectLaterEvents(): void {
    this.#eventLimit = "event";
    this.#eventTimeoutMs = this.#limits.eventTimeoutMs;
  }

  #startTimer(limitMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#check(), Math.min(Math.ceil(limitMs), longestTimerMs));
  }

  #check(): void {
    this.#timer = undefined;
    if (this.#waitingSince === undefined) return;
    const waitedMs = performance.now() - this.#waitingSince;
    const idleLeftMs = this.#limits.idleTimeoutMs - waitedMs;
    const eventLeftMs = this.#eventTimeoutMs - this.#spentMs - waitedMs;
    const leftMs = Math.min(idleLeftMs, eventLeftMs);
    if (leftMs > 0) {
      this.#timer = this.#startTimer(leftMs);
      return;
    }
    this.#onTimeout(eventLeftMs <= idleLeftMs ? this.#eventLimit : "idle");
  }
}

// A longer delay makes Node fire at once.
const longestTimerMs = 2 ** 31 - 1;
