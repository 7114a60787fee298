import { setTimeout as wait } from "node:timers/promises";

/**
 * Waits. It must reject when the signal fires, and leave nothing behind.
 *
 * @param ms - Milliseconds.
 */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits by the clock of this machine. */
export const pause: Pause = async (ms, signal) => {
  await wait(ms, undefined, { signal });
};
