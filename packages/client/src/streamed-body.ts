import { isUint8Array } from "node:util/types";
import { TransportError } from "./errors.js";
import type { StreamedRequestBody } from "./request.js";
import { describeTarget, type RequestTarget } from "./request-target.js";

const finished: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/** A request body that is read while it is sent, at most once for each time that the request is sent. */
export class StreamedBody {
  /** What the source promised to yield, in bytes. */
  readonly length: number;
  readonly #open: () => AsyncIterable<Uint8Array>;
  readonly #isReplayable: boolean;
  #isStarted = false;

  constructor({ stream, length, isReplayable = true }: StreamedRequestBody) {
    this.length = length;
    this.#open = stream;
    this.#isReplayable = isReplayable;
  }

  /** The request cannot be sent again: the source was read, and gives its bytes only once. */
  get isSpent(): boolean {
    return this.#isStarted && !this.#isReplayable;
  }

  /** Prepares to read the source from its start. It is opened when the first bytes are asked for. */
  read(target: RequestTarget): BodyReading {
    return new BodyReading(target, this.length, () => {
      this.#isStarted = true;
      return this.#open()[Symbol.asyncIterator]();
    });
  }
}

/**
 * One reading of a streamed body. It asks its source for the next bytes only when the socket has taken the last
 * ones, and holds none itself.
 *
 * It is no generator, because the `return` of a generator waits for a pending `next`, and from a source that
 * stalls that never comes.
 */
export class BodyReading implements AsyncIterableIterator<Uint8Array> {
  readonly #target: RequestTarget;
  readonly #length: number;
  readonly #open: () => AsyncIterator<Uint8Array>;
  #source: AsyncIterator<Uint8Array> | undefined;
  #byteLength = 0;
  #isOver = false;
  #release: (() => void) | undefined;

  constructor(target: RequestTarget, length: number, open: () => AsyncIterator<Uint8Array>) {
    this.#target = target;
    this.#length = length;
    this.#open = open;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#isOver) return Promise.resolve(finished);
    return new Promise((resolve, reject) => {
      this.#release = () => resolve(finished);
      this.#pull().then((bytes) => resolve({ done: false, value: bytes }), reject);
    });
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.end();
    return finished;
  }

  /** Lets go of the source, whatever it is doing. A `next` that waits for it sees the end. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#release?.();
    // What a source says when it is left early concerns nobody any more.
    void Promise.resolve(this.#leaveSource()).catch(() => {});
  }

  async #leaveSource(): Promise<void> {
    await this.#source?.return?.();
  }

  async #pull(): Promise<Uint8Array> {
    const bytes = await this.#read();
    if (bytes === undefined)
      throw this.#incomplete(`it ended after ${this.#byteLength} of ${this.#length} bytes`);
    this.#byteLength += bytes.byteLength;
    if (this.#byteLength < this.#length) return bytes;
    // The last bytes make the request whole, so they are not sent before the source has confirmed that it ends here.
    if (this.#byteLength > this.#length || (await this.#hasMore()))
      throw this.#incomplete(`it has more than ${this.#length} bytes`);
    this.#isOver = true;
    return bytes;
  }

  async #hasMore(): Promise<boolean> {
    for (let rest = await this.#read(); rest !== undefined; rest = await this.#read())
      if (rest.byteLength > 0) return true;
    return false;
  }

  async #read(): Promise<Uint8Array | undefined> {
    let result: IteratorResult<unknown, unknown>;
    try {
      this.#source ??= this.#open();
      result = await this.#source.next();
    } catch (cause) {
      throw this.#incomplete("it could not be read", { cause });
    }
    if (result.done === true) return undefined;
    if (isUint8Array(result.value)) return result.value;
    throw this.#incomplete("it yielded something that is not a Uint8Array");
  }

  /** The error of a source that does not keep its promise. It would not keep it the next time. */
  #incomplete(reason: string, options: ErrorOptions = {}): TransportError {
    this.#release = undefined;
    this.end();
    return new TransportError(`the body of ${describeTarget(this.#target)} was not sent whole: ${reason}`, {
      kind: "build",
      code: "invalid_body",
      ...options,
    });
  }
}
