import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isProtocolError, parseResponseItem, toWireItem } from "../src/index.js";
import { itemArbitraries, unknownMembers } from "./support/item-arbitraries.js";

const anyItem = fc.oneof(...Object.values(itemArbitraries));

test.each(Object.entries(itemArbitraries))("%s survives the round trip in its wire form", (_, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, unknownMembers, (wire, unknown) => {
      const item = parseResponseItem({ ...unknown, ...wire });
      deepStrictEqual(item, wire);
      deepStrictEqual(parseResponseItem(JSON.parse(JSON.stringify(toWireItem(item)))), item);
      deepStrictEqual(parseResponseItem(item), item);
    }),
  );
});

test("an item of an unknown type comes back verbatim", () => {
  fc.assert(
    fc.property(fc.string(), unknownMembers, (type, members) => {
      const wire = { ...members, type: `x_${type}` };
      const item = parseResponseItem(JSON.parse(JSON.stringify(wire)));
      expect(JSON.stringify(item)).toBe('{"type":"other"}');
      expect(JSON.stringify(toWireItem(item))).toBe(JSON.stringify(wire));
    }),
  );
});

test("any JSON is an item or a ProtocolError", () => {
  fc.assert(fc.property(fc.jsonValue(), isItemOrProtocolError), { numRuns: 500 });
});

test("an item with any JSON in place of a member is an item or a ProtocolError", () => {
  const damaged = fc
    .tuple(anyItem, fc.nat(), fc.oneof(fc.jsonValue(), anyItem, fc.array(anyItem, { maxLength: 2 })))
    .map(([wire, choice, replacement]) => {
      const names = Object.keys(wire);
      return { ...wire, [names[choice % names.length] ?? "type"]: replacement };
    });
  fc.assert(fc.property(damaged, isItemOrProtocolError), { numRuns: 1000 });
});

function isItemOrProtocolError(value: unknown): boolean {
  try {
    return typeof parseResponseItem(value).type === "string";
  } catch (error) {
    return isProtocolError(error) && error.kind === "invalid_item";
  }
}
