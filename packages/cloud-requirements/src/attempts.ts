import { backoff } from "@codex-ts/client";
import { pause, waitFor } from "./deadline.js";

/** How attempts are set apart. */
export interface AttemptPacing {
  readonly random: (() => number) | undefined;
  readonly sleep: ((milliseconds: number) => Promise<void>) | undefined;
}

/** How often anything is tried in one load. */
export const maxAttempts = 5;

const baseDelayMs = 200;

/**
 * Pauses after an attempt that failed.
 *
 * @param attempt - The number of that attempt, from 1.
 * @param atLeastMs - What the backend asks for.
 * @throws The reason of the signal.
 */
export async function pauseAfter(
  attempt: number,
  { random, sleep }: AttemptPacing,
  signal: AbortSignal,
  atLeastMs = 0,
): Promise<void> {
  const delayMs = Math.max(backoff({ baseDelayMs }, attempt, random), atLeastMs);
  if (sleep === undefined) await pause(delayMs, signal);
  else await waitFor(sleep(delayMs), signal, (reason) => reason);
}
