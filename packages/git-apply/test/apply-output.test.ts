import { expect, test } from "vitest";
import { parseApplyOutput } from "../src/index.js";
import { vectors } from "./support/vectors.js";

test.each(vectors.apply_output)("sorts what git says: $name", ({ input, expected }) => {
  expect(parseApplyOutput(input)).toEqual(expected);
});

test.each([
  ["Applied patch to 'a b.txt' cleanly.", { applied: ["a b.txt"] }],
  ["Applied patch a.txt with conflicts", { conflicted: ["a.txt"] }],
  ["Applying patch a.txt with 1 reject...", { conflicted: ["a.txt"] }],
  ['error: patch failed: "tab\\there.txt":3', { skipped: ["tab\there.txt"] }],
  ['error: "\\303\\274ber.txt": patch does not apply', { skipped: ["über.txt"] }],
  ["error: new.txt: already exists in working directory", { skipped: ["new.txt"] }],
  ["error: new.txt: already exists in index", { skipped: ["new.txt"] }],
  ["error: gone.txt: does not exist in index", { skipped: ["gone.txt"] }],
  ["error: gone.txt: No such file or directory", { skipped: ["gone.txt"] }],
  ["error: patch failed: a.txt File exists", { skipped: ["a.txt"] }],
  ["error: path a.txt has been renamed/deleted", { skipped: ["a.txt"] }],
  ["error: binary patch to 'a.bin' creates incorrect result (expecting 1, got 2)", { skipped: ["a.bin"] }],
  ["error: cannot read the current contents of 'a.txt'", { skipped: ["a.txt"] }],
  ["ERROR: A.TXT: PATCH DOES NOT APPLY", { skipped: ["A.TXT"] }],
  ["Performing three-way merge...\nFalling back to direct application...", {}],
  ["error: repository lacks the necessary blob to perform 3-way merge.", {}],
])("reads %j", (stderr, groups) => {
  expect(parseApplyOutput({ stdout: "", stderr })).toEqual({
    applied: [],
    skipped: [],
    conflicted: [],
    ...groups,
  });
});

test.each([
  "error: repository lacks the necessary blob to fall back on 3-way merge.",
  "repository lacks the necessary blob to perform 3-way merge.",
  "Failed to perform three-way merge...",
])("skips the file that git was at when it says %j", (line) => {
  const stderr = `Checking patch a.txt...\nApplied patch a.txt cleanly.\nChecking patch b.txt...\nU b.txt\n${line}\n`;
  expect(parseApplyOutput({ stdout: "", stderr })).toEqual({
    applied: ["a.txt"],
    skipped: ["b.txt"],
    conflicted: [],
  });
});
