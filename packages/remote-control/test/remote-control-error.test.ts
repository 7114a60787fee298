import { inspect } from "node:util";
import { expect, test } from "vitest";
import { isRemoteControlError, RemoteControlError } from "../src/index.js";

test("holds what is known, and is told by its brand", () => {
  const cause = new Error("why");
  const error = new RemoteControlError("m", { kind: "other", status: 500, cause });
  expect(error).toMatchObject({ name: "RemoteControlError", kind: "other", status: 500, cause });
  expect([isRemoteControlError(error), isRemoteControlError(cause), isRemoteControlError(null)]).toEqual([
    true,
    false,
    false,
  ]);
  const bare = new RemoteControlError("m", { kind: "other" });
  expect(Object.keys(bare).sort()).toEqual(["kind", "name"]);
  expect([inspect(bare).includes("undefined"), "cause" in bare]).toEqual([false, false]);
});
