import type { SseEvent } from "./sse.js";
import type { SseBatches } from "./sse-batches.js";

type EventResult = IteratorResult<SseEvent, undefined>;

/** Delivers the events of batches one by one. */
export class SseEvents implements AsyncIterableIterator<SseEvent, undefined> {
  readonly #batches: SseBatches;
  #batch: readonly SseEvent[] = [];
  #position = 0;
  /** The `next()` that waits for a batch. */
  #waiting: Promise<EventResult> | undefined;

  constructor(batches: SseBatches) {
    this.#batches = batches;
  }

  next(): Promise<EventResult> {
    if (this.#waiting !== undefined) return this.#nextAfter(this.#waiting);
    const event = this.#batches.aborted ? undefined : this.#batch[this.#position++];
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    this.#waiting = this.#nextBatch();
    return this.#waiting;
  }

  /** Closes the source, without waiting for that, and answers a waiting `next()`. */
  async return(): Promise<EventResult> {
    this.#batch = [];
    await this.#batches.return();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<EventResult> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #nextBatch(): Promise<EventResult> {
    try {
      const result = await this.#batches.next();
      if (result.done) return result;
      this.#batch = result.value;
      this.#position = 1;
      return { done: false, value: result.value[0] as SseEvent };
    } finally {
      this.#waiting = undefined;
    }
  }

  #nextAfter(waiting: Promise<EventResult>): Promise<EventResult> {
    const next = (): Promise<EventResult> => this.next();
    return waiting.then(next, next);
  }
}
