import {
  arrayMember,
  choiceMember,
  isJsonObject,
  type JsonObject,
  jsonObject,
  memberOf,
  mismatch,
  nullableStringMember,
  stringElement,
} from "../json-members.js";

/** How far a local shell call is. */
export type LocalShellStatus = "completed" | "in_progress" | "incomplete";

/** Every {@link LocalShellStatus}. */
export const localShellStatuses: readonly LocalShellStatus[] = ["completed", "in_progress", "incomplete"];

/** A command that the model wants to be run. */
export interface LocalShellAction {
  readonly type: "exec";
  readonly command: readonly string[];
  /** Milliseconds; `null`: no limit of its own. */
  readonly timeout_ms: number | null;
  readonly working_directory: string | null;
  readonly env: Readonly<Record<string, string>> | null;
  readonly user: string | null;
}

/** Reads a command. */
export function parseLocalShellAction(value: unknown): LocalShellAction {
  const source = jsonObject(value);
  return {
    type: choiceMember(source, "type", ["exec"]),
    command: arrayMember(source, "command", stringElement),
    timeout_ms: nullableUnsigned(source, "timeout_ms"),
    working_directory: nullableStringMember(source, "working_directory"),
    env: nullableStringMap(source, "env"),
    user: nullableStringMember(source, "user"),
  };
}

// The largest unsigned 64-bit integer is one less, but as a JavaScript number it is rounded up to this.
const unsignedLimit = 2 ** 64;

function nullableUnsigned(source: JsonObject, key: string): number | null {
  const value = memberOf(source, key);
  if (value === undefined) return null;
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= unsignedLimit) return Number(value);
  throw mismatch(key, "an unsigned integer or null", value);
}

function nullableStringMap(source: JsonObject, key: string): Readonly<Record<string, string>> | null {
  const value = memberOf(source, key);
  if (value === undefined) return null;
  // The name of a variable is text from the other side: it stays out of the error.
  if (!isJsonObject(value)) throw mismatch(key, "an object of strings or null", value);
  const entries: [string, string][] = [];
  for (const name of Object.keys(value)) {
    const text = value[name];
    if (typeof text !== "string") throw mismatch(key, "an object of strings or null", value);
    entries.push([name, text]);
  }
  // Not by assignment: a variable named __proto__ would replace the prototype instead.
  return Object.fromEntries(entries);
}
