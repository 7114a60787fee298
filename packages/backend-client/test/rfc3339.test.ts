import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRfc3339 } from "../src/rfc3339.js";

test.each([
  ["1970-01-01T00:00:00Z", 0],
  ["2026-06-14t00:00:00z", 1781395200],
  ["2026-06-14 00:00:00.999999999Z", 1781395200],
  ["2026-06-13T22:30:00-01:30", 1781395200],
  ["2016-12-31T23:59:60Z", 1483228799],
  ["0099-01-01T00:00:00Z", -59042995200],
  ["2024-02-29T00:00:00+00:00", 1709164800],
])("%s is %d", (text, seconds) => {
  expect(parseRfc3339(text)).toBe(seconds);
});

test.each([
  "2026-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-00-01T00:00:00Z",
  "2026-01-00T00:00:00Z",
  "2026-01-01T24:00:00Z",
  "2026-01-01T00:60:00Z",
  "2026-01-01T00:00:61Z",
  "2026-01-01T00:00:00+24:00",
  "2026-01-01T00:00:00+00:60",
  "2026-01-01T00:00:00",
  "2026-01-01T00:00:00.Z",
  "2026-01-01T00:00:00Z\n",
  "",
])("%j is no time", (text) => {
  expect(parseRfc3339(text)).toBeUndefined();
});

test("reads every time that a Date writes", () => {
  const dates = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      expect(parseRfc3339(date.toISOString())).toBe(Math.floor(date.getTime() / 1000));
    }),
  );
});
