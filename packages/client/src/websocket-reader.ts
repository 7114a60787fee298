import type { TransportError } from "./errors.js";
import type { RequestTarget } from "./request-target.js";
import { SseClock } from "./sse-clock.js";
import type { WebSocketReadOptions } from "./websocket.js";
import { readTimeoutError } from "./websocket-errors.js";

type Batch = readonly string[];
type BatchResult = IteratorResult<Batch, undefined>;

/** What a reader reads from. */
export interface MessageSource {
  readonly target: RequestTarget;
  readonly isOpen: boolean;
  readonly failure: TransportError | undefined;
  takeMessages(): Batch;
  /** The reader has waited too long. */
  abandon(error: TransportError): void;
}

/** Limits in milliseconds; one that is off is `Infinity`. */
export interface ReadLimits {
  readonly idleTimeoutMs: number;
  readonly eventTimeoutMs: number;
  readonly firstEventTimeoutMs: number;
}

/** @throws TypeError when a limit is no limit. */
export function toReadLimits({
  idleTimeoutMs = 300_000,
  eventTimeoutMs = 0,
  firstEventTimeoutMs = eventTimeoutMs,
}: WebSocketReadOptions): ReadLimits {
  return {
    idleTimeoutMs: limit("idleTimeoutMs", idleTimeoutMs),
    eventTimeoutMs: limit("eventTimeoutMs", eventTimeoutMs),
    firstEventTimeoutMs: limit("firstEventTimeoutMs", firstEventTimeoutMs),
  };
}

function limit(name: string, value: number): number {
  if (!(value >= 0)) throw new TypeError(`"${name}" must be a non-negative number of milliseconds`);
  return value === 0 ? Number.POSITIVE_INFINITY : value;
}

/**
 * Reads the messages of a connection on demand, until it is left. The connection stays.
 *
 * Not a generator: `return()` of a generator that waits for a message would wait as well.
 */
export class MessageReader implements AsyncIterableIterator<Batch, undefined> {
  readonly #source: MessageSource;
  readonly #clock: SseClock;
  readonly #onLeft: () => void;
  #isLeft = false;
  /** The `next()` that is not answered yet, and how to answer it. */
  #waiting: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  constructor(source: MessageSource, limits: ReadLimits, onLeft: () => void) {
    this.#source = source;
    this.#onLeft = onLeft;
    this.#clock = new SseClock(limits, (which) => source.abandon(readTimeoutError(source.target, which)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<BatchResult> {
    for (;;) {
      if (this.#isLeft) return done;
      const messages = this.#source.takeMessages();
      if (messages.length > 0) return { done: false, value: messages };
      if (!this.#source.isOpen) return this.#finish();
      await this.#wait();
    }
  }

  return(): Promise<BatchResult> {
    this.#leave();
    return Promise.resolve(done);
  }

  throw(error: unknown): Promise<BatchResult> {
    this.#leave();
    return Promise.reject(error);
  }

  onMessage(): void {
    this.#clock.arrived(true);
    this.#answer();
  }

  /** A ping or a pong came. */
  onLife(): void {
    if (this.#wake === undefined) return;
    this.#clock.arrived(false);
    this.#clock.wait();
  }

  onEnd(): void {
    this.#clock.stop();
    this.#answer();
  }

  #wait(): Promise<void> {
    this.#clock.wait();
    this.#waiting ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
    return this.#waiting;
  }

  #answer(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    this.#waiting = undefined;
    wake?.();
  }

  /** Reports why the connection ended, once. */
  #finish(): BatchResult {
    this.#leave();
    const { failure } = this.#source;
    if (failure === undefined) return done;
    throw failure;
  }

  #leave(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    this.#clock.stop();
    this.#answer();
    this.#onLeft();
  }
}

const done: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });
