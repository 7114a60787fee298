import { LoginError } from "./login-error.js";

/**
 * Waits for work that others share. The signal ends the waiting only, never the work.
 *
 * @throws What the work throws, or a {@link LoginError} of kind `aborted`.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  // Its failure may come when nobody waits any more.
  work.catch(() => {});
  if (signal.aborted) throw gaveUp(signal);
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(gaveUp(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => signal.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop();
  }
}

function gaveUp({ reason }: AbortSignal): LoginError {
  return new LoginError("waiting for the login was given up", { kind: "aborted", cause: reason });
}
