import { once } from "node:events";

/** Resolves when the signal aborts, at once if it has already. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
