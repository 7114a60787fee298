/** Tells whether the value is a signed 64-bit integer, as far as a JavaScript number can tell. */
export function isInt64(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= -(2 ** 63) && (value as number) < 2 ** 63;
}
