import type { SseOptions } from "./sse.js";

/** {@link SseOptions} with its defaults; a limit that is off is `Infinity`. */
export interface SseSettings {
  readonly firstEventTimeoutMs: number;
  readonly eventTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxEventBytes: number;
  readonly flushTail: boolean;
  readonly signal: AbortSignal | undefined;
}

/** @throws TypeError when a limit is no limit. */
export function toSseSettings(options: SseOptions): SseSettings {
  return {
    firstEventTimeoutMs: timeout(options, "firstEventTimeoutMs", Number.POSITIVE_INFINITY),
    eventTimeoutMs: timeout(options, "eventTimeoutMs", Number.POSITIVE_INFINITY),
    idleTimeoutMs: timeout(options, "idleTimeoutMs", 300_000),
    maxEventBytes: size(options.maxEventBytes ?? 64 * 1024 * 1024),
    flushTail: options.flushTail ?? false,
    signal: options.signal,
  };
}

type TimeoutName = "eventTimeoutMs" | "firstEventTimeoutMs" | "idleTimeoutMs";

function timeout(options: SseOptions, name: TimeoutName, byDefault: number): number {
  const value = options[name] ?? byDefault;
  if (!(value >= 0)) throw new TypeError(`"${name}" must be a non-negative number of milliseconds`);
  return value === 0 ? Number.POSITIVE_INFINITY : value;
}

function size(value: number): number {
  if (!(value > 0)) throw new TypeError('"maxEventBytes" must be a positive number');
  return value;
}
