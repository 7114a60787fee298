import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { pause, withDeadline } from "../src/deadline.js";

const late = (): Error => new Error("late");

test("work that ends in time leaves no timer and no listener, and is told to stop what it left running", async () => {
  vi.useFakeTimers();
  try {
    const { signal } = new AbortController();
    let inner: AbortSignal | undefined;
    const work = async (given: AbortSignal): Promise<string> => {
      inner = given;
      return "done";
    };
    expect(await withDeadline(1000, signal, work, late)).toBe("done");
    await expect(withDeadline(1000, signal, () => Promise.reject(late()), late)).rejects.toThrow("late");
    expect([inner?.aborted, vi.getTimerCount(), getEventListeners(signal, "abort")]).toEqual([true, 0, []]);
  } finally {
    vi.useRealTimers();
  }
});

test("a limit that is longer than a timer can be is none", async () => {
  const soon = async (): Promise<string> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return "done";
  };
  expect(await withDeadline(2 ** 31, new AbortController().signal, soon, late)).toBe("done");
});

test("a pause that is ended leaves no timer", async () => {
  vi.useFakeTimers();
  try {
    const controller = new AbortController();
    const pausing = pause(1000, controller.signal);
    controller.abort(new Error("enough"));
    await expect(pausing).rejects.toThrow("enough");
    expect([vi.getTimerCount(), getEventListeners(controller.signal, "abort")]).toEqual([0, []]);
  } finally {
    vi.useRealTimers();
  }
});
