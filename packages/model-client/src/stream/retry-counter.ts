import type { UserError } from "@codex-ts/api";
import { backoff } from "@codex-ts/client";

/** What a counter goes by. */
export interface RetryCounterOptions {
  readonly maxRetries: number;
  /** Those of them over WebSockets. */
  readonly webSocketRetries: number;
  readonly baseDelayMs: number;
  /** The longest wait that a server may ask for. */
  readonly maxRetryAfterMs: number;
  readonly random: () => number;
}

/** Counts the retries of one stream. Those over WebSockets and those over HTTP are counted apart. */
export class RetryCounter {
  readonly #options: RetryCounterOptions;
  #retries = 0;
  #hasReconnected = false;

  constructor(options: RetryCounterOptions, retries = 0) {
    this.#options = options;
    this.#retries = retries;
  }

  get retries(): number {
    return this.#retries;
  }

  get maxRetries(): number {
    return this.#options.maxRetries;
  }

  isUsedUp(isWebSocket: boolean): boolean {
    const { maxRetries, webSocketRetries } = this.#options;
    return this.#retries >= (isWebSocket ? Math.min(maxRetries, webSocketRetries) : maxRetries);
  }

  /** @returns How long to wait before the next try in milliseconds; nothing when the server asks for too much. */
  next({ delayMs: asked = 0 }: UserError): number | undefined {
    const { baseDelayMs, maxRetryAfterMs, random } = this.#options;
    if (asked > maxRetryAfterMs) return undefined;
    this.#retries += 1;
    const delayMs = asked > 0 ? asked : backoff({ baseDelayMs }, this.#retries, random);
    return Math.min(delayMs, longestTimerMs);
  }

  /** @returns Whether a new connection may be opened at once; not twice in a row without anything coming of it. */
  reconnect(): boolean {
    const isFirst = !this.#hasReconnected;
    this.#hasReconnected = true;
    return isFirst;
  }

  /** An answer has begun. */
  noteProgress(): void {
    this.#hasReconnected = false;
  }

  /** Requests go another way now. */
  startOver(): void {
    this.#retries = 0;
    this.#hasReconnected = false;
  }
}

// A longer delay makes Node fire at once.
const longestTimerMs = 2 ** 31 - 1;
