import { setTimeout } from "node:timers/promises";
import type { UserError } from "@codex-ts/api";
import type { ModelInfo, ResponseItem, TokenUsage } from "@codex-ts/protocol";
import type { Setup } from "../session/access.js";
import type { FallbackReason } from "../session/transport-choice.js";
import { report } from "../telemetry.js";
import { AbortScope, untilAborted } from "./abort-scope.js";
import { AnswerReader } from "./answer-reader.js";
import type { Attempt } from "./attempt.js";
import { type AttemptTrace, openAttempt, usesWebSocket } from "./open-attempt.js";
import { hasPendingCall } from "./pending-calls.js";
import { RetryCounter } from "./retry-counter.js";
import { abortedTurn, toSessionError } from "./session-error.js";
import type { StreamPlan } from "./stream-plan.js";
import type { TurnEvent, TurnTransport } from "./turn-event.js";
import { judge } from "./verdict.js";

/**
 * Gets one answer, over as many attempts as it takes, and says what happens meanwhile. It moves only when it is asked
 * to: nothing is read ahead.
 */
export class StreamDriver {
  readonly #plan: StreamPlan;
  readonly #reader: AnswerReader;
  readonly #trace: AttemptTrace = { transport: undefined, isHandshake: false, isReused: false };
  readonly #startedAt = performance.now();
  #queue: TurnEvent[] = [];
  /** Listens from the first reading on: a stream that nobody reads must not be held by the caller's signal. */
  #scope: AbortScope | undefined;
  #setup: Setup | undefined;
  #model: ModelInfo | undefined;
  #counter: RetryCounter | undefined;
  #attempt: Attempt | undefined;
  #attempts = 0;
  #pauseMs = 0;
  #isOver = false;
  #failure: UserError | undefined;

  constructor(plan: StreamPlan) {
    this.#plan = plan;
    this.#reader = new AnswerReader(plan);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get items(): readonly ResponseItem[] {
    return this.#reader.progress.items;
  }

  get usage(): TokenUsage | null {
    return this.#attempt?.stream.usage ?? null;
  }

  get endTurn(): boolean | null {
    return this.#attempt?.stream.endTurn ?? null;
  }

  get responseId(): string | null {
    return this.#attempt?.stream.responseId ?? null;
  }

  get requestId(): string | null {
    return this.#attempt?.stream.requestId ?? null;
  }

  get transport(): TurnTransport | undefined {
    return this.#trace.transport;
  }

  /** Gives the next event that needs no waiting. */
  take(): TurnEvent | undefined {
    if (!this.#isOver && this.#signal.aborted) this.#fail(abortedTurn(this.#signal.reason));
    return this.#queue.shift();
  }

  /** What it ended with, once. */
  takeFailure(): UserError | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  /** Waits for something to happen. Never rejects. */
  async advance(): Promise<void> {
    try {
      const attempt = this.#attempt ?? (await this.#open());
      const { done, value } = await attempt.events.next();
      if (this.#isOver) return;
      if (done) throw new Error("the answer ended without its last event");
      this.#reader.read(value, this.#queue);
      if (this.#reader.progress.hasBegun) this.#counter?.noteProgress();
      if (value.type === "completed") this.#complete(attempt);
    } catch (error) {
      if (!this.#isOver) this.#onFailure(error);
    }
  }

  /** Ends everything, and says nothing any more. */
  leave(): void {
    if (this.#isOver) return;
    this.#queue = [];
    this.#end();
    this.#scope?.abort(undefined);
  }

  get #signal(): AbortSignal {
    this.#scope ??= new AbortScope(...this.#plan.signals, this.#plan.session.closing);
    return this.#scope.signal;
  }

  async #open(): Promise<Attempt> {
    const { session, turn } = this.#plan;
    const signal = this.#signal;
    if (this.#attempts === 0) await this.#start(signal);
    if (this.#pauseMs > 0) await setTimeout(this.#pauseMs, undefined, { signal });
    this.#pauseMs = 0;
    Object.assign(this.#trace, { transport: undefined, isHandshake: false, isReused: false });
    const setup = this.#setup ?? (await untilAborted(session.setup(), signal));
    this.#setup = setup;
    this.#counter ??= this.#createCounter(setup);
    this.#model ??= await untilAborted(modelOf(this.#plan, setup), signal);
    this.#reader.begin(setup, this.#model);
    turn.left = undefined;
    const opening = openAttempt(this.#plan, {
      setup,
      model: this.#model,
      finished: this.#reader.progress.items,
      signal,
      number: this.#attempts++,
      trace: this.#trace,
    });
    // One that comes when nobody waits for it any more is let go.
    opening.then(
      (late) => this.#isOver && late.release(),
      () => {},
    );
    try {
      this.#attempt = await untilAborted(opening, signal);
      return this.#attempt;
    } finally {
      this.#queue.push(...setup.takeNotices());
    }
  }

  async #start(signal: AbortSignal): Promise<void> {
    const { prepared, left } = this.#plan.turn;
    if (prepared !== undefined) await untilAborted(prepared(signal), signal);
    if (left !== undefined) this.#pauseMs = Math.max(0, left.notBeforeMs - performance.now());
  }

  #createCounter({ provider, choice }: Setup): RetryCounter {
    const { session, turn, mostRetries } = this.#plan;
    const { retryBaseDelayMs, maxRetryAfterMs, random } = session.options;
    const maxRetries = Math.min(provider.streamMaxRetries, mostRetries ?? Number.POSITIVE_INFINITY);
    return new RetryCounter(
      {
        maxRetries,
        webSocketRetries: choice.webSocketRetries(maxRetries),
        baseDelayMs: retryBaseDelayMs,
        maxRetryAfterMs,
        random,
      },
      turn.left?.retries,
    );
  }

  #complete(attempt: Attempt): void {
    const { session } = this.#plan;
    const { stream, transport, isReused } = attempt;
    if (transport === "websocket") this.#setup?.choice.noteSuccess();
    this.#end();
    report(() =>
      session.options.telemetry?.onStreamEnd?.({
        transport,
        attempts: this.#attempts,
        responseId: stream.responseId,
        requestId: stream.requestId,
        usage: stream.usage,
        isConnectionReused: isReused,
        durationMs: performance.now() - this.#startedAt,
      }),
    );
  }

  #onFailure(cause: unknown): void {
    this.#attempt?.release();
    if (this.#signal.aborted) {
      this.#fail(abortedTurn(this.#signal.reason));
      return;
    }
    const error = toSessionError(cause, this.#setup?.traits.isBedrock);
    const { progress } = this.#reader;
    const verdict = judge({ ...this.#trace, error, hasBegun: progress.hasBegun });
    this.#reader.fail(error, this.#queue);
    if (verdict.next === "fail" || this.#counter === undefined) this.#fail(error);
    else if (verdict.next === "fall_back") this.#fallBack(verdict.reason, error);
    else if (verdict.next === "reconnect" && this.#counter.reconnect()) this.#goOn(error, 0, false);
    else this.#retry(error);
  }

  #retry(error: UserError): void {
    const counter = this.#counter as RetryCounter;
    const isWebSocket = this.#setup !== undefined && usesWebSocket(this.#setup, this.#plan.turn);
    if (counter.isUsedUp(isWebSocket)) {
      if (isWebSocket) this.#fallBack("retries_exhausted", error);
      else this.#fail(error);
      return;
    }
    const delayMs = counter.next(error);
    if (delayMs === undefined) {
      this.#fail(error);
      return;
    }
    // The first reconnection of a WebSocket is everyday business.
    this.#goOn(error, delayMs, !(isWebSocket && counter.retries === 1));
  }

  #fallBack(reason: FallbackReason, error: UserError): void {
    const { session, turn } = this.#plan;
    const isForSession = this.#setup?.choice.fallBack(reason) ?? false;
    turn.isWebSocketOff = true;
    this.#counter?.startOver();
    void session.lanes.drop();
    report(() => session.options.telemetry?.onFallback?.({ reason, isForSession }));
    const message = `Falling back from WebSockets to HTTPS transport. ${error.message}`;
    this.#queue.push({ type: "warning", reason: "transport_fallback", message });
    this.#goOn(error, 0, false);
  }

  /** Asks again, or lets the caller answer calls first. */
  #goOn(error: UserError, delayMs: number, isTold: boolean): void {
    const { session, turn, keepsItems } = this.#plan;
    const { progress } = this.#reader;
    const { retries: attempt, maxRetries: maxAttempts } = this.#counter as RetryCounter;
    const { transport } = this.#trace;
    if (progress.isInTheMiddle) this.#queue.push({ type: "reset" });
    report(() =>
      session.options.telemetry?.onStreamRetry?.({ attempt, maxAttempts, delayMs, transport, error }),
    );
    if (keepsItems && hasPendingCall(progress.items)) {
      turn.left = { retries: attempt, notBeforeMs: performance.now() + delayMs };
      this.#queue.push({ type: "interrupted", error });
      this.#end();
      return;
    }
    progress.startOver(keepsItems);
    this.#attempt = undefined;
    this.#pauseMs = delayMs;
    if (!isTold) return;
    const message = `Reconnecting... ${attempt}/${maxAttempts}`;
    this.#queue.push({ type: "reconnecting", message, attempt, maxAttempts, delayMs, error, transport });
  }

  #fail(error: UserError): void {
    this.#failure = error;
    if (error.kind === "turn_aborted") this.#queue = [];
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#scope?.[Symbol.dispose]();
    this.#attempt?.release();
  }
}

async function modelOf({ model }: StreamPlan, setup: Setup): Promise<ModelInfo> {
  return typeof model === "object" ? model : await setup.findModel(model);
}
