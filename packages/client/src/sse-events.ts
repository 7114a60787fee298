import type { SseEvent } from "./sse.js";
import type { SseBatch, SseBatches } from "./sse-batches.js";

type EventResult = IteratorResult<SseEvent, undefined>;

/** Delivers the events of batches one by one. */
export function createSseEvents(batches: SseBatches): AsyncIterableIterator<SseEvent, undefined> {
  let batch: SseBatch = [];
  let position = 0;
  /** The `next()` that waits for a batch. */
  let waiting: Promise<EventResult> | undefined;

  return {
    next,
    return: close,
    async throw(error) {
      await close();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };

  function next(): Promise<EventResult> {
    // Calls that overlap are answered one after the other, as generators do.
    if (waiting !== undefined) return waiting.then(next, next);
    const event = batches.isAborted() ? undefined : batch[position++];
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    waiting = batches.next().then(takeBatch, rethrow);
    return waiting;
  }

  async function close(): Promise<EventResult> {
    batch = [];
    await batches.return();
    return { done: true, value: undefined };
  }

  function takeBatch(result: IteratorResult<SseBatch, undefined>): EventResult {
    waiting = undefined;
    if (result.done) return result;
    batch = result.value;
    position = 1;
    return { done: false, value: batch[0] as SseEvent };
  }

  function rethrow(error: unknown): never {
    waiting = undefined;
    throw error;
  }
}
