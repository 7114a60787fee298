import { abortable } from "./abortable.js";
import { type CallOptions, checkTimeoutMs } from "./call-options.js";
import { BackendError } from "./errors.js";

/** What a call is, for the message when it takes too long. */
export interface TimedCall {
  readonly name: string;
  readonly method?: string;
  readonly url?: string;
}

/**
 * Runs a call under the caller's signal and time limit, and leaves no timer behind.
 *
 * @param run - Is told by a signal that it is over; it is not waited for.
 * @throws {@link BackendError} of kind `aborted` or `timeout`, or what `run` throws; TypeError for a limit that is none.
 */
export async function withTimeLimit<Value>(
  call: TimedCall,
  { signal, timeoutMs = 0 }: CallOptions,
  run: (signal: AbortSignal | undefined) => Promise<Value>,
): Promise<Value> {
  checkTimeoutMs(timeoutMs);
  const limit = new AbortController();
  const timer = isLimit(timeoutMs) ? setTimeout(() => limit.abort(), timeoutMs) : undefined;
  const signals = [signal, timer && limit.signal].filter((given) => given !== undefined);
  const either = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
  try {
    either?.throwIfAborted();
    return await abortable(run(either), either);
  } catch (error) {
    if (signal?.aborted === true) throw endedError(call, "aborted", "was aborted", signal.reason);
    if (limit.signal.aborted) throw endedError(call, "timeout", `took longer than ${timeoutMs} ms`, error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function endedError(
  { name, method, url }: TimedCall,
  kind: "aborted" | "timeout",
  what: string,
  cause: unknown,
): BackendError {
  return new BackendError(`${name} ${what}`, { kind, method, url, cause });
}

/** A longer time is none to `setTimeout`, which would fire at once. */
function isLimit(timeoutMs: number): boolean {
  return timeoutMs > 0 && timeoutMs < 2 ** 31;
}
