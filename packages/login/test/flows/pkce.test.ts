import { expect, test } from "vitest";
import { createPkceCodes, createState, isSameState } from "../../src/flows/pkce.js";

const all = (byte: number) => (size: number) => Buffer.alloc(size, byte);

test("verifier and challenge are those of the vector", () => {
  expect(createPkceCodes(all(1))).toEqual({
    verifier: "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ",
    challenge: "d-tPkxk37XPMxus_-J6yZXGjoN4TOADR8GPQl-whssA",
  });
});

test("the state is that of the vector", () => {
  expect(createState(all(9))).toBe("CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk");
});

test("every sign-in has codes and a state of its own", () => {
  const made = Array.from({ length: 20 }, () => [createPkceCodes().verifier, createState()]).flat();
  expect(new Set(made).size).toBe(40);
  expect(made.every((text) => /^[A-Za-z0-9_-]+$/.test(text))).toBe(true);
});

test.each([
  ["state", "state", true],
  ["state", "statE", false],
  ["state", "state2", false],
  ["state", "", false],
])("%j and %j are the same state: %j", (one, other, isSame) => {
  expect(isSameState(one, other)).toBe(isSame);
});
