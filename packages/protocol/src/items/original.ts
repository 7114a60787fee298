import type { JsonObject } from "../json-members.js";

/** Shared between copies of this package, so that an item parsed by one is written back whole by another. */
const original: unique symbol = Symbol.for("@codex-ts/protocol.original");

/**
 * Remembers the JSON that a value of unknown type was made from. The property is not enumerable, so
 * comparing, spreading and `JSON.stringify` see the bare value only.
 */
export function attachOriginal<Value extends object>(value: Value, source: JsonObject): Value {
  // What is parsed a second time keeps its first source.
  return Object.defineProperty(value, original, { value: originalOf(source) ?? source });
}

/** Gives the JSON that {@link attachOriginal} remembered, if the value still has it. */
export function originalOf(value: object): JsonObject | undefined {
  return Object.hasOwn(value, original)
    ? (value as { readonly [original]: JsonObject })[original]
    : undefined;
}
