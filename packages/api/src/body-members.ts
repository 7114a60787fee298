import { type ResponseItem, toWireItem } from "@codex-ts/protocol";
import { ApiError } from "./api-error.js";

/** Gives a member that is left out when it is not set, which `null` is not. */
export function set<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}

/** Gives a text that is left out when it is empty. */
export function setText(text: string | null | undefined): string | undefined {
  return text === "" ? undefined : set(text);
}

/** Copies an object without its members that are `null`; `JSON.stringify` leaves out the undefined ones. */
export function setMembers(source: object | null | undefined): object | undefined {
  if (!source) return undefined;
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== null));
}

/** Gives the items as they are, unless one of them has an original form that differs. Then the list is copied. */
export function toWireItems(items: readonly unknown[]): readonly unknown[] {
  return items.some((item) => toWire(item) !== item) ? items.map(toWire) : items;
}

/**
 * Writes a body as JSON text.
 *
 * @param what - Names the body in the error: `failed to encode <what>: …`.
 * @throws {@link ApiError} of kind `stream`, code `invalid_body`, when a part of it cannot be written as JSON.
 */
export function encodeBody(what: string, body: object): string {
  try {
    return JSON.stringify(body);
  } catch (cause) {
    const text = cause instanceof Error ? firstLine(cause.message) : "unknown failure";
    throw new ApiError(`failed to encode ${what}: ${text}`, { kind: "stream", code: "invalid_body", cause });
  }
}

function toWire(item: unknown): unknown {
  return typeof item === "object" && item !== null ? toWireItem(item as ResponseItem) : item;
}

/** V8 explains a circular structure over several lines, with names of the caller's members. */
function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
