import { expect, test } from "vitest";
import { parseReasoningEffort } from "../src/index.js";

test.each(["none", "minimal", "low", "medium", "high", "xhigh", "ultra", "brand-new"])(
  "takes %s",
  (effort) => {
    expect(parseReasoningEffort(effort)).toBe(effort);
  },
);

test.each([
  ["", "reasoning_effort must not be empty"],
  [null, "reasoning_effort must be a string"],
  [3, "reasoning_effort must be a string"],
])("refuses %j", (value, message) => {
  expect(() => parseReasoningEffort(value)).toThrow(
    expect.objectContaining({ kind: "invalid_value", message }),
  );
});
