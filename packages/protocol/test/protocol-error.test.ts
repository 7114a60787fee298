import { inspect } from "node:util";
import { expect, test } from "vitest";
import { isProtocolError, ProtocolError, parseResponseItem } from "../src/index.js";

test("knows its own errors and those of another copy of this package", () => {
  const foreign = Object.assign(new Error("x"), { [Symbol.for("@codex-ts/protocol.ProtocolError")]: true });
  expect(isProtocolError(new ProtocolError("x", { kind: "invalid_value" }))).toBe(true);
  expect(isProtocolError(foreign)).toBe(true);
});

test.each([new Error("x"), { name: "ProtocolError" }, null, undefined, "ProtocolError"])(
  "does not take %j",
  (value) => {
    expect(isProtocolError(value)).toBe(false);
  },
);

test("carries its facts and the cause", () => {
  const cause = new Error("inner");
  const error = new ProtocolError("x", { kind: "invalid_item", path: "a", expected: "b", found: "c", cause });
  expect(error).toMatchObject({
    name: "ProtocolError",
    kind: "invalid_item",
    path: "a",
    expected: "b",
    found: "c",
    cause,
  });
});

test("prints nothing of the item that was refused", () => {
  const item = {
    type: "message",
    role: { secret: "hunter2" },
    content: [{ type: "input_text", text: "hunter2" }],
  };
  try {
    parseResponseItem(item);
    expect.unreachable();
  } catch (error) {
    expect(inspect(error, { depth: null }) + JSON.stringify(error)).not.toContain("hunter2");
  }
});
