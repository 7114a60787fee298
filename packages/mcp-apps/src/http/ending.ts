import { listenOnce } from "../limited.js";

/** Ends one exchange. */
export interface Ending {
  readonly signal: AbortSignal;
  readonly end: () => void;
  /** To be called when it is over: the client's signal lasts as long as its session. */
  readonly unlink: () => void;
}

/** Makes what ends with a signal, and may end before. */
export function linkedEnding(signal: AbortSignal): Ending {
  const controller = new AbortController();
  const end = (): void => controller.abort(signal.reason);
  if (signal.aborted) end();
  listenOnce(signal, end);
  return { signal: controller.signal, end, unlink: () => signal.removeEventListener("abort", end) };
}
