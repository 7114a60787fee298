import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "GitApplyError",
    "applyPatch",
    "isGitApplyError",
    "parseApplyOutput",
    "patchPaths",
    "preflightPatch",
    "runGit",
  ]);
});

test("knows its errors across duplicate installs", () => {
  const error = new api.GitApplyError("refused", { kind: "empty_diff" });
  expect(api.isGitApplyError(error)).toBe(true);
  expect(api.isGitApplyError({ [Symbol.for("@codex-ts/git-apply.GitApplyError")]: true })).toBe(true);
  expect(api.isGitApplyError(new Error("refused"))).toBe(false);
  expect(api.isGitApplyError(undefined)).toBe(false);
  expect(JSON.stringify(error)).toBe('{"name":"GitApplyError","kind":"empty_diff","paths":[]}');
});
