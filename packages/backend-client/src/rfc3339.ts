/**
 * Reads a timestamp of RFC 3339 §5.6.
 *
 * @returns Unix seconds, without fractions; nothing for any other text.
 */
export function parseRfc3339(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, sign, offsetHour = "0", offsetMinute = "0"] =
    rfc3339.exec(text) ?? [];
  if (year === undefined) return undefined;
  const fields = [year, month, day, hour, minute].map(Number) as [number, number, number, number, number];
  // A leap second counts as the second before it.
  const seconds = Math.min(Number(second), 59);
  const date = new Date(0);
  date.setUTCFullYear(fields[0], fields[1] - 1, fields[2]);
  date.setUTCHours(fields[3], fields[4], seconds);
  const isReal =
    date.getUTCMonth() === fields[1] - 1 &&
    date.getUTCDate() === fields[2] &&
    date.getUTCHours() === fields[3];
  if (
    !isReal ||
    fields[4] > 59 ||
    Number(second) > 60 ||
    Number(offsetHour) > 23 ||
    Number(offsetMinute) > 59
  )
    return undefined;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60 * (sign === "-" ? -1 : 1);
  return date.getTime() / 1000 - offset;
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
