import type { SseEvent } from "./sse.js";
import { SseClock } from "./sse-clock.js";
import { abortError, encodingError, oversizeError, sourceError, timeoutError } from "./sse-errors.js";
import { createSseParser, type SseParser } from "./sse-parser.js";
import type { SseSettings } from "./sse-settings.js";
import { SseSource } from "./sse-source.js";
import { SseText } from "./sse-text.js";

export type SseBatch = readonly SseEvent[];
type BatchResult = IteratorResult<SseBatch, undefined>;

/**
 * Reads a byte source on demand, and delivers the events of each chunk as one array, never an empty one.
 *
 * An iterator by hand, not a generator: `return()` of a generator that waits for a chunk would wait as well.
 */
export class SseBatches implements AsyncIterableIterator<SseBatch, undefined> {
  readonly #settings: SseSettings;
  readonly #source: SseSource;
  readonly #text = new SseText();
  readonly #clock: SseClock;
  readonly #fail = (error: unknown): void => {
    this.#end(error);
    this.#settle([]);
  };
  readonly #onSourceResult = (result: IteratorResult<Uint8Array>): void => {
    if (this.#parser === undefined) return;
    try {
      if (result.done) this.#onEndOfSource(this.#parser);
      else this.#read(result.value, this.#parser);
    } catch (error) {
      this.#fail(error);
    }
  };
  readonly #onSourceError = (error: unknown): void => {
    if (this.#parser === undefined) return;
    const tail = this.#takeTail(this.#parser);
    this.#source.ended();
    this.#end(sourceError(error));
    this.#settle(tail);
  };
  #parser: SseParser | undefined;
  #isEnded = false;
  #isAborted = false;
  #onAbort: (() => void) | undefined;
  /** Why the stream ended, until a `next()` has reported it. */
  #failure: { readonly error: unknown } | undefined;
  /** The `next()` that is not answered yet. */
  #waiting: Promise<BatchResult> | undefined;
  #settlers: Settlers | undefined;

  constructor(bytes: AsyncIterable<Uint8Array>, settings: SseSettings) {
    this.#settings = settings;
    this.#source = new SseSource(bytes);
    this.#clock = new SseClock(settings, (limit) => this.#fail(timeoutError(limit)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<BatchResult> {
    // Calls that overlap are answered one after the other, as generators do.
    if (this.#waiting !== undefined)
      return this.#waiting.then(
        () => this.next(),
        () => this.next(),
      );
    if (this.#failure !== undefined) return Promise.reject(this.#takeFailure(this.#failure));
    if (this.#isEnded) return Promise.resolve(done);
    const answer = new Promise<BatchResult>((resolve, reject) => {
      this.#settlers = { resolve, reject };
    });
    this.#waiting = answer;
    if (this.#parser === undefined) this.#start();
    else this.#pull();
    return answer;
  }

  async return(): Promise<BatchResult> {
    this.#end();
    this.#failure = undefined;
    this.#settle([]);
    return done;
  }

  async throw(error: unknown): Promise<BatchResult> {
    await this.return();
    throw error;
  }

  /** True once the signal has fired. What is not delivered yet is to be dropped then. */
  isAborted(): boolean {
    return this.#isAborted;
  }

  #start(): void {
    const { maxEventBytes, signal } = this.#settings;
    if (signal !== undefined) this.#watch(signal);
    if (this.#isEnded) return;
    import("eventsource-parser").then(({ createParser }) => {
      if (this.#isEnded) return;
      this.#parser = createSseParser(createParser, maxEventBytes);
      this.#pull();
    }, this.#fail);
  }

  #watch(signal: AbortSignal): void {
    const onAbort = () => {
      this.#isAborted = true;
      this.#fail(abortError(signal.reason));
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    this.#onAbort = onAbort;
    signal.addEventListener("abort", onAbort);
  }

  #pull(): void {
    this.#clock.wait();
    this.#source.next().then(this.#onSourceResult, this.#onSourceError);
  }

  #read(chunk: Uint8Array, parser: SseParser): void {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("the byte source must yield Uint8Array chunks");
    const wasCorrupt = this.#text.isCorrupt();
    parser.feed(this.#text.decode(chunk));
    const events = parser.take();
    // Bytes behind an invalid one are dropped. They prove no life, or a broken stream could go on for ever.
    if (!wasCorrupt) this.#clock.arrived(events.length > 0);
    if (parser.isOversize()) this.#end(oversizeError(this.#settings.maxEventBytes));
    if (events.length > 0 || this.#isEnded) this.#settle(events);
    else this.#pull();
  }

  #onEndOfSource(parser: SseParser): void {
    const isBroken = this.#text.isCorrupt() || this.#text.isInsideCharacter();
    const tail = this.#takeTail(parser);
    this.#source.ended();
    this.#end(isBroken ? encodingError() : undefined);
    this.#settle(tail);
  }

  #takeTail(parser: SseParser): SseBatch {
    if (!this.#settings.flushTail || this.#text.isCorrupt() || this.#text.isInsideCharacter()) return [];
    parser.end();
    return parser.take().filter((event) => isCompleteJson(event.data));
  }

  /** Ends the stream and frees all it holds. The failure is reported after the events in front of it. */
  #end(error?: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (error !== undefined) this.#failure = { error };
    this.#parser = undefined;
    this.#clock.stop();
    if (this.#onAbort !== undefined) this.#settings.signal?.removeEventListener("abort", this.#onAbort);
    this.#source.close();
  }

  /** Answers the `next()` that waits, if one does. */
  #settle(events: SseBatch): void {
    if (this.#settlers === undefined) return;
    const { resolve, reject } = this.#settlers;
    this.#settlers = undefined;
    this.#waiting = undefined;
    if (events.length > 0) resolve({ done: false, value: events });
    else if (this.#failure !== undefined) reject(this.#takeFailure(this.#failure));
    else resolve(done);
  }

  #takeFailure({ error }: { readonly error: unknown }): unknown {
    this.#failure = undefined;
    return error;
  }
}

interface Settlers {
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (error: unknown) => void;
}

const done: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

/** Only an object or an array shows its own end; a number that was cut is still a number. */
function isCompleteJson(data: string): boolean {
  try {
    return typeof JSON.parse(data) === "object";
  } catch {
    return false;
  }
}
