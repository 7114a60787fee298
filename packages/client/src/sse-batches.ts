import { transportErrorText } from "./error-text.js";
import { isTransportError, TransportError } from "./errors.js";
import type { SseEvent } from "./sse.js";
import { SseClock } from "./sse-clock.js";
import { SseParser } from "./sse-parser.js";
import type { SseSettings } from "./sse-settings.js";
import { SseSource } from "./sse-source.js";
import { SseText } from "./sse-text.js";

type Batch = readonly SseEvent[];
type BatchResult = IteratorResult<Batch, undefined>;

/** Reads a byte source on demand and delivers the events of each chunk as one array, never an empty one. */
export class SseBatches implements AsyncIterableIterator<Batch, undefined> {
  readonly #source: SseSource;
  readonly #settings: SseSettings;
  readonly #clock: SseClock;
  readonly #text = new SseText();
  #parser: SseParser | undefined;
  /** The `next()` that is not answered yet. */
  #waiting: Promise<BatchResult> | undefined;
  #resolve: (result: BatchResult) => void = ignore;
  #reject: (error: unknown) => void = ignore;
  #ended = false;
  /** Why the stream ended, until a `next()` has reported it. */
  #failure: { readonly error: unknown } | undefined;
  #aborted = false;

  constructor(bytes: AsyncIterable<Uint8Array>, settings: SseSettings) {
    this.#source = new SseSource(bytes);
    this.#settings = settings;
    this.#clock = new SseClock(settings, (error) => this.#fail(error));
  }

  /** True once the signal has fired. What is not delivered yet is to be dropped then. */
  get aborted(): boolean {
    return this.#aborted;
  }

  next(): Promise<BatchResult> {
    if (this.#waiting !== undefined) return this.#nextAfter(this.#waiting);
    if (this.#failure !== undefined) return Promise.reject(this.#takeFailure(this.#failure));
    if (this.#ended) return Promise.resolve(done);
    const waiting = new Promise<BatchResult>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#waiting = waiting;
    if (this.#parser === undefined) this.#start();
    else this.#pull();
    return waiting;
  }

  /** Closes the source, without waiting for that, and answers a waiting `next()`. */
  return(): Promise<BatchResult> {
    this.#end();
    this.#failure = undefined;
    this.#answer([]);
    return Promise.resolve(done);
  }

  async throw(error: unknown): Promise<BatchResult> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Answers calls of `next()` that overlap one after the other, as generators do. */
  #nextAfter(waiting: Promise<BatchResult>): Promise<BatchResult> {
    const next = (): Promise<BatchResult> => this.next();
    return waiting.then(next, next);
  }

  #start(): void {
    const { signal } = this.#settings;
    if (signal?.aborted) {
      this.#onAbort();
      return;
    }
    signal?.addEventListener("abort", this.#onAbort);
    import("eventsource-parser").then(
      ({ createParser }) => {
        if (this.#ended) return;
        this.#parser = new SseParser(createParser, this.#settings.maxEventBytes);
        this.#pull();
      },
      (error) => this.#fail(error),
    );
  }

  #pull(): void {
    this.#clock.wait();
    this.#source.next().then(this.#onSourceResult, this.#onSourceError);
  }

  readonly #onSourceResult = (result: IteratorResult<Uint8Array>): void => {
    if (this.#parser === undefined) return;
    try {
      if (result.done) this.#onSourceEnd(this.#parser);
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
    this.#answer(tail);
  };

  #read(chunk: Uint8Array, parser: SseParser): void {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("the byte source must yield Uint8Array chunks");
    const wasCorrupt = this.#text.corrupt;
    parser.feed(this.#text.decode(chunk));
    const events = parser.take();
    // Bytes behind an invalid one are dropped. They prove no life, or a broken stream could go on for ever.
    if (!wasCorrupt) this.#clock.arrived(events.length > 0);
    if (parser.oversize) this.#end(oversizeError(this.#settings.maxEventBytes));
    if (events.length > 0 || this.#ended) this.#answer(events);
    else this.#pull();
  }

  #onSourceEnd(parser: SseParser): void {
    const broken = this.#text.corrupt || this.#text.insideCharacter;
    const tail = this.#takeTail(parser);
    this.#source.ended();
    this.#end(broken ? encodingError() : undefined);
    this.#answer(tail);
  }

  #takeTail(parser: SseParser): Batch {
    if (!this.#settings.flushTail || this.#text.corrupt || this.#text.insideCharacter) return [];
    parser.end();
    return parser.take().filter((event) => isCompleteJson(event.data));
  }

  readonly #onAbort = (): void => {
    this.#aborted = true;
    const { signal } = this.#settings;
    this.#fail(
      new TransportError("reading the event stream was aborted", { kind: "aborted", cause: signal?.reason }),
    );
  };

  #fail(error: unknown): void {
    this.#end(error);
    this.#answer([]);
  }

  /** Ends the stream and frees all it holds. The failure is reported after the events in front of it. */
  #end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (error !== undefined) this.#failure = { error };
    this.#parser = undefined;
    this.#clock.stop();
    this.#settings.signal?.removeEventListener("abort", this.#onAbort);
    this.#source.close();
  }

  #answer(events: Batch): void {
    if (this.#waiting === undefined) return;
    this.#waiting = undefined;
    if (events.length > 0) this.#resolve({ done: false, value: events });
    else if (this.#failure !== undefined) this.#reject(this.#takeFailure(this.#failure));
    else this.#resolve(done);
    this.#resolve = ignore;
    this.#reject = ignore;
  }

  #takeFailure(failure: { readonly error: unknown }): unknown {
    this.#failure = undefined;
    return failure.error;
  }
}

const done: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined });

function oversizeError(maxEventBytes: number): TransportError {
  const message = `an event of the stream is longer than ${maxEventBytes} bytes`;
  return new TransportError(message, { kind: "network", code: "sse_oversize" });
}

function encodingError(): TransportError {
  const message = "UTF8 error: the event stream holds bytes that are not UTF-8";
  return new TransportError(message, { kind: "network", code: "sse_utf8" });
}

/** An abort stays as it is; everything else is shown the way the reference client wraps it. */
function sourceError(cause: unknown): TransportError {
  const error = isTransportError(cause)
    ? cause
    : new TransportError(textOf(cause), { kind: "network", cause });
  if (error.kind === "aborted") return error;
  const { kind, code, url, requestId } = error;
  return new TransportError(`Transport error: ${transportErrorText(error)}`, {
    kind,
    code,
    url,
    requestId,
    cause,
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : "the byte source failed";
}

/** Only an object or an array shows its own end; a number that was cut is still a number. */
function isCompleteJson(data: string): boolean {
  try {
    return typeof JSON.parse(data) === "object";
  } catch {
    return false;
  }
}

function ignore(): void {}
