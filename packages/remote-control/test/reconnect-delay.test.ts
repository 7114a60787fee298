import { expect, test } from "vitest";
import { ReconnectDelay } from "../src/reconnect-delay.js";

const limits = { reconnectDelayMs: 200, maxReconnectDelayMs: 30_000 };

test("waits longer each time, and from the start again after the longest", () => {
  const delay = new ReconnectDelay(limits, () => 0.5);
  const delays = Array.from({ length: 11 }, () => delay.next());
  expect(delays).toEqual([200, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 200]);
});

test("varies by a tenth", () => {
  expect(new ReconnectDelay(limits, () => 0).next()).toBe(180);
  expect(new ReconnectDelay(limits, () => 0.999_999).next()).toBe(219);
});

test("starts again after a success", () => {
  const delay = new ReconnectDelay(limits, () => 0.5);
  for (let count = 0; count < 5; count += 1) delay.next();
  delay.reset();
  expect([delay.attempt, delay.next()]).toEqual([0, 200]);
});
