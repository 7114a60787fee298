import { expect, test, vi } from "vitest";
import { AuthError, isAuthError } from "../src/index.js";

test("carries its kind, its cause and a stable name", () => {
  const cause = new Error("exit code 1");
  const error = new AuthError("token command failed", { kind: "transient", cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "AuthError",
    message: "token command failed",
    kind: "transient",
    cause,
  });
});

test("has no cause when none was given", () => {
  expect("cause" in new AuthError("bad key", { kind: "build" })).toBe(false);
});

test("recognises an error of another installed copy, and nothing that only looks alike", async () => {
  vi.resetModules();
  const copy = await import("../src/index.js");
  const foreign = new copy.AuthError("bad key", { kind: "build" });
  expect(foreign).not.toBeInstanceOf(AuthError);
  expect(isAuthError(foreign)).toBe(true);
  expect(isAuthError(Object.assign(new Error("x"), { name: "AuthError", kind: "build" }))).toBe(false);
  expect(isAuthError(undefined)).toBe(false);
  expect(isAuthError("AuthError")).toBe(false);
});
