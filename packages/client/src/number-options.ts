/**
 * Checks a number that a caller gave, if there is one.
 *
 * @throws TypeError which names the option and the expectation.
 */
export function checkInteger(name: string, value: number | undefined, least: 0 | 1 = 0): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw new TypeError(`"${name}" must be a ${least === 0 ? "non-negative" : "positive"} integer`);
}

/** Checks a time limit in milliseconds, if there is one: like {@link checkInteger}, and Infinity is allowed. */
export function checkTimeLimit(name: string, value: number | undefined): void {
  if (value !== Number.POSITIVE_INFINITY) checkInteger(name, value);
}
