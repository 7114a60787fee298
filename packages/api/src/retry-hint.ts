/**
 * Reads the pause that a rate-limit message asks for, such as `Please try again in 11.054s`.
 *
 * Understands seconds (`s`, `second`, `seconds`), also with a fraction, and `ms`. The first hint counts.
 *
 * @returns Whole milliseconds, at most what a timer can wait (2^31 − 1), or nothing without a hint.
 */
export function parseRetryHint(message: string): number | undefined {
  const [, amount, unit] = hint.exec(message) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const milliseconds =
    unit.toLowerCase() === "ms"
      ? Number(amount)
      : Math.round(Number(amount) * nanosPerSecond) / nanosPerMilli;
  return Math.min(Math.floor(milliseconds), longestTimer);
}

const hint = /try again in\s*(\d+(?:\.\d+)?)\s*(ms|seconds?|s)/i;
// Seconds are rounded to nanoseconds first: 1.001 × 1000 would be cut to 1000.
const nanosPerSecond = 1e9;
const nanosPerMilli = 1e6;
const longestTimer = 2 ** 31 - 1;
