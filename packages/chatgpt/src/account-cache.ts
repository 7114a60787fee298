/** Keeps one value for one account, for a time. Whoever asks for another account gets nothing, and the value is forgotten. */
export class AccountCache<Value> {
  readonly #now: () => number;
  #entry: { readonly key: string; readonly value: Value; readonly expiresAt: number } | undefined;
  #lastTicket = 0;
  #newestStored = 0;
  #epoch = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Changes when everything is forgotten. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Gives the value if its time is not over. */
  fresh(key: string | undefined): Value | undefined {
    const value = this.any(key);
    return this.#entry !== undefined && this.#entry.expiresAt > this.#now() ? value : undefined;
  }

  /** Gives the value however old it is. */
  any(key: string | undefined): Value | undefined {
    if (key === undefined || this.#entry?.key !== key) this.#entry = undefined;
    return this.#entry?.value;
  }

  /** To be taken before a value is asked for, so that what was asked for first does not replace what was asked for later. */
  takeTicket(): number {
    this.#lastTicket += 1;
    return this.#lastTicket;
  }

  /**
   * Keeps a value.
   *
   * @returns Whether it is the newest; if not, nothing is kept.
   */
  store(ticket: number, key: string, value: Value, ttlMs: number): boolean {
    if (ticket <= this.#newestStored) return false;
    this.#newestStored = ticket;
    this.#entry = { key, value, expiresAt: this.#now() + ttlMs };
    return true;
  }

  /** Keeps a value whose time is over, unless there is one already. */
  storeExpired(key: string, value: Value): void {
    this.#entry ??= { key, value, expiresAt: Number.NEGATIVE_INFINITY };
  }

  /** Forgets the value, also those that are being asked for now. */
  clear(): void {
    this.#epoch += 1;
    this.#entry = undefined;
    this.#newestStored = this.#lastTicket;
  }
}
