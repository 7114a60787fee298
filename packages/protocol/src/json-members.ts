import { ProtocolError } from "./protocol-error.js";

/** A JSON object whose members nobody has looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A value under construction: the same members, writable. */
export type Draft<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Where a parser hangs an optional member when it is there. */
type Target<Key extends string, Value> = { [Member in Key]?: Value | undefined };

const longestQuote = 40;

/** Tells whether the value is a JSON object, which an array is not. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Gives an own member; `null` is the same as none. What is inherited does not count. */
export function memberOf(source: JsonObject, key: string): unknown {
  return Object.hasOwn(source, key) ? (source[key] ?? undefined) : undefined;
}

/** Gives the value itself when it is a JSON object. */
export function jsonObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw mismatch("", "an object", value);
}

/** Gives a member that has to be there, as a string. */
export function stringMember(source: JsonObject, key: string): string {
  const value = memberOf(source, key);
  if (typeof value === "string") return value;
  throw mismatch(key, "a string", value);
}

/** Gives a string, or `null` when it is missing. */
export function nullableStringMember(source: JsonObject, key: string): string | null {
  const value = memberOf(source, key);
  if (value === undefined) return null;
  if (typeof value === "string") return value;
  throw mismatch(key, "a string or null", value);
}

/** Gives a member that has to be one of a closed set. */
export function choiceMember<const Choice extends string>(
  source: JsonObject,
  key: string,
  choices: readonly Choice[],
): Choice {
  const value = memberOf(source, key);
  for (const choice of choices) if (choice === value) return choice;
  // The name of an unknown choice is worth showing: it is the server's vocabulary, not a user's text.
  const found = typeof value === "string" ? JSON.stringify(value.slice(0, longestQuote)) : describe(value);
  throw itemError(key, `one of ${choices.join(", ")}`, found);
}

/** Gives any JSON, `null` included, but not a missing member. */
export function jsonMember(source: JsonObject, key: string): unknown {
  const value = Object.hasOwn(source, key) ? source[key] : undefined;
  if (value !== undefined) return value;
  throw mismatch(key, "any JSON value", value);
}

/** Gives the array itself, whatever is in it. */
export function opaqueArrayMember(source: JsonObject, key: string): readonly unknown[] {
  const value = memberOf(source, key);
  if (Array.isArray(value)) return value;
  throw mismatch(key, "an array", value);
}

/** Gives an array whose elements have all been read. */
export function arrayMember<Element>(
  source: JsonObject,
  key: string,
  parseElement: (value: unknown) => Element,
): Element[] {
  return parseArray(opaqueArrayMember(source, key), key, parseElement);
}

/** Reads every element; an error tells which one it was. */
export function parseArray<Element>(
  values: readonly unknown[],
  key: string,
  parseElement: (value: unknown) => Element,
): Element[] {
  const elements: Element[] = [];
  for (let index = 0; index < values.length; index += 1) {
    try {
      elements.push(parseElement(values[index]));
    } catch (error) {
      throw within(`${key}[${index}]`, error);
    }
  }
  return elements;
}

/** Gives a member that another parser reads; an error tells where it was. */
export function objectMember<Value>(
  source: JsonObject,
  key: string,
  parse: (value: unknown) => Value,
): Value {
  try {
    return parse(memberOf(source, key));
  } catch (error) {
    throw within(key, error);
  }
}

/** Gives the value itself when it is a string. */
export function stringElement(value: unknown): string {
  if (typeof value === "string") return value;
  throw mismatch("", "a string", value);
}

/** Copies an optional string, if there is one. */
export function keepString<Key extends string>(
  source: JsonObject,
  key: Key,
  target: Target<Key, string>,
): void {
  const value = memberOf(source, key);
  if (value === undefined) return;
  if (typeof value !== "string") throw mismatch(key, "a string", value);
  target[key] = value;
}

/** Copies an optional member of a closed set, if there is one. */
export function keepChoice<Key extends string, Choice extends string>(
  source: JsonObject,
  key: Key,
  choices: readonly Choice[],
  target: Target<Key, Choice>,
): void {
  if (memberOf(source, key) !== undefined) target[key] = choiceMember(source, key, choices);
}

/** Copies an optional array of strings, if there is one. */
export function keepStrings<Key extends string>(
  source: JsonObject,
  key: Key,
  target: Target<Key, readonly string[]>,
): void {
  if (memberOf(source, key) !== undefined) target[key] = arrayMember(source, key, stringElement);
}

/** Makes the error for a member that is not what it has to be. */
export function mismatch(path: string, expected: string, value: unknown): ProtocolError {
  return itemError(path, expected, describe(value));
}

/** Puts the place of the enclosing value in front of the path of an error. */
function within(segment: string, error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const separator = error.path === "" || error.path.startsWith("[") ? "" : ".";
  return itemError(`${segment}${separator}${error.path}`, error.expected, error.found);
}

function itemError(path: string, expected: string, found: string): ProtocolError {
  const place = path === "" ? "the value" : `"${path}"`;
  return new ProtocolError(`${place} must be ${expected}, got ${found}`, {
    kind: "invalid_item",
    path,
    expected,
    found,
  });
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
