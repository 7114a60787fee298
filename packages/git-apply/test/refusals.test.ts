import { mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyPatch, type GitApplyErrorKind, preflightPatch } from "../src/index.js";
import { gitIn, TestRepository, temporaryFolder } from "./support/test-repository.js";

const lines = "one\ntwo\nthree\nfour\nfive\n";

/** Nothing touches it, so one is enough. */
let shared: TestRepository;

beforeAll(() => {
  shared = TestRepository.create({ "a.txt": lines, "src/b.txt": "b\n" }, (clean) => cleanUps.push(clean));
  symlinkSync("..", join(shared.root, "out"));
  symlinkSync("src", join(shared.root, "inside"));
  mkdirSync(join(shared.root, "nested", "deep"), { recursive: true });
  gitIn(join(shared.root, "nested"), "init", "--quiet");
});
const cleanUps: (() => void)[] = [];
afterAll(() =>
  cleanUps.forEach((clean) => {
    clean();
  }),
);

test.each<[what: string, diff: string, kind: GitApplyErrorKind]>([
  ["nothing", "", "empty_diff"],
  ["blank lines", " \n\n", "empty_diff"],
  ["prose", "I have fixed it.\n", "invalid_diff"],
  ["a header alone", "diff --git a/a.txt b/a.txt\n", "invalid_diff"],
  ["a hunk that is cut off", change("a.txt").split("\n").slice(0, -3).join("\n"), "invalid_diff"],
  ["a hunk that miscounts", change("a.txt").replace("@@ -1,3 +1,3 @@", "@@ -1,9 +1,9 @@"), "invalid_diff"],
  ["a binary file without data", binary("a.txt"), "binary_diff"],
  [
    "a binary file with data, but short object ids",
    `${binary("a.txt").split("\n").slice(0, 2).join("\n")}\nGIT binary patch\nliteral 1\nIcmZPo000310RR91\n\nliteral 0\nHcmV?d00001\n\n`,
    "binary_diff",
  ],
  ["a path upwards", addition("../escaped.txt"), "unsafe_path"],
  ["a path upwards in the middle", addition("src/../../escaped.txt"), "unsafe_path"],
  ["a path upwards in quotes", addition('"b/..\\057escaped.txt"', ""), "unsafe_path"],
  ["an absolute path", addition("/tmp/escaped.txt", ""), "unsafe_path"],
  ["an absolute path after the prefix", addition("/tmp/escaped.txt"), "unsafe_path"],
  ["a path upwards as Windows writes it", addition("..\\escaped.txt"), "unsafe_path"],
  ["an absolute path as Windows writes it", addition("\\escaped.txt"), "unsafe_path"],
  ["a path on a drive", addition("C:\\escaped.txt"), "unsafe_path"],
  ["a path beside a drive's folder", addition("c:escaped.txt"), "unsafe_path"],
  ["git's own folder", addition(".git/hooks/pre-commit"), "unsafe_path"],
  ["git's own folder in capitals", addition(".GIT/config"), "unsafe_path"],
  ["git's own folder below another", addition("sub/.Git/config"), "unsafe_path"],
  ["git's own folder with a dot", addition(".git./config"), "unsafe_path"],
  ["git's own folder with a stream", addition(".git::$INDEX_ALLOCATION/config"), "unsafe_path"],
  ["git's own folder by its short name", addition("GIT~1/config"), "unsafe_path"],
  ["git's own folder with an invisible character", addition(".g\u200cit/config"), "unsafe_path"],
  ["git's own folder with backslashes", addition(".git\\config"), "unsafe_path"],
  ["a dot segment", addition("./a.txt"), "unsafe_path"],
  ["a rename out of the tree", moved("rename", "a.txt", "../escaped.txt"), "unsafe_path"],
  ["a rename into the tree", moved("rename", "../secret.txt", "b.txt"), "unsafe_path"],
  ["a copy into the tree", moved("copy", "/etc/passwd", "b.txt"), "unsafe_path"],
  ["a path through a link out of the tree", addition("out/escaped.txt"), "unsafe_path"],
  ["a path through a link in the tree", addition("inside/new.txt"), "unsafe_path"],
  [
    "a path through a link that the same diff makes",
    `diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+..\n\\ No newline at end of file\n${addition("l/escaped.txt")}`,
    "unsafe_path",
  ],
  ["a name that is no UTF-8", addition('"b/\\377.txt"', ""), "unsafe_path"],
  ["a name that no disk takes", addition(`${"long".repeat(100)}/a.txt`), "git_failed"],
  ["a submodule that is added", submodule("new file mode 160000"), "submodule"],
  ["a submodule that is moved on", submodule("index 1111111..2222222 160000"), "submodule"],
  ["a file in a repository inside this one", addition("nested/deep/new.txt"), "submodule"],
])("refuses %s, and touches nothing", async (_, diff, kind) => {
  const repository = shared;
  const before = repository.fingerprint();
  const options = { cwd: repository.root };
  await expect(preflightPatch(diff, options)).rejects.toMatchObject({ name: "GitApplyError", kind });
  await expect(applyPatch(diff, options)).rejects.toMatchObject({ name: "GitApplyError", kind });
  await expect(applyPatch(diff, { ...options, revert: true })).rejects.toMatchObject({ kind });
  expect(repository.fingerprint()).toEqual(before);
});

test("names an unsafe path in a way that cannot forge a line", async () => {
  const repository = TestRepository.create({});
  const error = await applyPatch(addition('"b/../x\\nerror: forged"', ""), { cwd: repository.root }).catch(
    String,
  );
  expect(error).toBe(
    'GitApplyError: the diff names a path that leads out of the working tree: "../x\\nerror: forged"',
  );
});

test("refuses a diff for files with local changes, and names them", async () => {
  const repository = TestRepository.create({ "a.txt": lines, "b.txt": lines, "c.txt": lines });
  const diff = repository.diffTo({ "a.txt": `${lines}a\n`, "b.txt": `${lines}b\n` });
  repository.write({ "a.txt": `mine\n${lines}`, "c.txt": "mine\n" });
  const before = repository.fingerprint();
  for (const attempt of [preflightPatch, applyPatch]) {
    await expect(attempt(diff, { cwd: repository.root })).rejects.toMatchObject({
      kind: "dirty_tree",
      paths: ["a.txt"],
      message:
        'files that the diff touches have local changes that are not staged ("a.txt"): commit, stage or stash them first',
    });
  }
  expect(repository.fingerprint()).toEqual(before);
});

test("sees local changes that leave size and time as they were", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": `${lines}a\n` });
  const [path, index] = [join(repository.root, "a.txt"), join(repository.root, ".git", "index")];
  const time = new Date("2026-01-01T00:00:00Z");
  // All that git has left to go by is that the index is not newer than the file.
  repository.git("config", "core.trustctime", "false");
  repository.git("config", "core.checkStat", "minimal");
  utimesSync(path, time, time);
  repository.git("update-index", "--refresh");
  utimesSync(index, time, time);
  repository.write({ "a.txt": lines.replace("two", "2wo") });
  utimesSync(path, time, time);
  for (const attempt of [preflightPatch, applyPatch]) {
    await expect(attempt(diff, { cwd: repository.root })).rejects.toMatchObject({ kind: "dirty_tree" });
  }
});

test("refuses a diff for a file that was deleted here", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": `${lines}a\n` });
  rmSync(join(repository.root, "a.txt"));
  await expect(applyPatch(diff, { cwd: repository.root })).rejects.toMatchObject({ kind: "dirty_tree" });
  expect(repository.has("a.txt")).toBe(false);
});

test("refuses a diff for a file with conflicts that are not resolved", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "theirs") });
  repository.commit({ "a.txt": lines.replace("two", "ours") });
  await applyPatch(diff, { cwd: repository.root, onConflict: "mark" });
  const before = repository.fingerprint();
  for (const revert of [false, true]) {
    await expect(applyPatch(diff, { cwd: repository.root, revert })).rejects.toMatchObject({
      kind: "dirty_tree",
      message: expect.stringContaining("conflicts that are not resolved"),
    });
  }
  expect(repository.fingerprint()).toEqual(before);
});

test("refuses a diff into a submodule, checked out or not", async () => {
  const module = TestRepository.create({ "inner.txt": lines });
  const repository = TestRepository.create({ "a.txt": lines });
  repository.git("submodule", "--quiet", "add", module.root, "vendor/module");
  repository.git("commit", "--quiet", "--message", "module");
  for (const diff of [
    change("vendor/module/inner.txt"),
    addition("vendor/module/new.txt"),
    addition("vendor/module"),
  ]) {
    const before = repository.fingerprint();
    await expect(applyPatch(diff, { cwd: repository.root })).rejects.toMatchObject({ kind: "submodule" });
    expect(repository.fingerprint()).toEqual(before);
  }
  repository.git("submodule", "--quiet", "deinit", "--all");
  await expect(applyPatch(addition("vendor/module/new.txt"), { cwd: repository.root })).rejects.toMatchObject(
    {
      kind: "submodule",
    },
  );
});

test.each([
  ["is not in the tree", "gone.txt", {}],
  ["is not known to git", "untracked.txt", { "untracked.txt": lines }],
])("a file that the diff changes and that %s is skipped", async (_, path, files) => {
  const repository = TestRepository.create({ "a.txt": lines });
  repository.write(files);
  const before = repository.fingerprint();
  for (const attempt of [preflightPatch, applyPatch]) {
    expect(await attempt(change("a.txt") + change(path), { cwd: repository.root })).toMatchObject({
      status: "error",
      appliedPaths: [],
      skippedPaths: [path],
      exitCode: 1,
    });
  }
  expect(repository.fingerprint()).toEqual(before);
});

test("a link out of the tree is not followed when the diff changes it as if it were a file", async () => {
  const repository = TestRepository.create({});
  writeFileSync(join(repository.outside, "secret.txt"), lines);
  symlinkSync("../secret.txt", join(repository.root, "link.txt"));
  repository.commit({});
  const before = repository.fingerprint();
  const result = await applyPatch(change("link.txt"), { cwd: repository.root, onConflict: "mark" });
  expect(result).toMatchObject({ status: "error", appliedPaths: [], skippedPaths: ["link.txt"] });
  expect(repository.fingerprint()).toEqual(before);
  expect(readFileSync(join(repository.outside, "secret.txt"), "utf8")).toBe(lines);
});

test("a new file whose place is taken is skipped", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  repository.write({ "new.txt": "mine\n" });
  const before = repository.fingerprint();
  expect(await applyPatch(change("a.txt") + addition("new.txt"), { cwd: repository.root })).toMatchObject({
    status: "error",
    skippedPaths: ["new.txt"],
  });
  expect(repository.fingerprint()).toEqual(before);
});

test("says so when there is no repository, no working tree, no folder, no git", async () => {
  const outside = temporaryFolder();
  const repository = TestRepository.create({ "a.txt": lines });
  gitIn(outside, "init", "--quiet", "--bare", "bare");
  const failure = (cwd: string) => applyPatch(change("a.txt"), { cwd });
  await expect(failure(outside)).rejects.toMatchObject({
    kind: "not_a_repository",
    message: expect.stringMatching(/^not a git repository \(exit 128\): fatal: not a git repository/),
  });
  await expect(failure(join(outside, "bare"))).rejects.toMatchObject({ kind: "bare_repository" });
  await expect(failure(join(repository.root, ".git"))).rejects.toMatchObject({ kind: "bare_repository" });
  await expect(failure(join(outside, "missing"))).rejects.toMatchObject({ kind: "not_a_repository" });
  await expect(failure(join(repository.root, "a.txt"))).rejects.toMatchObject({ kind: "not_a_repository" });
  await expect(
    applyPatch(change("a.txt"), { cwd: repository.root, environment: { PATH: outside } }),
  ).rejects.toMatchObject({ kind: "git_missing", message: expect.stringContaining("PATH") });
});

test("says so when another git process holds the index, and leaves its lock alone", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  writeFileSync(join(repository.root, ".git", "index.lock"), "");
  const before = repository.fingerprint();
  await expect(
    applyPatch(change("a.txt"), { cwd: repository.root, lockTimeoutMs: 50 }),
  ).rejects.toMatchObject({ kind: "locked", message: expect.stringContaining("index.lock") });
  expect(repository.fingerprint()).toEqual(before);
  expect(await preflightPatch(change("a.txt"), { cwd: repository.root })).toMatchObject({
    status: "success",
  });
});

test("waits for another git process that holds the index for a moment", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const lock = join(repository.root, ".git", "index.lock");
  writeFileSync(lock, "");
  setTimeout(() => rmSync(lock), 100);
  const result = await applyPatch(change("a.txt"), { cwd: repository.root, lockTimeoutMs: 60_000 });
  expect(result.status).toBe("success");
});

test("refuses what is no text and no folder", async () => {
  await expect(applyPatch(undefined as never, { cwd: "." })).rejects.toThrow(
    new TypeError("diff must be a string"),
  );
  await expect(applyPatch("x", {} as never)).rejects.toThrow(TypeError);
  const wrong = [{ onConflict: "merge" as never }, { lockTimeoutMs: -1 }, { lockTimeoutMs: Number.NaN }];
  for (const options of wrong) {
    await expect(applyPatch(change("a.txt"), { cwd: ".", ...options })).rejects.toThrow(TypeError);
  }
});

function addition(path: string, prefix = "b/"): string {
  const name = `${prefix}${path}`;
  return `diff --git ${name.replace("b/", "a/")} ${name}\nnew file mode 100644\n--- /dev/null\n+++ ${name}\n@@ -0,0 +1 @@\n+x\n`;
}

function change(path: string): string {
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n`;
}

function moved(how: "copy" | "rename", from: string, to: string): string {
  return `diff --git a/${from} b/${to}\nsimilarity index 100%\n${how} from ${from}\n${how} to ${to}\n`;
}

function binary(path: string): string {
  return `diff --git a/${path} b/${path}\nindex 1111111..2222222 100644\nBinary files a/${path} and b/${path} differ\n`;
}

function submodule(line: string): string {
  return `diff --git a/vendor b/vendor\n${line}\n--- a/vendor\n+++ b/vendor\n@@ -1 +1 @@\n-Subproject commit 1111111111111111111111111111111111111111\n+Subproject commit 2222222222222222222222222222222222222222\n`;
}
