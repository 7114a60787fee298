/** Limits of the pauses before connecting again. */
export interface ReconnectLimits {
  readonly reconnectDelayMs: number;
  readonly maxReconnectDelayMs: number;
}

/** Tells how long to wait before connecting again: longer each time, and from the start again after the longest. */
export class ReconnectDelay {
  readonly #limits: ReconnectLimits;
  readonly #random: () => number;
  #attempt = 0;

  /** @param random - Uniform in [0, 1). */
  constructor(limits: ReconnectLimits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** How many tries have failed in a row. */
  get attempt(): number {
    return this.#attempt;
  }

  /** Counts a failed try. */
  next(): number {
    const { reconnectDelayMs, maxReconnectDelayMs } = this.#limits;
    const jitter = 0.9 + this.#random() * 0.2;
    const delayMs = reconnectDelayMs * 2 ** Math.max(this.#attempt - 1, 0) * jitter;
    this.#attempt += 1;
    if (delayMs < maxReconnectDelayMs) return Math.floor(delayMs);
    this.#attempt = 0;
    return maxReconnectDelayMs;
  }

  reset(): void {
    this.#attempt = 0;
  }
}
