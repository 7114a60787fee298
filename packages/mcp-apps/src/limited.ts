import { setMaxListeners } from "node:events";
import { isMcpAppsError, McpAppsError } from "./errors.js";

/** For how long something may take, and who may end it earlier. */
export interface Limits {
  /** Milliseconds; 0 and Infinity are no limit. */
  readonly timeoutMs: number;
  /** What is reported when the limit elapses. */
  readonly timeoutMessage: string;
  /** The caller's, and any other that ends it. */
  readonly signals?: readonly (AbortSignal | undefined)[] | undefined;
}

/**
 * Does something within a time limit. When it elapses or the caller's signal fires, the result comes at once, whatever
 * the work does with its own signal.
 *
 * @throws {@link McpAppsError} of kind `timeout` or `aborted`, or what the work fails with.
 */
export async function limited<Value>(
  { timeoutMs, timeoutMessage, signals = [] }: Limits,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const fired = signals.find((signal) => signal?.aborted);
  if (fired !== undefined) throw abortedError(fired);
  const ending = new AbortController();
  const onAbort = ({ target }: Event): void => ending.abort(abortedError(target as AbortSignal));
  // Not by `AbortSignal.any`, whose results live as long as the longest of its signals.
  for (const signal of signals) listenOnce(signal, onAbort);
  const timer = isLimit(timeoutMs)
    ? setTimeout(() => ending.abort(new McpAppsError(timeoutMessage, { kind: "timeout" })), timeoutMs)
    : undefined;
  const ended = new Promise<never>((_, reject) => {
    ending.signal.addEventListener("abort", () => reject(ending.signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(ending.signal), ended]);
  } catch (error) {
    // What the work says then is only that it was ended.
    if (ending.signal.aborted) throw ending.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal?.removeEventListener("abort", onAbort);
  }
}

/**
 * Listens for the end of something that many things may wait for at once. Whoever does must stop listening when it is
 * over, so Node need not suspect a leak.
 */
export function listenOnce(signal: AbortSignal | undefined, listener: (event: Event) => void): void {
  if (signal === undefined) return;
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
}

function abortedError({ reason }: AbortSignal): McpAppsError {
  // Our own signals say better why.
  return isMcpAppsError(reason)
    ? reason
    : new McpAppsError("the call was aborted", { kind: "aborted", cause: reason });
}

// Node turns a longer one into none at all.
const longestTimerMs = 2 ** 31 - 1;

function isLimit(milliseconds: number): boolean {
  return milliseconds > 0 && milliseconds <= longestTimerMs;
}
