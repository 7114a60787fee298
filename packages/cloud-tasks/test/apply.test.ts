import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cloudTasksErrorText, isCloudTasksError } from "../src/index.js";
import { requestLines, startClient } from "./support/start-client.js";
import { TestRepository, temporaryFolder } from "./support/test-repository.js";

const lines = "one\ntwo\nthree\n";
const diff =
  "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n";
const other = diff.replace("+2", "+zwei");

test("tells whether a task applies, then applies it to the working tree", async () => {
  const { backend, client } = await startClient();
  const repository = TestRepository.create({ "a.txt": lines });
  const { id } = backend.cloud.addTask({ attempts: [{ diff }] });
  expect(await client.preflight(id, { cwd: repository.root })).toEqual({
    applied: false,
    status: "success",
    message: `Preflight passed for task ${id} (applies cleanly)`,
    appliedPaths: ["a.txt"],
    skippedPaths: [],
    conflictPaths: [],
  });
  expect(repository.read("a.txt")).toBe(lines);
  expect(await client.apply(`https://chatgpt.com/codex/tasks/${id}?x#y`, { cwd: repository.root })).toEqual({
    applied: true,
    status: "success",
    message: `Applied task ${id} locally (1 files)`,
    appliedPaths: ["a.txt"],
    skippedPaths: [],
    conflictPaths: [],
  });
  expect(repository.read("a.txt")).toBe(lines.replace("two", "2"));
});

test("applies the attempt that is asked for", async () => {
  const { backend, client } = await startClient();
  const repository = TestRepository.create({ "a.txt": lines });
  const { id } = backend.cloud.addTask({
    attempts: [{ diff }, { diff: null }, { diff: other, isPullRequest: true }],
  });
  expect(await client.apply(id, { cwd: repository.root, attempt: 2 })).toMatchObject({ applied: true });
  expect(repository.read("a.txt")).toBe(lines.replace("two", "zwei"));
  await expect(client.apply(id, { cwd: repository.root, attempt: 3 })).rejects.toMatchObject({
    kind: "invalid_input",
    message: "Attempt 3 not available; only 2 attempt(s) found",
  });
});

test("applies a diff that is given in place of the task's, without asking for the task", async () => {
  const { backend, client } = await startClient();
  const repository = TestRepository.create({ "a.txt": lines });
  expect(await client.apply("task_1", { cwd: repository.root, diff: other })).toMatchObject({
    applied: true,
  });
  expect(requestLines(backend)).toEqual([]);
});

test("leaves the tree as it is when the diff conflicts, or leaves markers when they are wanted", async () => {
  const { backend, client } = await startClient();
  const repository = TestRepository.create({ "a.txt": lines });
  const base = repository.git("hash-object", "a.txt").trim();
  const indexed = diff.replace("--- a", `index ${base}..${"1".repeat(40)} 100644\n--- a`);
  repository.commit({ "a.txt": lines.replace("two", "mine") });
  const { id } = backend.cloud.addTask({ attempts: [{ diff: indexed }] });
  expect(await client.preflight(id, { cwd: repository.root })).toMatchObject({
    status: "error",
    message: `Preflight failed for task ${id} (applied=0, skipped=1, conflicts=0)`,
  });
  expect(await client.apply(id, { cwd: repository.root })).toMatchObject({
    applied: false,
    status: "error",
    message: `Apply failed for task ${id} (applied=0, skipped=0, conflicts=1)`,
    conflictPaths: ["a.txt"],
  });
  expect(repository.git("status", "--porcelain")).toBe("");
  expect(await client.apply(id, { cwd: repository.root, onConflict: "mark" })).toMatchObject({
    applied: false,
    status: "partial",
    message: `Apply partially succeeded for task ${id} (applied=0, skipped=0, conflicts=1)`,
  });
  expect(repository.read("a.txt")).toContain("<<<<<<<");
});

test("says when a task has no diff, and when what it has is none", async () => {
  const { backend, client } = await startClient();
  const repository = TestRepository.create({ "a.txt": lines });
  const cwd = repository.root;
  const none = backend.cloud.addTask({ attempts: [{ diff: null }] });
  for (const call of [client.apply(none.id, { cwd }), client.preflight(none.id, { cwd })]) {
    await expect(call).rejects.toMatchObject({
      kind: "no_diff",
      message: `No diff available for task ${none.id}`,
    });
  }
  await expect(client.apply(none.id, { cwd, attempt: 1 })).rejects.toMatchObject({
    kind: "no_diff",
    message: `No diff available for task ${none.id}; it may still be running.`,
  });
  const strange = backend.cloud.addTask({ attempts: [{ diff: "*** Begin Patch\n*** End Patch\n" }] });
  expect(await client.apply(strange.id, { cwd })).toEqual({
    applied: false,
    status: "error",
    message: "Expected unified git diff; backend returned an incompatible format.",
    appliedPaths: [],
    skippedPaths: [],
    conflictPaths: [],
  });
});

test("what git refuses is an error of kind git, and nothing has changed", async () => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask({ attempts: [{ diff }] });
  const outside = await client.apply(id, { cwd: temporaryFolder() }).catch((error: unknown) => error);
  expect(outside).toMatchObject({ kind: "git", cause: { kind: "not_a_repository" } });
  if (!isCloudTasksError(outside)) throw outside;
  expect(cloudTasksErrorText(outside)).toMatch(
    /^io error: git apply failed to run: not a git repository \(exit 128\): /,
  );

  const repository = TestRepository.create({ "a.txt": lines });
  writeFileSync(join(repository.root, "a.txt"), `${lines}mine\n`);
  await expect(client.apply(id, { cwd: repository.root })).rejects.toMatchObject({
    kind: "git",
    cause: { kind: "dirty_tree", paths: ["a.txt"] },
  });
  expect(repository.read("a.txt")).toBe(`${lines}mine\n`);

  mkdirSync(join(repository.root, "sub"));
  const escaping = backend.cloud.addTask({ attempts: [{ diff: diff.replaceAll("a.txt", "../a.txt") }] });
  await expect(client.apply(escaping.id, { cwd: join(repository.root, "sub") })).rejects.toMatchObject({
    kind: "git",
    cause: { kind: "unsafe_path" },
  });
});

test("an abort while git works, or while the task is read, is one of kind aborted", async () => {
  const { backend, client } = await startClient();
  const cwd = TestRepository.create({ "a.txt": lines }).root;
  const signal = AbortSignal.abort();
  await expect(client.apply("t", { cwd, diff, signal })).rejects.toMatchObject({ kind: "aborted" });
  await expect(client.apply("t", { cwd, signal })).rejects.toMatchObject({ kind: "aborted" });
  expect(backend.requests).toEqual([]);
});
