import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { applyPatch, preflightPatch, runGit } from "../src/index.js";
import { gitIn, TestRepository } from "./support/test-repository.js";

const lines = "one\ntwo\nthree\nfour\nfive\n";

afterEach(() => {
  vi.unstubAllEnvs();
});

function trailingSpace() {
  const repository = TestRepository.create({ "a.txt": lines });
  return { repository, diff: repository.diffTo({ "a.txt": lines.replace("two", "2  ") }) };
}

test("takes configuration from CODEX_APPLY_GIT_CFG of the environment that it is given", async () => {
  const { repository, diff } = trailingSpace();
  const environment = {
    ...process.env,
    CODEX_APPLY_GIT_CFG: " apply.whitespace=error , ,nonsense, =x,core.abbrev=12",
  };
  const result = await applyPatch(diff, { cwd: repository.root, environment });
  expect(result).toMatchObject({ status: "error", stderr: expect.stringContaining("trailing whitespace") });
  expect(result.command).toContain(" -c apply.whitespace=error -c core.abbrev=12 apply ");
});

test("takes none from its own environment, nor from the repository's habits", async () => {
  const { repository, diff } = trailingSpace();
  vi.stubEnv("CODEX_APPLY_GIT_CFG", "apply.whitespace=error");
  repository.git("config", "apply.whitespace", "fix");
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.read("a.txt")).toBe(lines.replace("two", "2  "));
});

test.skipIf(process.platform === "win32")("gives git neither secrets nor another repository", async () => {
  const repository = TestRepository.create({ ".gitattributes": "*.seen filter=spy\n" });
  const other = TestRepository.create({});
  const diff = repository.diffTo({ "a.seen": "text\n" });
  repository.git("config", "filter.spy.smudge", "cat; env > ../seen");
  vi.stubEnv("OPENAI_API_KEY", "sk-secret");
  vi.stubEnv("GITHUB_TOKEN", "secret");
  vi.stubEnv("GIT_DIR", join(other.root, ".git"));
  vi.stubEnv("GIT_WORK_TREE", other.root);
  vi.stubEnv("LC_ALL", "de_DE.UTF-8");
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(repository.has("a.seen")).toBe(true);
  const seen = readFileSync(join(repository.outside, "seen"), "utf8");
  expect(seen).toContain("LC_ALL=C\n");
  expect(seen).not.toContain("secret");
  expect(seen).not.toContain(other.root);
});

test.skipIf(process.platform === "win32")("does not run a git that lies in the tree", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  repository.write({ git: "#!/bin/sh\ntouch ../pwned\n", "bin/git": "#!/bin/sh\ntouch ../pwned\n" });
  for (const path of ["git", "bin/git"]) chmodSync(join(repository.root, path), 0o755);
  const environment = { ...process.env, PATH: `:.:bin:${process.env["PATH"]}` };
  expect(await applyPatch(diff, { cwd: repository.root, environment })).toMatchObject({ status: "success" });
  await expect(applyPatch(diff, { cwd: repository.root, environment: { PATH: "." } })).rejects.toMatchObject({
    kind: "git_missing",
  });
  expect(existsSync(join(repository.outside, "pwned"))).toBe(false);
});

test.skipIf(process.platform === "win32")("runs no hook: the diff may just have written it", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  repository.write({ ".hooks/post-index-change": "#!/bin/sh\ntouch ../hooked\n" });
  chmodSync(join(repository.root, ".hooks", "post-index-change"), 0o755);
  repository.git("config", "core.hooksPath", ".hooks");
  const diff = `diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n`;
  expect(await applyPatch(diff, { cwd: repository.root })).toMatchObject({ status: "success" });
  expect(existsSync(join(repository.outside, "hooked"))).toBe(false);
  repository.git("add", "--all");
  expect(existsSync(join(repository.outside, "hooked"))).toBe(true);
});

test("does not take a folder of the tree for a repository because it looks like one", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const diff = repository.diffTo({ "a.txt": lines.replace("two", "2") });
  mkdirSync(join(repository.root, "fixtures"));
  repository.git("init", "--quiet", "--bare", "made");
  const fake = join(repository.root, "fixtures", "bare");
  renameSync(join(repository.root, "made"), fake);
  // It claims a working tree, and would have git run what its configuration says.
  gitIn(fake, "config", "core.bare", "false");
  gitIn(fake, "config", "core.worktree", repository.root);
  await expect(preflightPatch(diff, { cwd: fake })).rejects.toMatchObject({ kind: "bare_repository" });
});

test("runs git for other questions, and hands over what it says", async () => {
  const repository = TestRepository.create({ "a.txt": lines });
  const cwd = repository.root;
  expect(await runGit(["branch", "--show-current"], { cwd })).toEqual({
    exitCode: 0,
    stdout: "main\n",
    stderr: "",
  });
  expect(await runGit(["rev-parse", "--verify", "nothing"], { cwd })).toMatchObject({ exitCode: 128 });
  await expect(runGit(["status"], { cwd, environment: { PATH: repository.outside } })).rejects.toMatchObject({
    kind: "git_missing",
  });
  await expect(runGit(["status"], { cwd: `${cwd}/missing` })).rejects.toMatchObject({ kind: "git_failed" });
  await expect(runGit(["status"], { cwd, signal: AbortSignal.abort() })).rejects.toMatchObject({
    kind: "aborted",
  });
});
