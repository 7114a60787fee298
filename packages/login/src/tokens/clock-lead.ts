import type { TokenSchedule } from "./freshness.js";

/** Tokens this young were made by a refresh that has just happened. */
const freshForMs = 60_000;

/**
 * How far the clock of this machine is ahead of the issuer's, as far as it matters: a clock that is an hour ahead
 * takes each new token for one about to expire, and would refresh before each request.
 *
 * It is learned from new tokens only. Of tokens that were found in a file nobody knows how old they are.
 */
export class ClockLead {
  #ms = 0;

  /** What to subtract from the time of this machine before it is compared with a {@link TokenSchedule}. */
  get ms(): number {
    return this.#ms;
  }

  /**
   * Takes note of tokens that a refresh has just given, here or in another process.
   *
   * @param lastRefreshMs - When they were stored.
   */
  observe(schedule: TokenSchedule, lastRefreshMs: number | undefined, nowMs: number): void {
    const ageMs = lastRefreshMs === undefined ? freshForMs : nowMs - lastRefreshMs;
    if (ageMs < 0 || ageMs >= freshForMs) return;
    const { refreshAtMs, issuedAtMs } = schedule;
    if (nowMs < refreshAtMs) this.#ms = 0;
    // Without the time of issue the lead is unknown; then such a token is used for a minute at a time.
    else this.#ms = issuedAtMs === undefined ? nowMs - refreshAtMs + freshForMs : nowMs - issuedAtMs;
  }
}
