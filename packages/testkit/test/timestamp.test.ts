import { expect, test } from "vitest";
import { parseSignedTimestamp } from "../src/timestamp.js";

test("reads whole seconds in UTC", () => {
  expect(parseSignedTimestamp("2026-04-23T01:02:03Z")).toBe(Date.UTC(2026, 3, 23, 1, 2, 3));
});

test.each([
  "2026-04-23T01:02:03.000Z",
  "2026-04-23T01:02:03+00:00",
  "2026-04-23t01:02:03z",
  "2026-04-23 01:02:03Z",
  "2026-02-30T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-04-23T24:00:00Z",
  "2026-04-23T01:02:03Z ",
  "",
])("refuses %j", (text) => {
  expect(parseSignedTimestamp(text)).toBeUndefined();
});
