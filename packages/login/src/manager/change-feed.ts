/**
 * Tells readers of the newest value. A reader that is slow misses values in between, and never the last one.
 */
export class ChangeFeed<T> {
  readonly #readers = new Set<() => void>();
  #count = 0;
  #newest: T | undefined;

  publish(value: T): void {
    this.#count += 1;
    this.#newest = value;
    for (const wake of this.#readers) wake();
  }

  /**
   * Yields values that are published from now on. Ends when the signal fires; leaving the loop frees the reader as
   * well.
   */
  subscribe(signal: AbortSignal | undefined): AsyncIterableIterator<T> {
    return this.#read(this.#count, signal);
  }

  async *#read(seen: number, signal: AbortSignal | undefined): AsyncGenerator<T, void, undefined> {
    let last = seen;
    while (!signal?.aborted) {
      if (this.#count === last) await this.#nextChange(signal);
      if (this.#count === last) continue;
      last = this.#count;
      yield this.#newest as T;
    }
  }

  async #nextChange(signal: AbortSignal | undefined): Promise<void> {
    let wake = (): void => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#readers.add(wake);
    signal?.addEventListener("abort", wake, { once: true });
    try {
      await woken;
    } finally {
      this.#readers.delete(wake);
      signal?.removeEventListener("abort", wake);
    }
  }
}
