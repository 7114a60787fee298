/**
 * Reads a whole-second RFC 3339 instant in UTC, `2026-04-23T00:00:00Z`, the only form that is signed.
 *
 * @returns Epoch milliseconds, or undefined for every other text.
 */
export function parseSignedTimestamp(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return undefined;
  const instant = Date.parse(text);
  // Date.parse rolls a 30 February over into March.
  const isRealDate = !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text.slice(0, 19));
  return isRealDate ? instant : undefined;
}
