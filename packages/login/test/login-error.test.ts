import { expect, test, vi } from "vitest";
import { isLoginError, isPermanentRefreshFailure, LoginError } from "../src/index.js";

test("carries its kind, its cause and whether to try again", () => {
  const cause = new Error("ENOSPC");
  const error = new LoginError("cannot be written", { kind: "storage", retryable: true, status: 503, cause });
  expect(error).toMatchObject({ name: "LoginError", kind: "storage", retryable: true, status: 503, cause });
  expect(new LoginError("x", { kind: "storage" }).retryable).toBe(false);
  expect("cause" in new LoginError("x", { kind: "storage" })).toBe(false);
});

test("recognises an error of another installed copy, and nothing that only looks alike", async () => {
  vi.resetModules();
  const copy = await import("../src/login-error.js");
  const foreign = new copy.LoginError("x", { kind: "refresh_reused" });
  expect(foreign).not.toBeInstanceOf(LoginError);
  expect([isLoginError(foreign), isPermanentRefreshFailure(foreign)]).toEqual([true, true]);
  expect(isLoginError(Object.assign(new Error("x"), { name: "LoginError", kind: "storage" }))).toBe(false);
  expect([isLoginError(undefined), isLoginError("LoginError")]).toEqual([false, false]);
});

test.each([
  ["refresh_expired", true],
  ["refresh_rejected", true],
  ["account_mismatch", true],
  ["refresh_unavailable", false],
  ["refresh_uncertain", false],
  ["storage", false],
] as const)("%s ends these tokens: %s", (kind, isPermanent) => {
  expect(isPermanentRefreshFailure(new LoginError("x", { kind }))).toBe(isPermanent);
});
