import type { UserError } from "@codex-ts/api";
import type { ResponseItem, TokenUsage } from "@codex-ts/protocol";
import type { StreamDriver } from "./stream-driver.js";
import type { TurnEvent, TurnTransport } from "./turn-event.js";

type Result = IteratorResult<TurnEvent, undefined>;

/** What an answer came to. */
export interface TurnResult {
  /** The items of the answer, for the input of the next request. */
  readonly items: readonly ResponseItem[];
  /** The text of its messages. */
  readonly text: string;
  readonly usage: TokenUsage | null;
  readonly responseId: string | null;
  /** False when the model wants to be called again. */
  readonly endTurn: boolean | null;
  /** Whether it broke off behind a call that is to be answered first. */
  readonly isInterrupted: boolean;
}

/**
 * The events of one answer, as they arrive. Can be read once, by `for await`; nothing is sent before.
 *
 * It ends after `completed` or `interrupted`, and rejects with a `UserError` when there is no answer in the end. Leaving
 * the loop in any way, {@link TurnStream.cancel} and the signal end the request at once.
 */
export class TurnStream implements AsyncIterableIterator<TurnEvent, undefined>, AsyncDisposable {
  readonly #driver: StreamDriver;
  /** The `next()` that is not answered yet. */
  #pulling: Promise<Result> | undefined;

  /** @internal */
  constructor(driver: StreamDriver) {
    this.#driver = driver;
  }

  /** The items that are finished so far, each of them once. */
  get items(): readonly ResponseItem[] {
    return this.#driver.items;
  }

  /** What the response cost. Known after `completed`, if the server says so. */
  get usage(): TokenUsage | null {
    return this.#driver.usage;
  }

  /** Id of the response, of the last attempt. */
  get responseId(): string | null {
    return this.#driver.responseId;
  }

  /** The id to quote to the server's support, of the last attempt. */
  get requestId(): string | null {
    return this.#driver.requestId;
  }

  /** Over what the last attempt went. */
  get transport(): TurnTransport | undefined {
    return this.#driver.transport;
  }

  /**
   * Reads the answer to its end.
   *
   * @throws UserError as reading the events does.
   */
  async result(): Promise<TurnResult> {
    let isInterrupted = false;
    for await (const event of this) isInterrupted ||= event.type === "interrupted";
    const { items, usage, responseId, endTurn } = this.#driver;
    return { items, text: textOf(items), usage, responseId, endTurn, isInterrupted };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#pulling !== undefined) {
      const next = (): Promise<Result> => this.next();
      return this.#pulling.then(next, next);
    }
    const event = this.#driver.take();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#driver.isOver) return this.#finish();
    this.#pulling = this.#pull();
    return this.#pulling;
  }

  return(): Promise<Result> {
    this.cancel();
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<Result> {
    this.cancel();
    return Promise.reject(error);
  }

  /** Ends the answer and its request. A reader that waits sees the end. Safe to call at any time. */
  cancel(): void {
    this.#driver.leave();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    return Promise.resolve();
  }

  /** Not to be called when nothing has to be waited for: it ends with forgetting that it is under way. */
  async #pull(): Promise<Result> {
    try {
      for (;;) {
        await this.#driver.advance();
        const event = this.#driver.take();
        if (event !== undefined) return { done: false, value: event };
        if (this.#driver.isOver) return await this.#finish();
      }
    } finally {
      this.#pulling = undefined;
    }
  }

  async #finish(): Promise<Result> {
    const failure: UserError | undefined = this.#driver.takeFailure();
    if (failure !== undefined) throw failure;
    return { done: true, value: undefined };
  }
}

function textOf(items: readonly ResponseItem[]): string {
  return items
    .flatMap((item) => (item.type === "message" && item.role === "assistant" ? item.content : []))
    .map((part) => ("text" in part ? part.text : ""))
    .join("");
}
