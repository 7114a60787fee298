/** Makes a date of Unix seconds. None for no number, or one that is out of range. */
export function fromUnixSeconds(seconds: number | null | undefined): Date | undefined {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
