/** Yields the chunks, each in a turn of its own. */
export async function* chunked(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

/** Cuts bytes at the given positions. */
export function cutAt(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const cuts = [0, ...[...positions].sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

/** A source by hand: bytes come when told, and it is known what became of it. */
export class ManualSource implements AsyncIterable<Uint8Array> {
  /** How often `return()` was called. */
  closed = 0;
  /** How often a chunk was asked for. */
  asked = 0;
  readonly #queue: Uint8Array[] = [];
  #waiting: ((result: IteratorResult<Uint8Array>) => void) | undefined;
  #whenAsked: (() => void) | undefined;

  push(text: string): void {
    this.pushBytes(...Buffer.from(text));
  }

  pushBytes(...bytes: readonly number[]): void {
    const chunk = Uint8Array.from(bytes);
    if (this.#waiting === undefined) {
      this.#queue.push(chunk);
      return;
    }
    this.#waiting({ done: false, value: chunk });
    this.#waiting = undefined;
  }

  /** Resolves when the reader waits for a chunk that is not there. */
  async reading(): Promise<void> {
    if (this.#waiting !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#whenAsked = resolve;
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => {
        this.asked += 1;
        const chunk = this.#queue.shift();
        if (chunk !== undefined) return Promise.resolve({ done: false, value: chunk });
        this.#whenAsked?.();
        return new Promise((resolve) => {
          this.#waiting = resolve;
        });
      },
      // A chunk that is being waited for never comes, as from a socket that hangs.
      return: () => {
        this.closed += 1;
        return new Promise(() => {});
      },
    };
  }
}
