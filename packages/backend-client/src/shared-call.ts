import { abortable } from "./abortable.js";

/**
 * A call that several wait for at once. It is aborted when the last of them has gone: one that gives up must not take
 * the answer from the others.
 */
export class SharedCall<Value> {
  readonly #ended = new AbortController();
  readonly #answer: Promise<Value>;
  #waiting = 0;

  constructor(run: (signal: AbortSignal) => Promise<Value>) {
    this.#answer = run(this.#ended.signal);
    // Whoever waits hears of a failure; when nobody does any more, nobody has to.
    this.#answer.catch(() => {});
  }

  /** Whether it was given up, so that nobody may join it any more. */
  get isAborted(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Waits for the answer. Rejects with the signal's reason when that fires first. */
  async wait(signal: AbortSignal | undefined): Promise<Value> {
    this.#waiting += 1;
    try {
      return await abortable(this.#answer, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#ended.abort();
    }
  }
}
