import fc from "fast-check";
import { expect, test } from "vitest";
import { isSameJson, isSameObject } from "../src/json-equality.js";

test.each<[unknown, unknown]>([
  [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ],
  [{ a: 1, b: undefined }, { a: 1 }],
  [[{ a: [] }], [{ a: [] }]],
])("%o is written as %o", (left, right) => {
  expect([isSameJson(left, right), isSameJson(right, left)]).toEqual([true, true]);
});

test.each<[unknown, unknown]>([
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: null }, {}],
  [[1, 2], [1]],
  [[], {}],
  [["a"], { 0: "a" }],
  [1, "1"],
  [null, {}],
  [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
])("%o is not written as %o", (left, right) => {
  expect([isSameJson(left, right), isSameJson(right, left)]).toEqual([false, false]);
});

test("any JSON is the same after a round trip, and as another only if it is written alike", () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(json, json, (one, other) => {
      const copy = JSON.parse(sorted(one)) as unknown;
      expect(isSameJson(copy, JSON.parse(JSON.stringify(copy)))).toBe(true);
      expect(isSameJson(copy, other)).toBe(sorted(other) === sorted(copy));
    }),
  );
});

test("members of given names do not count, whichever side has them", () => {
  const ignored = new Set(["id"]);
  expect(isSameObject({ a: 1, id: 1 }, { a: 1 }, ignored)).toBe(true);
  expect(isSameObject({ a: 1 }, { a: 1, id: 2 }, ignored)).toBe(true);
  expect(isSameObject({ a: { id: 1 } }, { a: {} }, ignored)).toBe(false);
});

function sorted(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
