import { setTimeout as delay } from "node:timers/promises";
import { isBackendError } from "@codex-ts/backend-client";
import { CloudTasksError, isCloudTasksError } from "./cloud-tasks-error.js";
import type { TaskSummary } from "./task-summary.js";

/** How to wait for a task. */
export interface WaitOptions {
  /** Limit for all of the waiting, in milliseconds. 0 and Infinity turn it off. @defaultValue none */
  readonly timeoutMs?: number | undefined;
  /** The first pause between two questions; each pause is half as long again as the one before. @defaultValue 2_000 */
  readonly pollIntervalMs?: number | undefined;
  /** The longest pause. @defaultValue 30_000 */
  readonly maxPollIntervalMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Is told of each answer, the last one too. */
  readonly onPoll?: ((task: TaskSummary) => void) | undefined;
}

/** So many failures in a row are taken for a bad moment of the backend. */
const maxFailures = 5;

/**
 * Asks for a task until it is no longer pending.
 *
 * @param ask - Asks once.
 * @throws {@link CloudTasksError} of kind `timeout` or `aborted`, or what `ask` throws.
 */
export async function waitUntilSettled(
  taskId: string,
  ask: (signal: AbortSignal | undefined) => Promise<TaskSummary>,
  options: WaitOptions,
): Promise<TaskSummary> {
  const { timeoutMs = 0, pollIntervalMs = 2_000, maxPollIntervalMs = 30_000, signal, onPoll } = options;
  for (const [name, value] of Object.entries({ timeoutMs, pollIntervalMs, maxPollIntervalMs })) {
    if (!(value >= 0)) throw new TypeError(`"${name}" must be a non-negative number of milliseconds`);
  }
  const limit = new AbortController();
  // A longer time is none to a timer, which would elapse at once.
  const timer = timeoutMs > 0 && timeoutMs < 2 ** 31 ? setTimeout(() => limit.abort(), timeoutMs) : undefined;
  const either = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    let pauseMs = Math.min(pollIntervalMs, maxPollIntervalMs);
    for (let failures = 0; ; ) {
      either.throwIfAborted();
      let waitMs = pauseMs;
      try {
        const task = await ask(either);
        failures = 0;
        onPoll?.(task);
        if (task.status !== "pending") return task;
      } catch (error) {
        failures += 1;
        if (either.aborted || failures > maxFailures || !isPassing(error)) throw error;
        waitMs = Math.max(waitMs, retryAfterMs(error));
      }
      await delay(waitMs, undefined, { signal: either });
      pauseMs = Math.min(pauseMs * 1.5, maxPollIntervalMs);
    }
  } catch (error) {
    if (signal?.aborted) throw ended("aborted", `waiting for task ${taskId} was aborted`, signal.reason);
    if (limit.signal.aborted) throw ended("timeout", `task ${taskId} was not ready after ${timeoutMs} ms`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function ended(kind: "aborted" | "timeout", message: string, cause?: unknown): CloudTasksError {
  return new CloudTasksError(message, { kind, cause });
}

/** Whether the backend may answer the next time. */
function isPassing(error: unknown): boolean {
  if (!isCloudTasksError(error) || !isBackendError(error.cause)) return false;
  const { kind, status = 0 } = error.cause;
  return kind === "transport" || kind === "timeout" || status === 429 || status >= 500;
}

function retryAfterMs(error: unknown): number {
  return (isCloudTasksError(error) && isBackendError(error.cause) && error.cause.retryAfterMs) || 0;
}
