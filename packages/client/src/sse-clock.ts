import type { TransportError } from "./errors.js";
import { timeoutError } from "./sse-errors.js";
import type { SseSettings } from "./sse-settings.js";

/** Which limit of a clock ran out. */
export type ReadLimit = "event" | "first_event" | "idle";

/**
 * Watches how long a reader waits for bytes and for events. It runs only while the reader waits: the time that a
 * consumer takes is not counted.
 */
export interface SseClock {
  /** The reader begins to wait for bytes. */
  wait(): void;
  /** The reader got bytes, and events if there were some. */
  arrived(hasEvents: boolean): void;
  /** Ends all waiting. */
  stop(): void;
}

/**
 * Creates a clock.
 *
 * Its timer is not set anew for each chunk. It is left to fire and then set to what remains, so that a lively stream
 * costs one timer in each period of the limit.
 *
 * @param toError - Makes the error for a limit; by default that of an event stream.
 */
export function createSseClock(
  limits: Pick<SseSettings, "eventTimeoutMs" | "firstEventTimeoutMs" | "idleTimeoutMs">,
  onTimeout: (error: TransportError) => void,
  toError: (limit: ReadLimit) => TransportError = timeoutError,
): SseClock {
  const { idleTimeoutMs } = limits;
  let eventLimit: ReadLimit = "first_event";
  let eventTimeoutMs = limits.firstEventTimeoutMs;
  /** What former waits have used of the limit for the current event. */
  let spentMs = 0;
  let waitingSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  if (!Number.isFinite(eventTimeoutMs)) expectLaterEvents();

  return { wait, arrived, stop };

  function wait(): void {
    const limitMs = Math.min(idleTimeoutMs, eventTimeoutMs - spentMs);
    if (limitMs === Number.POSITIVE_INFINITY) return;
    waitingSince ??= performance.now();
    timer ??= startTimer(limitMs);
  }

  function arrived(hasEvents: boolean): void {
    if (waitingSince === undefined) return;
    if (hasEvents) spentMs = 0;
    else if (eventTimeoutMs !== Number.POSITIVE_INFINITY) spentMs += performance.now() - waitingSince;
    waitingSince = undefined;
    if (!hasEvents || eventLimit === "event") return;
    expectLaterEvents();
    // The limit for later events may be shorter than what the timer is set to.
    stop();
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    waitingSince = undefined;
  }

  function expectLaterEvents(): void {
    eventLimit = "event";
    eventTimeoutMs = limits.eventTimeoutMs;
  }

  function startTimer(limitMs: number): NodeJS.Timeout {
    return setTimeout(check, Math.min(Math.ceil(limitMs), longestTimerMs));
  }

  function check(): void {
    timer = undefined;
    if (waitingSince === undefined) return;
    const waitedMs = performance.now() - waitingSince;
    const idleLeftMs = idleTimeoutMs - waitedMs;
    const eventLeftMs = eventTimeoutMs - spentMs - waitedMs;
    const leftMs = Math.min(idleLeftMs, eventLeftMs);
    if (leftMs > 0) {
      timer = startTimer(leftMs);
      return;
    }
    onTimeout(toError(eventLeftMs <= idleLeftMs ? eventLimit : "idle"));
  }
}

// A longer delay makes Node fire at once.
const longestTimerMs = 2 ** 31 - 1;
