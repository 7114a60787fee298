/**
 * Runs work under a time limit, and leaves neither timer nor listener behind.
 *
 * @param outer - Ends the work as well.
 * @param work - Is told by a signal that it is over; it is not waited for.
 * @param onTimeout - Makes the error for work that took too long.
 * @throws What `onTimeout` makes, the reason of `outer`, or what the work throws.
 */
export async function withDeadline<Value>(
  timeoutMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
  onTimeout: () => Error,
): Promise<Value> {
  outer.throwIfAborted();
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    const end = (reason: unknown): void => {
      reject(reason);
      controller.abort(reason);
    };
    if (timeoutMs < 2 ** 31) timer = setTimeout(() => end(onTimeout()), timeoutMs);
    outer.addEventListener("abort", () => end(outer.reason), { once: true, signal: controller.signal });
  });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    // Takes the listener off, and ends what the work may have left running.
    controller.abort();
  }
}

/** Waits for work that others share. The signal ends the waiting only. @throws What `gaveUp` makes of its reason. */
export async function waitFor<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
  gaveUp: (reason: unknown) => unknown,
): Promise<Value> {
  if (signal === undefined) return await work;
  // Its failure may come when nobody waits any more.
  work.catch(() => {});
  if (signal.aborted) throw gaveUp(signal.reason);
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(gaveUp(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Pauses. @throws The reason of the signal. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await waitFor(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      }),
      signal,
      (reason) => reason,
    );
  } finally {
    clearTimeout(timer);
  }
}
