import type { BodySink } from "./body-sink.js";
import type { TransportError } from "./errors.js";

/** Reads a body to its end, or to its limit. */
export class CollectedBody implements BodySink {
  readonly #maxBytes: number;
  readonly #onEnd: (bytes: Uint8Array, isCut: boolean) => void;
  readonly #onFailure: (error: TransportError) => void;
  #chunks: Uint8Array[] = [];
  #byteLength = 0;

  /** @param onEnd - `isCut` says that there is more than `maxBytes`; what comes later is dropped. */
  constructor(
    maxBytes: number,
    onEnd: (bytes: Uint8Array, isCut: boolean) => void,
    onFailure: (error: TransportError) => void,
  ) {
    this.#maxBytes = maxBytes;
    this.#onEnd = onEnd;
    this.#onFailure = onFailure;
  }

  push(chunk: Uint8Array): void {
    if (this.#byteLength > this.#maxBytes) return;
    this.#chunks.push(chunk);
    this.#byteLength += chunk.byteLength;
    if (this.#byteLength > this.#maxBytes) this.#onEnd(this.#bytes().subarray(0, this.#maxBytes), true);
  }

  end(): void {
    if (this.#byteLength <= this.#maxBytes) this.#onEnd(this.#bytes(), false);
  }

  fail(error: TransportError): void {
    this.#onFailure(error);
  }

  #bytes(): Uint8Array {
    const [first] = this.#chunks;
    return first !== undefined && this.#chunks.length === 1
      ? first
      : Buffer.concat(this.#chunks, this.#byteLength);
  }
}
