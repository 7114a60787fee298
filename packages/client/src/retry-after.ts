/**
 * Reads how long a server asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a date.
 *
 * @param now - Milliseconds since the epoch; a date is measured from it.
 * @returns Milliseconds, or nothing when there is no header or it cannot be read.
 */
export function parseRetryAfter(headers: Headers, now: number): number | undefined {
  const milliseconds = parseNumber(headers.get("retry-after-ms"));
  if (milliseconds !== undefined) return Math.ceil(milliseconds);
  const value = headers.get("retry-after");
  const seconds = parseNumber(value);
  if (seconds !== undefined) return Math.ceil(seconds * 1000);
  // Date.parse takes almost anything, "-5" too. The three forms of RFC 9110 §5.6.7 start with a weekday.
  if (value === null || !/^[A-Z][a-z]{2}/.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function parseNumber(value: string | null): number | undefined {
  return value !== null && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/**
 * Recognizes the answer that says that an allowance is used up, which no retry can help.
 *
 * @returns When the allowance starts anew, as far as the server says; nothing for any other answer.
 */
export function parseUsageLimit(body: string | undefined, now: number): { resetsAt?: Date } | undefined {
  const error = errorMember(body);
  if (error?.["type"] !== "usage_limit_reached") return undefined;
  const { resets_at: at, resets_in_seconds: within } = error;
  const resetsAt =
    typeof at === "number" ? at * 1000 : typeof within === "number" ? now + within * 1000 : Number.NaN;
  const date = new Date(resetsAt);
  return Number.isNaN(date.getTime()) ? {} : { resetsAt: date };
}

function errorMember(body: string | undefined): Record<string, unknown> | undefined {
  if (body === undefined || !body.includes("usage_limit_reached")) return undefined;
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) && isRecord(parsed["error"]) ? parsed["error"] : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
