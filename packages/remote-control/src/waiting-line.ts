import { Pulse } from "./pulse.js";

/** How much may wait. */
export interface LineLimits {
  readonly count: number;
  readonly bytes: number;
}

/**
 * What has arrived and waits for its one reader, who sees all of it before the end. Whoever adds to it looks first
 * whether there is room.
 */
export class WaitingLine<Item> {
  readonly #limits: LineLimits;
  readonly #pulse = new Pulse();
  #items: { readonly item: Item; readonly bytes: number }[] = [];
  #bytes = 0;
  #isEnded = false;
  #isRead = false;

  constructor(limits: LineLimits) {
    this.#limits = limits;
  }

  /** Called when there may be room again, or the line has ended. */
  get pulse(): Pulse {
    return this.#pulse;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /**
   * Whether there is room for an item of this size. One that nobody waits before always has it.
   *
   * @param extraBytes - Room beyond the limits, however many items that are.
   */
  hasRoom(bytes: number, extraBytes = 0): boolean {
    const { count, bytes: most } = this.#limits;
    if (this.#items.length === 0) return true;
    if (this.#items.length < count && this.#bytes + bytes <= most) return true;
    return extraBytes > 0 && this.#bytes + bytes <= most + extraBytes;
  }

  /** An ended line takes nothing in. */
  push(item: Item, bytes: number): void {
    if (this.#isEnded) return;
    this.#items.push({ item, bytes });
    this.#bytes += bytes;
    this.#pulse.notify();
  }

  /** @param isCut - Leaves out what still waits. */
  end(isCut = false): void {
    this.#isEnded = true;
    if (isCut) this.#clear();
    this.#pulse.notify();
  }

  /**
   * Reads the line. Leaving the loop leaves the line as it is, for another reader to go on.
   *
   * @param toError - What a reader whose signal has fired is told. Left out, the reading just ends.
   * @throws TypeError while there is another reader.
   */
  read(
    signal?: AbortSignal,
    toError?: (signal: AbortSignal) => Error,
  ): AsyncIterableIterator<Item, undefined> {
    if (this.#isRead) throw new TypeError("it is being read already");
    this.#isRead = true;
    let isLeft = false;
    const left = new AbortController();
    const leave = (): void => {
      if (isLeft) return;
      isLeft = true;
      this.#isRead = false;
      left.abort();
    };
    const next = async (): Promise<IteratorResult<Item, undefined>> => {
      for (;;) {
        if (isLeft) return { done: true, value: undefined };
        if (signal?.aborted) {
          leave();
          if (toError === undefined) return { done: true, value: undefined };
          throw toError(signal);
        }
        const entry = this.#shift();
        if (entry !== undefined) return { done: false, value: entry.item };
        if (this.#isEnded) {
          leave();
          return { done: true, value: undefined };
        }
        await this.#pulse.wait(signal, left.signal);
      }
    };
    // Not a generator: `return()` of a generator that waits would wait as well.
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next,
      async return() {
        leave();
        return { done: true, value: undefined };
      },
    };
  }

  #shift(): { readonly item: Item } | undefined {
    const entry = this.#items.shift();
    if (entry === undefined) return undefined;
    this.#bytes -= entry.bytes;
    this.#pulse.notify();
    return entry;
  }

  #clear(): void {
    this.#items = [];
    this.#bytes = 0;
  }
}
