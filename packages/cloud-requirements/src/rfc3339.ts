const pattern = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|([+-])(\d\d):(\d\d))$/;

const nanosPerMilli = 1_000_000n;
const nanosPerSecond = 1_000_000_000n;

/**
 * Reads a timestamp of RFC 3339.
 *
 * @returns Nanoseconds since the epoch; digits beyond them are dropped. Nothing for any other text.
 */
export function parseTimestamp(text: string): bigint | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = "",
    ,
    sign,
    offsetHour = "0",
    offsetMinute = "0",
  ] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const epochMs = Date.parse(`${iso}Z`);
  // Date.parse takes 24:00 and the 31st of any month for the day after.
  if (Number.isNaN(epochMs) || !new Date(epochMs).toISOString().startsWith(iso)) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === "-" ? -1 : 1);
  return BigInt(epochMs - offsetMs) * nanosPerMilli + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

/** Writes a timestamp in UTC with `Z`, and of the fraction as many of 0, 3, 6 or 9 digits as it takes. */
export function formatTimestamp(nanos: bigint): string {
  const fraction = ((nanos % nanosPerSecond) + nanosPerSecond) % nanosPerSecond;
  const seconds = new Date(Number((nanos - fraction) / nanosPerMilli))
    .toISOString()
    .slice(0, -".000Z".length);
  const digits = fraction
    .toString()
    .padStart(9, "0")
    .replace(/(?:000)+$/, "");
  return digits === "" ? `${seconds}Z` : `${seconds}.${digits}Z`;
}

/** Nanoseconds of an instant in epoch milliseconds. */
export function toNanos(epochMs: number): bigint {
  return BigInt(Math.trunc(epochMs)) * nanosPerMilli;
}
