const tolerableSkewMs = 60_000;

/**
 * Compares the `Date` header of a refusal with the clock that signed the request.
 *
 * @returns A clause for an error text when the two are more than a minute apart, and nothing otherwise.
 */
export function clockSkewHint(headers: Headers | undefined, epochMs: number): string | undefined {
  const serverTime = Date.parse(headers?.get("date") ?? "");
  const skewMs = epochMs - serverTime;
  // Not a number when there is no usable header.
  if (!(Math.abs(skewMs) > tolerableSkewMs)) return undefined;
  return `the clock here is ${describe(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"} the server's`;
}

function describe(durationMs: number): string {
  const minutes = durationMs / 60_000;
  if (minutes < 120) return `${Math.floor(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} d`;
}
