/** The answer of `GET …/rate-limit-reset-credits`. */
export interface ResetCreditList {
  readonly credits: readonly ResetCredit[];
  readonly available_count: number;
}

/** A credit that starts rate limits anew. */
export interface ResetCredit {
  readonly id: string;
  readonly reset_type: string;
  readonly status: string;
  /** As the server writes it. */
  readonly granted_at: string;
  readonly expires_at: string | null;
  readonly title: string | null;
  readonly description: string | null;
}

/** What became of a credit: used, nothing to use it for, none left, or used before with the same id. */
export type ResetCreditCode = "reset" | "nothing_to_reset" | "no_credit" | "already_redeemed";

/** Every {@link ResetCreditCode}. */
export const resetCreditCodes: readonly ResetCreditCode[] = [
  "reset",
  "nothing_to_reset",
  "no_credit",
  "already_redeemed",
];

/** The answer of `POST …/rate-limit-reset-credits/consume`. */
export interface ConsumedResetCredit {
  readonly code: ResetCreditCode;
  /** How many windows start anew. */
  readonly windows_reset: number;
}
