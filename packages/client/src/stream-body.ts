import type { BodySink, FlowControl } from "./body-sink.js";
import { TransportError } from "./errors.js";
import type { ExchangeGuard, Waiter } from "./exchange-guard.js";

/** From this many unread bytes on, the socket is not read any more. It is the size of one read. */
const highWaterMark = 64 * 1024;

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: Error) => void;
}

const finished: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/**
 * The body of a streaming answer. It hands out all bytes of one socket read at once, and reads the socket only as
 * far as the reader has come.
 */
export class StreamBody implements AsyncIterableIterator<Uint8Array>, BodySink, Waiter {
  readonly #flow: FlowControl;
  readonly #guard: ExchangeGuard;
  #chunks: Uint8Array[] = [];
  #byteLength = 0;
  #isPaused = false;
  #isOpen = true;
  /** The reader has gone: what still arrives is dropped. */
  #isLeft = false;
  #error: Error | undefined;
  #reader: Reader | undefined;
  #isDelivering = false;

  constructor(flow: FlowControl, guard: ExchangeGuard) {
    this.#flow = flow;
    this.#guard = guard;
    guard.watch(undefined, this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#reader !== undefined) return Promise.reject(new TypeError("the body is being read already"));
    if (this.#byteLength > 0) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#error !== undefined) return Promise.reject(this.#takeError(this.#error));
    if (!this.#isOpen || this.#isLeft) return Promise.resolve(finished);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#resume();
    });
  }

  /**
   * Leaves the body. Its end may be on the way already, as after the last event of a stream, and then the connection
   * can be used again; so it has one turn of the event loop to arrive before the connection is cut.
   */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#error = undefined;
    this.#leave();
    if (this.#isOpen) {
      this.#resume();
      await nextTurn();
      this.cancel();
    }
    return finished;
  }

  async throw(error: unknown): Promise<IteratorReturnResult<undefined>> {
    await this.return();
    throw error;
  }

  /** Cuts the connection at once. */
  cancel(): void {
    this.#leave();
    if (this.#isOpen) this.#abort(leftEarly(), undefined);
  }

  push(chunk: Uint8Array): void {
    if (this.#isLeft || chunk.byteLength === 0) return;
    this.#chunks.push(chunk);
    this.#byteLength += chunk.byteLength;
    if (this.#byteLength >= highWaterMark) {
      this.#isPaused = true;
      this.#flow.pause();
    }
    if (this.#reader === undefined || this.#isDelivering) return;
    // The parser calls once for each chunk of the HTTP framing. A microtask runs when it is through with its read.
    this.#isDelivering = true;
    queueMicrotask(() => this.#deliver());
  }

  end(): void {
    this.#close();
    if (!this.#isDelivering) this.#deliver();
  }

  fail(error: Error): void {
    if (!this.#isOpen) return;
    if (!this.#isLeft) this.#error = error;
    this.#close();
    if (!this.#isDelivering) this.#deliver();
  }

  giveUp(error: TransportError): void {
    this.#abort(error, error);
  }

  #abort(reason: Error, error: Error | undefined): void {
    if (!this.#isOpen) return;
    this.#drop();
    if (!this.#isLeft) this.#error = error;
    this.#close();
    this.#flow.abort(reason);
    this.#deliver();
  }

  #leave(): void {
    this.#isLeft = true;
    this.#drop();
    this.#deliver();
  }

  #deliver(): void {
    this.#isDelivering = false;
    const reader = this.#reader;
    if (reader === undefined) return;
    this.#reader = undefined;
    if (this.#byteLength > 0) reader.resolve({ done: false, value: this.#take() });
    else if (this.#error !== undefined) reader.reject(this.#takeError(this.#error));
    else reader.resolve(finished);
  }

  #take(): Uint8Array {
    const [first] = this.#chunks;
    const bytes =
      first !== undefined && this.#chunks.length === 1
        ? first
        : Buffer.concat(this.#chunks, this.#byteLength);
    this.#drop();
    return bytes;
  }

  #takeError(error: Error): Error {
    this.#error = undefined;
    return error;
  }

  #drop(): void {
    this.#chunks = [];
    this.#byteLength = 0;
  }

  #resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#flow.resume();
  }

  #close(): void {
    this.#isOpen = false;
    this.#guard.dispose();
  }
}

/** It takes two, because the first of them comes before the sockets are read again. */
async function nextTurn(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

function leftEarly(): Error {
  return new TransportError("the body was left before its end", { kind: "aborted" });
}
