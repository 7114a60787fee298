/** Against which day and in which place a time is told. */
export interface LocalTimeOptions {
  /**
   * Milliseconds since the epoch.
   *
   * @defaultValue Date.now
   */
  readonly clock?: (() => number) | undefined;
  /**
   * IANA name of a time zone, such as `Europe/Amsterdam`.
   *
   * @defaultValue that of the machine
   */
  readonly timeZone?: string | undefined;
}

/** Tells a time in words: `2:05 PM` if it is today, else `Jan 4th, 2026 2:05 PM`. */
export function localTimeText(time: Date, { clock = Date.now, timeZone }: LocalTimeOptions): string {
  const there = partsOf(time, timeZone);
  const here = partsOf(new Date(clock()), timeZone);
  const timeOfDay = `${there.hour}:${there.minute} ${there.dayPeriod}`;
  if (there.day === here.day && there.month === here.month && there.year === here.year) return timeOfDay;
  return `${there.month} ${there.day}${ordinalSuffix(Number(there.day))}, ${there.year} ${timeOfDay}`;
}

type Part = "day" | "dayPeriod" | "hour" | "minute" | "month" | "year";

function partsOf(date: Date, timeZone: string | undefined): Record<Part, string> {
  const format = new Intl.DateTimeFormat("en-US", {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    hourCycle: "h12",
    timeZone,
  });
  return Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value])) as Record<
    Part,
    string
  >;
}

function ordinalSuffix(day: number): string {
  if (day >= 11 && day <= 13) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}
