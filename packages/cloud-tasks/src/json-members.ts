/** A member of a JSON object; of anything else, and of what it only inherits, there is none. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that is an array; anything else is an empty one. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const member = memberOf(value, name);
  return Array.isArray(member) ? member : [];
}

/** A member that is a text. */
export function textOf(value: unknown, name: string): string | undefined {
  const member = memberOf(value, name);
  return typeof member === "string" ? member : undefined;
}

/** A member that is an integer. */
export function integerOf(value: unknown, name: string): number | undefined {
  const member = memberOf(value, name);
  return Number.isSafeInteger(member) ? (member as number) : undefined;
}

/** A member that is a time in seconds since 1970, to the millisecond; what lies before counts as 1970. */
export function timeOf(value: unknown, name: string): Date | undefined {
  const seconds = memberOf(value, name);
  if (typeof seconds !== "number") return undefined;
  const time = new Date(Math.round(Math.max(0, seconds) * 1000));
  return Number.isNaN(time.getTime()) ? undefined : time;
}
