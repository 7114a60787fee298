import { abortedError } from "./remote-control-error.js";

/** Wakes whoever waits for something to change. What it was has to be looked at by those who are woken. */
export class Pulse {
  readonly #waiting = new Set<() => void>();

  notify(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves with the next change, or when one of the signals fires. Never rejects. */
  wait(...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
    if (signals.some((signal) => signal?.aborted)) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        for (const signal of signals) signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      for (const signal of signals) signal?.addEventListener("abort", wake);
    });
  }
}

/** Waits, or until the signal fires. Never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.min(milliseconds, longestTimerMs));
    signal.addEventListener("abort", wake);
  });
}

// A longer delay makes Node fire at once.
const longestTimerMs = 2 ** 31 - 1;

/**
 * Waits for a promise no longer than the signal allows. What it stands for goes on.
 *
 * @throws {@link RemoteControlError} of kind `aborted`.
 */
export async function abortable<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  if (signal.aborted) {
    promise.catch(() => {});
    throw abortedError(signal);
  }
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortedError(signal));
    signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
