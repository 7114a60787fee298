import type { SseEvent, WebSocketConnection } from "@codex-ts/client";
import type { Provider } from "./provider.js";
import { toTurnError } from "./websocket-errors.js";

type Batch = readonly SseEvent[];
type BatchResult = IteratorResult<Batch, undefined>;

/** How a response is read from its connection. */
export interface WebSocketTurnOptions {
  readonly provider: Provider;
  readonly requestId: string | undefined;
  readonly signal: AbortSignal | undefined;
  /** Whether the response has come to its end, so that the connection can be used again. */
  readonly isCompleted: () => boolean;
  /** Called once, when the response is over. */
  readonly onEnd: () => void;
}

/** The messages of one response, as its stream reads them. Leaving before the end drops the connection. */
export class WebSocketTurn implements AsyncIterator<Batch, undefined> {
  readonly #connection: WebSocketConnection;
  readonly #options: WebSocketTurnOptions;
  readonly #messages: AsyncIterableIterator<readonly string[], undefined>;
  readonly #onAbort = (): void => this.#end();
  #isOver = false;

  constructor(connection: WebSocketConnection, options: WebSocketTurnOptions) {
    const { provider, signal } = options;
    this.#connection = connection;
    this.#options = options;
    this.#messages = connection.messages({
      idleTimeoutMs: provider.streamIdleTimeoutMs,
      eventTimeoutMs: provider.streamEventTimeoutMs,
      firstEventTimeoutMs: provider.streamFirstEventTimeoutMs,
    });
    signal?.addEventListener("abort", this.#onAbort);
  }

  /** Sends a request. If that fails, reading tells. */
  send(text: string): void {
    const timeoutMs = this.#options.provider.streamIdleTimeoutMs ?? defaultSendTimeoutMs;
    this.#connection.send(text, { timeoutMs }).catch(() => {});
  }

  async next(): Promise<BatchResult> {
    try {
      const { done, value } = await this.#messages.next();
      return done ? { done, value } : { done: false, value: value.map(toEvent) };
    } catch (error) {
      throw toTurnError(error, this.#options.requestId);
    }
  }

  return(): Promise<BatchResult> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    // The protocol has no message that ends a response, and what is left of it would be taken for the next.
    if (!this.#options.isCompleted()) this.#connection.terminate();
    void this.#messages.return?.();
    this.#options.onEnd();
  }
}

const defaultSendTimeoutMs = 300_000;

function toEvent(data: string): SseEvent {
  return { event: "message", data, id: "" };
}
