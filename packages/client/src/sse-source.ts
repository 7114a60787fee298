/** The chunks of a byte source, with a way to end it while a chunk is being waited for. */
export interface SseSource {
  /** Never throws; a source that cannot be read rejects. */
  next(): Promise<IteratorResult<Uint8Array>>;
  /** The source has ended by itself, so there is nothing to close. */
  ended(): void;
  /**
   * Ends the source without waiting for it, because a generator that waits for a chunk answers `return()` only
   * after that chunk. Node's streams iterate by such a generator, so they are destroyed as well.
   */
  close(): void;
}

export function createSseSource(bytes: AsyncIterable<Uint8Array>): SseSource {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  let isOpen = true;

  return {
    next() {
      try {
        iterator ??= bytes[Symbol.asyncIterator]();
        return iterator.next();
      } catch (error) {
        return Promise.reject(error);
      }
    },
    ended() {
      isOpen = false;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      returnIterator().then(undefined, ignore);
      if (isDestroyable(bytes)) bytes.on("error", ignore).destroy();
    },
  };

  async function returnIterator(): Promise<void> {
    await (iterator ?? bytes[Symbol.asyncIterator]()).return?.();
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
