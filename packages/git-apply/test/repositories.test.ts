import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { applyPatch, preflightPatch } from "../src/index.js";
import { gitIn, TestRepository, temporaryFolder } from "./support/test-repository.js";

const lines = "one\ntwo\nthree\nfour\nfive\n";
const changed = lines.replace("two", "2");

test("a tree that git checks out with CRLF takes a diff with LF", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": changed });
  repository.git("config", "core.autocrlf", "true");
  repository.git("rm", "--cached", "--quiet", "a.txt");
  repository.git("reset", "--quiet", "--hard");
  expect(repository.read("a.txt")).toBe(lines.replaceAll("\n", "\r\n"));
  expect(await preflightPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(changed.replaceAll("\n", "\r\n"));
  expect(repository.git("status", "--porcelain")).toBe("M  a.txt\n");
});

test("an index that is split stays usable", async () => {
  const repository = TestRepository.create({ "a.txt": lines, "b.txt": "b\n" });
  const diff = repository.diffTo({ "a.txt": changed, "n.txt": "n\n" });
  repository.git("update-index", "--split-index");
  expect(await preflightPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.git("status", "--porcelain")).toBe("M  a.txt\nA  n.txt\n");
  expect(repository.git("ls-files")).toBe("a.txt\nb.txt\nn.txt\n");
});

test("a repository with SHA-256 takes text and binary files", async () => {
  const repository = TestRepository.create();
  const outside = temporaryFolder();
  gitIn(outside, "init", "--quiet", "--object-format=sha256", "work");
  const root = `${outside}/work`;
  Object.assign(repository, { root });
  repository.commit({ "a.txt": lines, "b.bin": "\0one" });
  const diff = repository.diffTo({ "a.txt": changed, "b.bin": "\0two" });
  expect(await applyPatch(diff, { cwd: root })).toMatchObject({ appliedPaths: ["a.txt", "b.bin"] });
});

test("in a sparse checkout applies to files that are not checked out", async () => {
  const repository = TestRepository.create({ "in/a.txt": lines, "out/b.txt": lines });
  const diff = repository.diffTo({ "in/a.txt": changed, "out/b.txt": changed });
  repository.git("sparse-checkout", "set", "in");
  expect(repository.has("out/b.txt")).toBe(false);
  repository.touch("in/a.txt");
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.git("show", ":out/b.txt")).toBe(changed);
  expect(repository.git("diff", "--cached", "--name-only")).toBe("in/a.txt\nout/b.txt\n");
});

test("a clone that borrows its objects has them in a trial too", async () => {
  const origin = TestRepository.create({ "a.txt": lines });
  const diff = origin.diffTo({ "a.txt": changed });
  origin.git("clone", "--quiet", "--shared", ".", '../bor"rowing: clone');
  const cwd = `${origin.outside}/bor"rowing: clone`;
  writeFileSync(`${cwd}/a.txt`, lines.replace("two", "mine"));
  gitIn(cwd, "commit", "--all", "--quiet", "--message", "mine");
  // Without the contents that the diff starts from there is no merge, and so no conflict.
  expect(await applyPatch(diff, { cwd })).toMatchObject({ conflictPaths: ["a.txt"], skippedPaths: [] });
});

test("what was applied before the index knew it can be taken back", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": changed, "new.txt": "n\n" });
  repository.write({ "a.txt": changed, "new.txt": "n\n" });
  expect(await applyPatch(diff, { cwd: repository.root, revert: true })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(lines);
  expect(repository.has("new.txt")).toBe(false);
  expect(repository.git("status", "--porcelain")).toBe("");
});

test("taking back keeps what was changed elsewhere in the file, and all its contents in the repository", async () => {
  const far = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join("");
  const repository = TestRepository.create({ "a.txt": far });
  const diff = repository.diffTo({ "a.txt": far.replace("line 2\n", "theirs\n") }, "--full-index");
  // Git then goes by size and time of the last change alone, and does not read a file twice.
  repository.git("config", "core.trustctime", "false");
  const mine = far.replace("line 18\n", "mine\n");
  repository.write({ "a.txt": mine.replace("line 2\n", "theirs\n") });
  expect(await applyPatch(diff, { cwd: repository.root, revert: true })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(mine);
  expect(repository.git("show", ":a.txt")).toBe(mine);
  expect(repository.git("fsck", "--no-dangling")).toBe("");
});

test("taking back what conflicts leaves the tree as it was, staged or not", async () => {
  const repository = TestRepository.create({ "a.txt": lines, "b.txt": lines });
  const diff = repository.diffTo({ "a.txt": changed, "b.txt": changed });
  repository.write({ "a.txt": lines.replace("two", "mine"), "b.txt": changed });
  const before = repository.fingerprint();
  expect(await applyPatch(diff, { cwd: repository.root, revert: true })).toMatchObject({
    status: "error",
    appliedPaths: [],
    conflictPaths: ["a.txt"],
  });
  expect(repository.fingerprint()).toEqual(before);
});
