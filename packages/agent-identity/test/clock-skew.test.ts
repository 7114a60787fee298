import { expect, test } from "vitest";
import { clockSkewHint } from "../src/clock-skew.js";

const serverTime = Date.parse("2026-04-23T00:00:00Z");
const headers = new Headers({ date: "Thu, 23 Apr 2026 00:00:00 GMT" });

test.each([
  [60_001, "the clock here is 1 min ahead of the server's"],
  [-7 * 60_000, "the clock here is 7 min behind the server's"],
  [3 * 3_600_000, "the clock here is 3 h ahead of the server's"],
  [-400 * 86_400_000, "the clock here is 400 d behind the server's"],
])("tells a difference of %d ms", (difference, hint) => {
  expect(clockSkewHint(headers, serverTime + difference)).toBe(hint);
});

test.each([0, 60_000, -60_000])("is silent about a difference of %d ms", (difference) => {
  expect(clockSkewHint(headers, serverTime + difference)).toBeUndefined();
});

test("is silent without a usable Date header", () => {
  expect(clockSkewHint(undefined, 0)).toBeUndefined();
  expect(clockSkewHint(new Headers(), 0)).toBeUndefined();
  expect(clockSkewHint(new Headers({ date: "soon" }), 0)).toBeUndefined();
});
