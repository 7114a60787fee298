import { expect, test } from "vitest";
import { patchPaths } from "../src/index.js";
import { vectors } from "./support/vectors.js";

// The reference splits the line at its first space; git does not, and neither do we.
const better: Readonly<Record<string, readonly string[]>> = { rename: ["new", "old name"] };

test.each(vectors.patch_paths)("names the files of a diff: $name", ({ name, input, expected }) => {
  expect(patchPaths(input)).toEqual(better[name] ?? expected);
});

test.each([
  ["a name in quotes", 'diff --git "a/tab\\there" "b/tab\\there"\n', ["tab\there"]],
  ["octal escapes", 'diff --git "a/\\303\\274.txt" "b/\\303\\274.txt"\n', ["ü.txt"]],
  ["an escaped quote", 'diff --git "a/say \\"hi\\"" "b/say \\"hi\\""\n', ['say "hi"']],
  ["one name in quotes", 'diff --git a/plain name "b/tab\\there"\n', ["plain name", "tab\there"]],
  ["spaces in a name that stays", "diff --git a/x b/y z b/x b/y z\n", ["x b/y z"]],
  ["a rename", "diff --git a/o b/n\nrename from o\nrename to n\n", ["n", "o"]],
  ["a copy", 'diff --git a/o "b/\\t"\ncopy from o\ncopy to "\\t"\n', ["\t", "o"]],
  ["a diff without git's headers", "--- a/x\t2026-01-01\n+++ b/x\t2026-01-02\n@@ -1 +1 @@\n-a\n+b\n", ["x"]],
  ["a new file without git's headers", "--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+b\n", ["new"]],
  ["CRLF", "diff --git a/x b/x\r\n--- a/x\r\n+++ b/x\r\n", ["x"]],
  [
    "two files without git's headers",
    "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n",
    ["x", "y"],
  ],
  [
    "lines of a file that look like headers",
    "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/old\n+++ b/new\n diff --git a/q b/q\n\\ No newline at end of file\n",
    ["x"],
  ],
  ["prose", "hello\n\nworld", []],
])("reads %s", (_, diff, paths) => {
  expect(patchPaths(diff)).toEqual(paths);
});
