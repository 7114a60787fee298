import type { SseEvent } from "./sse.js";
import { createSseClock } from "./sse-clock.js";
import { abortError, encodingError, oversizeError, sourceError } from "./sse-errors.js";
import { createSseParser, type SseParser } from "./sse-parser.js";
import type { SseSettings } from "./sse-settings.js";
import { createSseSource } from "./sse-source.js";
import { createSseText } from "./sse-text.js";

export type SseBatch = readonly SseEvent[];
type BatchResult = IteratorResult<SseBatch, undefined>;

/** Delivers the events of each chunk as one array, never an empty one. */
export interface SseBatches extends AsyncIterableIterator<SseBatch, undefined> {
  return(): Promise<BatchResult>;
  /** True once the signal has fired. What is not delivered yet is to be dropped then. */
  isAborted(): boolean;
}

/**
 * Reads a byte source on demand.
 *
 * An iterator by hand, not a generator: `return()` of a generator that waits for a chunk would wait as well.
 */
export function createSseBatches(bytes: AsyncIterable<Uint8Array>, settings: SseSettings): SseBatches {
  const { flushTail, maxEventBytes, signal } = settings;
  const source = createSseSource(bytes);
  const text = createSseText();
  const clock = createSseClock(settings, fail);
  let parser: SseParser | undefined;
  let isEnded = false;
  let isAborted = false;
  /** Why the stream ended, until a `next()` has reported it. */
  let failure: { readonly error: unknown } | undefined;
  /** The `next()` that is not answered yet. */
  let waiting: Promise<BatchResult> | undefined;
  let resolve: (result: BatchResult) => void;
  let reject: (error: unknown) => void;
  const keepSettlers: ConstructorParameters<typeof Promise<BatchResult>>[0] = (onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  };

  return {
    next,
    return: close,
    async throw(error) {
      await close();
      throw error;
    },
    isAborted: () => isAborted,
    [Symbol.asyncIterator]() {
      return this;
    },
  };

  function next(): Promise<BatchResult> {
    // Calls that overlap are answered one after the other, as generators do.
    if (waiting !== undefined) return waiting.then(next, next);
    if (failure !== undefined) return Promise.reject(takeFailure(failure));
    if (isEnded) return Promise.resolve(done);
    const answer = new Promise(keepSettlers);
    waiting = answer;
    if (parser === undefined) start();
    else pull();
    return answer;
  }

  async function close(): Promise<BatchResult> {
    end();
    failure = undefined;
    settle([]);
    return done;
  }

  function start(): void {
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener("abort", onAbort);
    import("eventsource-parser").then(({ createParser }) => {
      if (isEnded) return;
      parser = createSseParser(createParser, maxEventBytes);
      pull();
    }, fail);
  }

  function pull(): void {
    clock.wait();
    source.next().then(onSourceResult, onSourceError);
  }

  function onSourceResult(result: IteratorResult<Uint8Array>): void {
    if (parser === undefined) return;
    try {
      if (result.done) onSourceEnd(parser);
      else read(result.value, parser);
    } catch (error) {
      fail(error);
    }
  }

  function read(chunk: Uint8Array, openParser: SseParser): void {
    if (!(chunk instanceof Uint8Array)) throw new TypeError("the byte source must yield Uint8Array chunks");
    const wasCorrupt = text.isCorrupt();
    openParser.feed(text.decode(chunk));
    const events = openParser.take();
    // Bytes behind an invalid one are dropped. They prove no life, or a broken stream could go on for ever.
    if (!wasCorrupt) clock.arrived(events.length > 0);
    if (openParser.isOversize()) end(oversizeError(maxEventBytes));
    if (events.length > 0 || isEnded) settle(events);
    else pull();
  }

  function onSourceEnd(openParser: SseParser): void {
    const isBroken = text.isCorrupt() || text.isInsideCharacter();
    const tail = takeTail(openParser);
    source.ended();
    end(isBroken ? encodingError() : undefined);
    settle(tail);
  }

  function onSourceError(error: unknown): void {
    if (parser === undefined) return;
    const tail = takeTail(parser);
    source.ended();
    end(sourceError(error));
    settle(tail);
  }

  function takeTail(openParser: SseParser): SseBatch {
    if (!flushTail || text.isCorrupt() || text.isInsideCharacter()) return [];
    openParser.end();
    return openParser.take().filter((event) => isCompleteJson(event.data));
  }

  function onAbort(): void {
    isAborted = true;
    fail(abortError(signal?.reason));
  }

  function fail(error: unknown): void {
    end(error);
    settle([]);
  }

  /** Ends the stream and frees all it holds. The failure is reported after the events in front of it. */
  function end(error?: unknown): void {
    if (isEnded) return;
    isEnded = true;
    if (error !== undefined) failure = { error };
    parser = undefined;
    clock.stop();
    signal?.removeEventListener("abort", onAbort);
    source.close();
  }

  /** Answers the `next()` that waits, if one does. */
  function settle(events: SseBatch): void {
    if (waiting === undefined) return;
    waiting = undefined;
    if (events.length > 0) resolve({ done: false, value: events });
    else if (failure !== undefined) reject(takeFailure(failure));
    else resolve(done);
  }

  function takeFailure({ error }: { readonly error: unknown }): unknown {
    failure = undefined;
    return error;
  }
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
