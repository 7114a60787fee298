import { isMcpAppsError, McpAppsError } from "../errors.js";

/** For how long something may take, and who may end it earlier. */
export interface Limits {
  /** Milliseconds; 0 and Infinity are no limit. */
  readonly timeoutMs: number;
  /** What is reported when the limit elapses. */
  readonly timeoutMessage: string;
  /** The caller's. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does something within a time limit. When it elapses or the caller's signal fires, the result comes at once, whatever
 * the work does with its own signal.
 *
 * @throws {@link McpAppsError} of kind `timeout` or `aborted`, or what the work fails with.
 */
export async function limited<Value>(
  { timeoutMs, timeoutMessage, signal }: Limits,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  throwIfAborted(signal);
  const ending = new AbortController();
  const onAbort = (): void => ending.abort(abortedError(signal));
  signal?.addEventListener("abort", onAbort, { once: true });
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
    signal?.removeEventListener("abort", onAbort);
  }
}

/** @throws {@link McpAppsError} of kind `aborted`. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError(signal);
}

function abortedError(signal: AbortSignal | undefined): McpAppsError {
  // Our own signals say better why.
  if (isMcpAppsError(signal?.reason)) return signal.reason;
  return new McpAppsError("the call was aborted", { kind: "aborted", cause: signal?.reason });
}

// Node turns a longer one into none at all.
const longestTimerMs = 2 ** 31 - 1;

function isLimit(milliseconds: number): boolean {
  return milliseconds > 0 && milliseconds <= longestTimerMs;
}
