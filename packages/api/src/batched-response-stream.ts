import type { SseEvent } from "@codex-ts/client";
import type { RateLimitSnapshot, ResponseEvent, TokenUsage } from "@codex-ts/protocol";
import type { ApiError } from "./api-error.js";
import { toHeaderEvents } from "./header-events.js";
import { headerToken } from "./header-value.js";
import type { NoEvent } from "./main-event.js";
import { requestIdOf } from "./request-id.js";
import { ResponseDecoder } from "./response-decoder.js";
import { ResponseFacts } from "./response-facts.js";
import type { ResponseStream } from "./response-stream.js";
import { parseSafetyTreatment } from "./safety-treatment.js";
import { abortedError, toStreamError } from "./stream-error.js";
import { type PollHook, StreamReporter } from "./stream-reporter.js";
import type { StreamTelemetry } from "./stream-telemetry.js";
import { readUsualDelta } from "./usual-delta.js";

type Result = IteratorResult<ResponseEvent, undefined>;

const noBatch: readonly SseEvent[] = [];

/** What a stream is read from. */
export interface ResponseSource {
  /** Head of the answer. */
  readonly headers: Headers;
  /** The events of its body, or the messages that are its payloads. `return()` frees the connection at once, and answers a waiting `next()`. */
  readonly batches: AsyncIterator<readonly SseEvent[], undefined>;
  /** Ends the batches when it fires; whoever delivers them sees to that. */
  readonly signal?: AbortSignal | undefined;
  readonly telemetry?: StreamTelemetry | undefined;
  /** @defaultValue all that the head says */
  readonly openingEvents?: ResponseEvent[] | undefined;
  /** @defaultValue what a payload says over HTTP */
  readonly decoder?: PayloadDecoder | undefined;
  /** @defaultValue "onSsePoll" */
  readonly pollHook?: PollHook | undefined;
}

/** Turns the payloads of one response into events. */
export interface PayloadDecoder {
  readonly responseId: string | undefined;
  /**
   * Decodes one payload, as {@link ResponseDecoder.decode} does.
   *
   * @param text - The payload as it came.
   * @returns Nothing for a payload that is dealt with.
   */
  decode(payload: unknown, before: ResponseEvent[], text: string): ResponseEvent | NoEvent | undefined;
}

/**
 * A response that comes as batches of payloads, over server-sent events or a WebSocket.
 *
 * This is the hot path: one promise for each chunk, at most one `JSON.parse` for each event, no generator, no copy.
 * Events of a chunk are parsed when they are asked for.
 */
export class BatchedResponseStream implements ResponseStream, AsyncIterator<ResponseEvent, undefined> {
  readonly upstreamRequestId: string | null;
  readonly #requestId: string | undefined;
  readonly #batches: ResponseSource["batches"];
  readonly #signal: AbortSignal | undefined;
  readonly #reporter: StreamReporter;
  readonly #decoder: PayloadDecoder;
  readonly #facts = new ResponseFacts();
  /** Events to be delivered before the batch is looked at again. */
  #queue: ResponseEvent[];
  #queuePosition = 0;
  /** Collects what a payload carries besides its own event; nearly always empty. */
  #sideEvents: ResponseEvent[] = [];
  #batch: readonly SseEvent[] = noBatch;
  #batchPosition = 0;
  /** The `next()` that waits for a batch. */
  #pulling: Promise<Result> | undefined;
  #ended = false;
  /** What the stream ends with, until a `next()` has reported it. */
  #failure: ApiError | undefined;

  constructor(source: ResponseSource) {
    const { headers, batches, signal, telemetry, openingEvents, decoder, pollHook } = source;
    this.#requestId = requestIdOf(headers);
    this.upstreamRequestId = headerToken(headers, "x-request-id") ?? null;
    this.#batches = batches;
    this.#signal = signal;
    this.#reporter = new StreamReporter(telemetry, pollHook);
    this.#decoder =
      decoder ??
      new ResponseDecoder({ treatment: parseSafetyTreatment(headers), requestId: this.#requestId });
    this.#queue = openingEvents ?? toHeaderEvents(headers);
    for (const event of this.#queue) this.#facts.note(event);
  }

  get requestId(): string | null {
    return this.#requestId ?? null;
  }

  get responseId(): string | null {
    return this.#decoder.responseId ?? null;
  }

  get usage(): TokenUsage | null {
    return this.#facts.completed?.token_usage ?? null;
  }

  get endTurn(): boolean | null {
    return this.#facts.completed?.end_turn ?? null;
  }

  get serverModel(): string | null {
    return this.#facts.serverModel;
  }

  get rateLimits(): readonly RateLimitSnapshot[] {
    return this.#facts.rateLimits;
  }

  get unknownEventCount(): number {
    return this.#reporter.unknownEventCount;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#pulling !== undefined) return this.#nextAfter(this.#pulling);
    this.#checkSignal();
    const event = this.#take();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (!this.#ended) this.#pulling = this.#pull();
    return this.#pulling ?? this.#finish();
  }

  return(): Promise<Result> {
    this.cancel();
    return this.#finish();
  }

  throw(error: unknown): Promise<Result> {
    this.cancel();
    return Promise.reject(error);
  }

  cancel(): void {
    this.#end();
    this.#queue = [];
    this.#failure = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    return Promise.resolve();
  }

  /** Gives the next event that needs no waiting. */
  #take(): ResponseEvent | undefined {
    if (this.#queuePosition < this.#queue.length) return this.#queue[this.#queuePosition++];
    while (this.#batchPosition < this.#batch.length) {
      const event = this.#read(this.#batch[this.#batchPosition++] as SseEvent);
      if (event !== undefined) return event;
    }
    // A stream that waits must not hold the text of the chunk it has read.
    this.#batch = noBatch;
    this.#batchPosition = 0;
    return undefined;
  }

  /** Gives the first event that an SSE event stands for, if there is one, and queues the others. */
  #read(sse: SseEvent): ResponseEvent | undefined {
    this.#reporter.onEvent(sse);
    const delta = readUsualDelta(sse.data);
    if (delta !== undefined) return delta;
    let payload: unknown;
    try {
      payload = JSON.parse(sse.data);
    } catch {
      this.#reporter.onNoJson(sse);
      return undefined;
    }
    let event: ResponseEvent | undefined;
    try {
      const decoded = this.#decoder.decode(payload, this.#sideEvents, sse.data);
      if (typeof decoded === "string") this.#noteNoEvent(decoded, payload, sse);
      else event = decoded;
    } catch (error) {
      this.#end(toStreamError(error, this.#requestId));
    }
    if (event?.type === "completed") this.#end();
    if (event !== undefined) this.#facts.note(event);
    return this.#sideEvents.length === 0 ? event : this.#queueSideEvents(event);
  }

  #noteNoEvent(reason: NoEvent, payload: unknown, sse: SseEvent): void {
    if (reason === "ignored") this.#facts.noteIgnored(payload);
    else this.#reporter.onUndelivered(reason, payload, sse);
  }

  #queueSideEvents(own: ResponseEvent | undefined): ResponseEvent | undefined {
    for (const event of this.#sideEvents) this.#facts.note(event);
    this.#queue = this.#sideEvents;
    this.#queuePosition = 1;
    this.#sideEvents = [];
    if (own !== undefined) this.#queue.push(own);
    return this.#queue[0];
  }

  /** Waits for batches until one of them holds an event, or the stream ends. */
  async #pull(): Promise<Result> {
    while (!this.#ended) {
      this.#reporter.onWait();
      try {
        const batch = await this.#batches.next();
        this.#checkSignal();
        if (!this.#ended) this.#accept(batch);
      } catch (error) {
        this.#onBatchError(error);
      }
      const event = this.#take();
      if (event === undefined) continue;
      this.#pulling = undefined;
      return { done: false, value: event };
    }
    this.#pulling = undefined;
    return this.#finish();
  }

  #accept(batch: IteratorResult<readonly SseEvent[], undefined>): void {
    if (batch.done) {
      this.#reporter.onEnd();
      this.#end(this.#facts.toClosedEarlyError(this.#requestId));
    } else {
      this.#batch = batch.value;
      this.#batchPosition = 0;
    }
  }

  #onBatchError(error: unknown): void {
    if (this.#ended) return;
    const failure = toStreamError(error, this.#requestId);
    this.#reporter.onError(failure);
    this.#end(failure);
  }

  /** Answers calls of `next()` that overlap one after the other, as generators do. */
  #nextAfter(pulling: Promise<Result>): Promise<Result> {
    const next = (): Promise<Result> => this.next();
    return pulling.then(next, next);
  }

  /** Transport and decoder watch the signal, and free what they hold. What has arrived by then is dropped here. */
  #checkSignal(): void {
    if (this.#ended || !this.#signal?.aborted) return;
    this.#end(abortedError(this.#signal.reason, this.#requestId));
    this.#queue = [];
  }

  /** Frees the connection and drops what is not looked at yet. What is queued is still delivered. */
  #end(failure?: ApiError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#batch = noBatch;
    void this.#batches.return?.();
  }

  /** Reports the failure once, and from then on the end. */
  #finish(): Promise<Result> {
    const failure = this.#failure;
    if (failure === undefined) return Promise.resolve({ done: true, value: undefined });
    this.#failure = undefined;
    return Promise.reject(failure);
  }
}
