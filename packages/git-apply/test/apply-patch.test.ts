import { getEventListeners } from "node:events";
import { chmodSync, existsSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { applyPatch, preflightPatch } from "../src/index.js";
import { TestRepository } from "./support/test-repository.js";

const lines = "one\ntwo\nthree\nfour\nfive\n";

test("adds, changes and removes files, in the tree and in the index", async () => {
  const repository = TestRepository.create({ "a.txt": lines, "old.txt": "old\n" });
  const diff = repository.diffOf(() => {
    repository.write({ "a.txt": lines.replace("two", "2"), "src/new.txt": "new\n" });
    rmSync(join(repository.root, "old.txt"));
  });

  const result = await applyPatch(diff, { cwd: repository.root });

  expect(result).toMatchObject({
    status: "success",
    appliedPaths: ["a.txt", "old.txt", "src/new.txt"],
    skippedPaths: [],
    conflictPaths: [],
    exitCode: 0,
  });
  expect(repository.read("a.txt")).toBe(lines.replace("two", "2"));
  expect(repository.read("src/new.txt")).toBe("new\n");
  expect(repository.has("old.txt")).toBe(false);
  expect(repository.git("status", "--porcelain")).toBe("M  a.txt\nD  old.txt\nA  src/new.txt\n");
});

test("leaves nothing behind in git's folder, and none of the trial's objects", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  const before = readdirSync(join(repository.root, ".git")).sort();
  await preflightPatch(diff, { cwd: repository.root });
  await applyPatch(diff, { cwd: repository.root });
  expect(readdirSync(join(repository.root, ".git")).sort()).toEqual(before);
  expect(repository.git("fsck", "--no-dangling")).toBe("");
});

test("leaves neither a temporary file nor a listener behind", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  vi.stubEnv("TMPDIR", repository.outside);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { signal } = new AbortController();
  await preflightPatch(diff, { cwd: repository.root, signal });
  await applyPatch(diff, { cwd: repository.root, signal });
  await expect(preflightPatch("x", { cwd: repository.root, signal })).rejects.toThrow();
  expect(readdirSync(repository.outside)).toEqual(["work"]);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("says what it ran, in the notation of a shell", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  const preflight = await preflightPatch(diff, { cwd: repository.root });
  const { command } = await applyPatch(diff, { cwd: repository.root });
  expect(preflight.command).toMatch(/^\(cd \S+ && git .* apply --check --index -\)$/);
  expect(command).toMatch(/ apply --3way -\)$/);
  expect(command).not.toContain("--check");
});

test("works from a folder below the root, with a detached HEAD, and before the first commit", async () => {
  const repository = TestRepository.create({ "a.txt": lines, "deep/b.txt": "b\n" });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  repository.git("checkout", "--quiet", "--detach");
  expect(await applyPatch(diff, { cwd: join(repository.root, "deep") })).toMatchObject({
    appliedPaths: ["a.txt"],
  });

  const fresh = TestRepository.create();
  rmSync(join(fresh.root, ".git"), { recursive: true });
  fresh.git("init", "--quiet");
  const added =
    "diff --git a/n.txt b/n.txt\nnew file mode 100644\n--- /dev/null\n+++ b/n.txt\n@@ -0,0 +1 @@\n+n\n";
  expect(await applyPatch(added, { cwd: fresh.root })).toMatchObject({ status: "success" });
  expect(fresh.git("status", "--porcelain")).toBe("A  n.txt\n");
});

test("works in a linked working tree", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  const linked = join(repository.outside, "linked");
  repository.git("worktree", "add", "--quiet", linked);
  expect(await applyPatch(diff, { cwd: linked })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(lines);
  expect(repository.git("-C", linked, "status", "--porcelain")).toBe("M  a.txt\n");
});

test("renames, copies, changes modes, makes links and binary files", async () => {
  const repository = TestRepository.create({
    "old name.txt": lines,
    "source.txt": `${lines}${lines}`,
    "run.sh": "#!\n",
  });
  const diff = repository.diffOf(() => {
    repository.git("mv", "old name.txt", "new name.txt");
    repository.write({ "copied.txt": `${lines}${lines}`, "source.txt": `${lines}${lines}more\n` });
    repository.write({ "image.bin": "\0\u0001\u0002binary\0" });
    chmodSync(join(repository.root, "run.sh"), 0o755);
    symlinkSync("run.sh", join(repository.root, "link"));
  }, "--find-copies");
  expect(diff).toMatch(/^rename from old name.txt$/m);
  expect(diff).toMatch(/^copy from source.txt$/m);

  const result = await applyPatch(diff, { cwd: repository.root });

  expect(result).toMatchObject({
    status: "success",
    appliedPaths: ["copied.txt", "image.bin", "link", "new name.txt", "run.sh", "source.txt"],
  });
  expect(repository.has("old name.txt")).toBe(false);
  expect(repository.read("copied.txt")).toBe(`${lines}${lines}`);
  expect(statSync(join(repository.root, "run.sh")).mode & 0o111).not.toBe(0);
  expect(readlinkSync(join(repository.root, "link"))).toBe("run.sh");
  expect(repository.read("image.bin")).toBe("\0\u0001\u0002binary\0");
});

test.each([
  "with space.txt",
  "--leading.txt",
  "-",
  "ünïcode/日本語.txt",
  'quo"te.txt',
  "tab\there.txt",
  "glob*[x].txt",
  ":(top)x",
  "$(touch pwned)",
  "new\nline.txt",
])("changes and takes back a file named %j", async (path) => {
  const repository = TestRepository.create({ [path]: lines });
  const diff = repository.diffTo({ [path]: lines.replace("two", "2") });
  repository.write({ [path]: `${lines}mine\n` });
  await expect(applyPatch(diff, { cwd: repository.root })).rejects.toMatchObject({
    kind: "dirty_tree",
    paths: [path],
  });
  repository.write({ [path]: lines });
  repository.touch(path);
  const result = await applyPatch(diff, { cwd: repository.root });
  expect(result).toMatchObject({ status: "success", appliedPaths: [path] });
  expect(repository.read(path)).toBe(lines.replace("two", "2"));
  expect(await applyPatch(diff, { cwd: repository.root, revert: true })).toMatchObject({ status: "success" });
  expect(repository.read(path)).toBe(lines);
  expect(existsSync(join(repository.root, "pwned"))).toBe(false);
});

test("names in quotes are those of the file also when the diff does not fit", async () => {
  const repository = TestRepository.create({ "tab\tü.txt": "else\n" });
  const other = TestRepository.create({ "tab\tü.txt": lines });
  const diff = other.diffTo({ "tab\tü.txt": lines.replace("two", "2") });
  expect(diff).toContain('"a/tab\\t\\303\\274.txt"');
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({
    status: "error",
    skippedPaths: ["tab\tü.txt"],
  });
});

test.each([
  ["a file without a newline at its end", "one\ntwo", "one\n2"],
  ["a newline that is taken away", lines, lines.trimEnd()],
  ["a file with CRLF", lines.replaceAll("\n", "\r\n"), lines.replace("two", "2").replaceAll("\n", "\r\n")],
  ["trailing spaces", lines, lines.replace("two", "two   ")],
])("changes %s exactly", async (_, from, to) => {
  const repository = TestRepository.create({ "a.txt": from });
  const diff = repository.diffTo({ "a.txt": to });
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(to);
});

test("takes a diff whose last newline was cut off", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  expect(await applyPatch(diff.trimEnd(), { cwd: repository.root })).toMatchObject({ status: "success" });
});

test.each([
  ["LF", lines],
  ["CRLF", lines.replaceAll("\n", "\r\n")],
])("takes a diff that was converted to CRLF on its way, for a file with %s", async (_, from) => {
  const repository = TestRepository.create({ "a.txt": from });
  const to = from.replace("two", "2");
  const diff = repository.diffTo({ "a.txt": to }).replaceAll(/\r?\n/g, "\r\n");
  expect(await preflightPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(to);
});

test("takes a diff without git's headers", async () => {
  const repository = TestRepository.create({ "src/a.txt": lines });
  const diff = `--- a/src/a.txt\n+++ b/src/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n`;
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ appliedPaths: ["src/a.txt"] });
});

test("does not mind that a file was touched without being changed", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  repository.touch("a.txt");
  expect(await preflightPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
});

test("keeps changes to other files, staged or not", async () => {
  const repository = TestRepository.create({ "a.txt": lines, "b.txt": "b\n", "c.txt": "c\n" });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  repository.write({ "b.txt": "staged\n" });
  repository.git("add", "b.txt");
  repository.write({ "c.txt": "changed\n", "untracked.txt": "u\n" });
  await applyPatch(diff, { cwd: repository.root });
  expect(repository.git("status", "--porcelain")).toBe("M  a.txt\nM  b.txt\n M c.txt\n?? untracked.txt\n");
});

test("merges a diff whose file has changed elsewhere, though its preflight fails", async () => {
  const far = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join("");
  const repository = TestRepository.create({ "a.txt": far });
  const diff = repository.diffTo({ "a.txt": far.replace("line 10", "theirs") });
  repository.commit({ "a.txt": far.replace("line 8", "ours") });
  expect(await preflightPatch(diff, { cwd: repository.root })).toMatchObject({
    status: "error",
    skippedPaths: ["a.txt"],
  });
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(far.replace("line 10", "theirs").replace("line 8", "ours"));
});

test("applies twice without harm", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  await applyPatch(diff, { cwd: repository.root });
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(lines.replace("two", "2"));
});

test("takes back what it applied, also when it was unstaged since", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2"), "new.txt": "n\n" });
  for (const unstage of [false, true]) {
    await applyPatch(diff, { cwd: repository.root });
    if (unstage) repository.git("reset", "--quiet");
    expect(await applyPatch(diff, { cwd: repository.root, revert: true })).toMatchObject({
      status: "success",
      appliedPaths: ["a.txt", "new.txt"],
    });
    expect(repository.git("status", "--porcelain")).toBe("");
  }
});

test("a preflight of taking back stages nothing", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  repository.write({ "a.txt": lines.replace("two", "2") });
  const before = repository.fingerprint();
  const result = await preflightPatch(diff, { cwd: repository.root, revert: true });
  expect(result).toMatchObject({ status: "success" });
  expect(repository.fingerprint()).toEqual(before);
});

test("a preflight of a diff of which half fits changes nothing, and names the other half", async () => {
  const repository = TestRepository.create({ "a.txt": lines, "b.txt": "b\n" });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2"), "b.txt": "theirs\n", "n.txt": "n\n" });
  repository.commit({ "b.txt": "ours\n" });
  const before = repository.fingerprint();
  const result = await preflightPatch(diff, { cwd: repository.root });
  expect(result).toMatchObject({ status: "error", appliedPaths: [], skippedPaths: ["b.txt"], exitCode: 1 });
  expect(repository.fingerprint()).toEqual(before);
});

test("ten diffs at once to one tree are applied one after the other", async () => {
  const repository = TestRepository.create({});
  const names = Array.from({ length: 10 }, (_, index) => `file-${index}.txt`);
  const diffs = names.map((name) => repository.diffTo({ [name]: `${name}\n` }));
  const results = await Promise.all(
    diffs.map((diff) => applyPatch(diff, { cwd: repository.root, lockTimeoutMs: 60_000 })),
  );
  expect(results.map(({ status }) => status)).toEqual(names.map(() => "success"));
  expect(names.map((name) => repository.read(name))).toEqual(names.map((name) => `${name}\n`));
  expect(repository.git("status", "--porcelain").trim().split("\n")).toEqual(
    names.map((name) => `A  ${name}`),
  );
});

test("applies a diff of five thousand files and twenty megabytes", async () => {
  const repository = TestRepository.create({});
  const text = "x".repeat(4_000);
  const header = (path: string) =>
    `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n`;
  const paths = Array.from({ length: 5_000 }, (_, index) => `many/${index % 50}/${index}.txt`);
  const diff = paths.map((path) => `${header(path)}@@ -0,0 +1 @@\n+${text}\n`).join("");
  expect(diff.length).toBeGreaterThan(20_000_000);
  const result = await applyPatch(diff, { cwd: repository.root });
  expect(result.appliedPaths).toEqual([...paths].sort());
  expect(repository.read("many/49/4999.txt")).toBe(`${text}\n`);
}, 120_000);
