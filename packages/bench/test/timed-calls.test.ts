import { expect, test } from "vitest";
import { timeCalls } from "../src/assertions/timed-calls.ts";

test("flat out, every call gets headers of its own", async () => {
  const seen = new Set<Headers>();
  const { calls } = await timeCalls({ pace: "flat out", count: 250 }, (headers) => seen.add(headers));
  expect({ calls, seen: seen.size }).toEqual({ calls: 250, seen: 250 });
});

test("at a pace, all calls are made, and not before they are due", async () => {
  let calls = 0;
  const startedAt = performance.now();
  const outcome = await timeCalls({ pace: "10,000/s", seconds: 0.05 }, () => calls++);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(50);
  expect({ calls, counted: outcome.calls }).toEqual({ calls: 500, counted: 500 });
});
