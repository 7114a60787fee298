import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type { BodySink } from "./body-sink.js";
import { CollectedBody } from "./collected-body.js";
import { responseTooLarge } from "./content-decoding.js";
import type { TransportError } from "./errors.js";
import type { ExchangeGuard, PhaseLimit, Waiter } from "./exchange-guard.js";
import type { Lane, LaneHandler } from "./lane.js";
import { toNetworkError } from "./network-error.js";
import type { PhaseLimits } from "./phase-limits.js";
import type { RequestTarget } from "./request-target.js";
import { StreamBody } from "./stream-body.js";

/** Headers of an answer as undici gives them: lower-case names, repeated ones as arrays. */
export type AnswerHeaders = IncomingHttpHeaders;

/** What came back for one request on the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** The open body of a success that is streamed; else the bytes, or nothing if they could not be read. */
  readonly body: StreamBody | Uint8Array | undefined;
  /** The body of an error was longer than anybody needs, and the rest was not read. */
  readonly isCut?: boolean;
}

/** How an answer is received. */
export interface ReceiverSettings {
  readonly target: RequestTarget;
  readonly guard: ExchangeGuard;
  /** Return at the head of a success, instead of reading its body. */
  readonly isStream: boolean;
  readonly limits: PhaseLimits;
  readonly maxResponseBytes: number;
}

/** Sends a request over the lane and receives what comes back, whatever its status. */
export function receiveAnswer(
  lane: Lane,
  options: Dispatcher.DispatchOptions,
  settings: ReceiverSettings,
): Promise<Answer> {
  return new Promise((onAnswer, onFailure) => {
    new AnswerReceiver(lane, settings, { onAnswer, onFailure }).start(options);
  });
}

/** Tells whether an answer is what the caller asked for. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

const errorBodyMaxBytes = 256 * 1024;

const errorBodyLimit: PhaseLimit = {
  code: "body_timeout",
  option: "error body",
  event: "the body of the error was complete",
  milliseconds: 5000,
};

interface Caller {
  readonly onAnswer: (answer: Answer) => void;
  readonly onFailure: (error: TransportError) => void;
}

class AnswerReceiver implements LaneHandler, Waiter {
  readonly #lane: Lane;
  readonly #settings: ReceiverSettings;
  /** Gone when it has its answer; the request may still have to end. */
  #caller: Caller | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #sink: BodySink | undefined;
  /** Set when the request was given up before it reached a connection. */
  #reason: TransportError | undefined;
  /** The connection is no longer this request's. */
  #isOver = false;

  constructor(lane: Lane, settings: ReceiverSettings, caller: Caller) {
    this.#lane = lane;
    this.#settings = settings;
    this.#caller = caller;
  }

  start(options: Dispatcher.DispatchOptions): void {
    this.#settings.guard.watch(undefined, this);
    this.#lane.dispatch(options, this);
  }

  onConnecting(): void {
    const { guard, limits } = this.#settings;
    guard.watch(limits.connect, this);
  }

  giveUp(error: TransportError): void {
    this.#fail(error, true);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reason !== undefined) controller.abort(this.#reason);
    else this.#settings.guard.watch(this.#settings.limits.headers, this);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < 200) return;
    // undici would keep them, one buffer each, for as long as the body is open.
    controller.rawHeaders = null;
    if (!isSuccess(status)) {
      this.#sink = this.#collectError(controller, status, headers);
    } else if (this.#settings.isStream) {
      this.#sink = this.#openStream(controller, status, headers);
    } else {
      this.#sink = this.#collectSuccess(status, headers);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#sink?.push(chunk);
  }

  onResponseEnd(): void {
    this.#isOver = true;
    this.#lane.release(true);
    this.#sink?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#isOver = true;
    this.#lane.release(false);
    const failure = toNetworkError(this.#settings.target, error, this.#controller !== undefined);
    if (this.#sink === undefined) this.#fail(failure, false);
    else this.#sink.fail(failure);
  }

  #openStream(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): BodySink {
    const { guard } = this.#settings;
    guard.endAttempt();
    const body = new StreamBody(controller, guard);
    this.#caller?.onAnswer({ status, headers, body });
    this.#caller = undefined;
    return body;
  }

  #collectSuccess(status: number, headers: AnswerHeaders): BodySink {
    const { guard, target, maxResponseBytes } = this.#settings;
    guard.watch(undefined, this);
    return new CollectedBody(
      maxResponseBytes,
      (body, isCut) => {
        if (isCut) this.#fail(responseTooLarge(target, maxResponseBytes), true);
        else this.#succeed({ status, headers, body });
      },
      (error) => this.#fail(error, false),
    );
  }

  #collectError(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): BodySink {
    const { guard, isStream } = this.#settings;
    const withoutBody = () => this.#succeed({ status, headers, body: undefined });
    guard.watch(errorBodyLimit, {
      giveUp: (error) => {
        if (error.kind === "timeout") withoutBody();
        this.#fail(error, true);
      },
    });
    return new CollectedBody(
      errorBodyMaxBytes,
      (body, isCut) => {
        this.#succeed({ status, headers, body, isCut });
        if (isCut) controller.abort(new Error("the rest of the body is not wanted"));
      },
      isStream ? withoutBody : (error) => this.#fail(error, false),
    );
  }

  #succeed(answer: Answer): void {
    this.#takeCaller()?.onAnswer(answer);
  }

  #fail(error: TransportError, endsRequest: boolean): void {
    this.#takeCaller()?.onFailure(error);
    if (!endsRequest || this.#isOver) return;
    this.#reason = error;
    if (this.#controller === undefined) this.#lane.abandon(error);
    else this.#controller.abort(error);
  }

  /** From then on the guard watches something else. */
  #takeCaller(): Caller | undefined {
    const caller = this.#caller;
    this.#caller = undefined;
    if (caller !== undefined) this.#settings.guard.unwatch();
    return caller;
  }
}
