/** The chunks of a byte source, with a way to end it while a chunk is being waited for. */
export class SseSource {
  readonly #bytes: AsyncIterable<Uint8Array>;
  #iterator: AsyncIterator<Uint8Array> | undefined;
  #isOpen = true;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#bytes = bytes;
  }

  /** Never throws; a source that cannot be read rejects. */
  next(): Promise<IteratorResult<Uint8Array>> {
    try {
      this.#iterator ??= this.#bytes[Symbol.asyncIterator]();
      return this.#iterator.next();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The source has ended by itself, so there is nothing to close. */
  ended(): void {
    this.#isOpen = false;
  }

  /**
   * Ends the source without waiting for it, because a generator that waits for a chunk answers `return()` only
   * after that chunk. Node's streams iterate by such a generator, so they are destroyed as well.
   */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#returnIterator().then(undefined, ignore);
    if (isDestroyable(this.#bytes)) this.#bytes.on("error", ignore).destroy();
  }

  async #returnIterator(): Promise<void> {
    await (this.#iterator ?? this.#bytes[Symbol.asyncIterator]()).return?.();
  }
}

interface Destroyable {
  on(event: "error", listener: () => void): Destroyable;
  destroy(): unknown;
}

function isDestroyable(bytes: object): bytes is Destroyable {
  return "destroy" in bytes && typeof bytes.destroy === "function" && "on" in bytes;
}

function ignore(): void {}
