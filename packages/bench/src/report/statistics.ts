/** The middle value, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new TypeError("median needs at least one value");
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/**
 * The median of the ratios round by round. Both sides of a round ran next to each other, so what slowed the
 * machine down for a while cancels out; the ratio of two medians would keep it.
 */
export function medianRatio(values: readonly number[], base: readonly number[]): number {
  if (values.length !== base.length) throw new TypeError("both sides need the same number of rounds");
  return median(values.map((value, round) => value / (base[round] as number)));
}
