import { Refusal } from "../refusal.js";

type Members = Readonly<Record<string, unknown>>;

/** @throws {@link Refusal} 400 when the member is no text, or an empty one. */
export function textMember(body: Members, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw invalidMember(name, "a string");
  return value;
}

/** @throws {@link Refusal} 400 when the member is no array. */
export function arrayMember(body: Members, name: string): readonly unknown[] {
  const value = body[name];
  if (!Array.isArray(value)) throw invalidMember(name, "an array");
  return value;
}

/** Looks at any value as if it were an object. */
export function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null ? (value as Members) : {};
}

/** The refusal of a body with a member that is missing or of another shape. */
export function invalidMember(param: string, expected: string): Refusal {
  return new Refusal(`'${param}' must be ${expected}`, { status: 400, code: "invalid_request_body", param });
}
