import { expect, test } from "vitest";
import { formatNumber, formatResult } from "../src/report/print.ts";
import { atLeast, atMost } from "../src/report/result.ts";
import { median, medianRatio } from "../src/report/statistics.ts";
import { checkTally } from "../src/sse/tally.ts";
import { workload } from "../src/sse/workloads.ts";

test("the median is the middle value, or the mean of the middle two", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
  expect(() => median([])).toThrow(TypeError);
});

test("ratios are taken round by round, so that a slow spell of both sides cancels out", () => {
  expect(medianRatio([2, 20, 2], [1, 10, 1])).toBe(2);
  expect(medianRatio([2, 2, 20], [1, 10, 1])).toBe(2);
  expect(() => medianRatio([1], [1, 2])).toThrow(TypeError);
});

test("a check holds at its bound and not beyond", () => {
  expect(atMost("", 1.25, 1.25).holds).toBe(true);
  expect(atMost("", 1.26, 1.25).holds).toBe(false);
  expect(atLeast("", 5, 5).holds).toBe(true);
  expect(atLeast("", 4.99, 5).holds).toBe(false);
});

test("a figure that is missing makes a check fail", () => {
  expect(atMost("", Number.NaN, 1).holds).toBe(false);
  expect(atLeast("", Number.NaN, 1).holds).toBe(false);
});

test("a result is printed as aligned tables, with each check's figure and bound below", () => {
  const table = {
    title: "Times",
    columns: ["", "ms"],
    rows: [
      ["one", "1.00"],
      ["eleven", "11"],
    ],
  };
  const checks = [atMost("time", 1.5, 1.25), atLeast("speed", 6, 5)];
  expect(formatResult({ name: "sse", tables: [table], checks, figures: [] })).toBe(
    [
      "━━ sse",
      "",
      "Times",
      "          ms",
      "────────────",
      "one     1.00",
      "eleven    11",
      "",
      "✗ time: 1.50 (≤ 1.25)",
      "✓ speed: 6.00 (≥ 5)",
    ].join("\n"),
  );
});

test("numbers have three digits, or thousands", () => {
  expect([0.01234, 1.25, 99.95, 100.4, 1234567].map(formatNumber)).toEqual([
    "0.0123",
    "1.25",
    "100",
    "100",
    "1,234,567",
  ]);
});

test("a side that loses a delta or the end of the stream is found out", () => {
  const { deltas, characters } = workload("deltas");
  const check = checkTally("deltas");
  const complete = { deltas, characters, finished: true };
  expect(() => check(complete, "us")).not.toThrow();
  for (const fault of [{ deltas: deltas - 1 }, { characters: characters + 1 }, { finished: false }]) {
    expect(() => check({ ...complete, ...fault }, "us")).toThrow("us read");
  }
});
