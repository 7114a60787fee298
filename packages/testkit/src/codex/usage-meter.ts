import type { ResetCreditEntry } from "./backend-account.js";

/** What became of a credit. */
interface Redemption {
  readonly code: "reset" | "nothing_to_reset" | "no_credit" | "already_redeemed";
  readonly windows_reset: number;
}

/** How much of the limits is used up: a five-hour and a weekly window, and the credits that start them anew. */
export class UsageMeter {
  planType = "pro";
  /** Whole percent of the five-hour window. */
  primaryPercent = 0;
  /** Whole percent of the week. */
  secondaryPercent = 0;
  /** By how much each answer of `/responses` raises both, up to 100. Nothing is refused then. Default 1. */
  percentPerResponse = 1;
  /** Members of the answer in place of the usual ones, such as `credits` or `additional_rate_limits`. */
  overrides: Readonly<Record<string, unknown>> = {};
  readonly #now: () => number;
  readonly #credits: ResetCreditEntry[] = [];
  readonly #redeemed = new Set<string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** All credits that were given, oldest first: live. */
  get resetCredits(): readonly ResetCreditEntry[] {
    return this.#credits;
  }

  /** Gives credits that start the limits anew. */
  addResetCredits(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#credits.push({
        id: `credit_${this.#credits.length + 1}`,
        reset_type: "rate_limit",
        status: "available",
        granted_at: new Date(this.#now()).toISOString(),
        expires_at: null,
        title: "Rate limit reset",
        description: null,
      });
    }
  }

  /** Uses up part of both windows. */
  use(percent: number): void {
    this.primaryPercent = Math.min(100, this.primaryPercent + percent);
    this.secondaryPercent = Math.min(100, this.secondaryPercent + percent);
  }

  /** How many credits are left. */
  get availableCredits(): number {
    return this.#credits.filter(({ status }) => status === "available").length;
  }

  /**
   * Uses up a credit, but none with a request id that was there before, and none when there is nothing to reset.
   *
   * @internal
   */
  redeem(requestId: string, creditId: string | undefined): Redemption {
    if (this.#redeemed.has(requestId)) return { code: "already_redeemed", windows_reset: 0 };
    const index = this.#credits.findIndex(
      ({ id, status }) => status === "available" && (creditId === undefined || id === creditId),
    );
    const credit = this.#credits[index];
    if (credit === undefined) return { code: "no_credit", windows_reset: 0 };
    const used = [this.primaryPercent, this.secondaryPercent].filter((percent) => percent > 0);
    if (used.length === 0) return { code: "nothing_to_reset", windows_reset: 0 };
    this.#redeemed.add(requestId);
    this.#credits[index] = { ...credit, status: "redeemed" };
    this.primaryPercent = 0;
    this.secondaryPercent = 0;
    return { code: "reset", windows_reset: used.length };
  }

  /**
   * The answer of `usage`.
   *
   * @internal
   */
  toWire(): object {
    const isReached = this.primaryPercent >= 100 || this.secondaryPercent >= 100;
    return {
      plan_type: this.planType,
      rate_limit: {
        allowed: !isReached,
        limit_reached: isReached,
        primary_window: this.#window(this.primaryPercent, 18_000),
        secondary_window: this.#window(this.secondaryPercent, 604_800),
      },
      credits: null,
      spend_control: null,
      additional_rate_limits: null,
      rate_limit_reached_type: isReached ? { type: "rate_limit_reached" } : null,
      rate_limit_reset_credits: { available_count: this.availableCredits },
      ...this.overrides,
    };
  }

  /** @internal */
  reset(): void {
    this.planType = "pro";
    this.primaryPercent = 0;
    this.secondaryPercent = 0;
    this.percentPerResponse = 1;
    this.overrides = {};
    this.#credits.length = 0;
    this.#redeemed.clear();
  }

  #window(percent: number, seconds: number): object {
    return {
      used_percent: percent,
      limit_window_seconds: seconds,
      reset_after_seconds: seconds,
      reset_at: Math.floor(this.#now() / 1000) + seconds,
    };
  }
}
