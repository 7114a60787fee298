import { expect, test } from "vitest";
import {
  chooseGitRef,
  gitHubRepositories,
  parseGitHubRemote,
  readCloudTasksEnvironment,
  resolveGitRef,
} from "../src/index.js";
import { TestRepository, temporaryFolder } from "./support/test-repository.js";

test.each([
  [{ override: "topic", currentBranch: "here", defaultBranch: "trunk" }, "topic"],
  [{ override: "  topic\n", currentBranch: "here" }, "topic"],
  [{ override: "  ", currentBranch: "here", defaultBranch: "trunk" }, "here"],
  [{ currentBranch: "here" }, "here"],
  [{ defaultBranch: "trunk" }, "trunk"],
  [{}, "main"],
])("of %j starts from %s", (refs, ref) => {
  expect(chooseGitRef(refs)).toBe(ref);
});

test("starts from what the user asked for, without looking", async () => {
  expect(await resolveGitRef(" topic ", { cwd: "/nowhere" })).toBe("topic");
});

test("starts from the current branch, also before its first commit", async () => {
  const repository = TestRepository.create({ "a.txt": "a\n" });
  repository.git("switch", "--quiet", "--create", "topic/one");
  expect(await resolveGitRef(undefined, { cwd: repository.root })).toBe("topic/one");
  repository.git("switch", "--quiet", "--orphan", "fresh");
  expect(await resolveGitRef("", { cwd: repository.root })).toBe("fresh");
});

test("with a detached HEAD starts from the default branch: the remote's, or main, or master", async () => {
  const origin = TestRepository.create({ "a.txt": "a\n" });
  origin.git("branch", "--move", "trunk");
  const repository = TestRepository.create({ "b.txt": "b\n" });
  const question = { cwd: repository.root };
  repository.git("checkout", "--quiet", "--detach");
  repository.git("branch", "--move", "main", "master");
  expect(await resolveGitRef(undefined, question)).toBe("master");
  repository.git("branch", "main");
  expect(await resolveGitRef(undefined, question)).toBe("main");
  repository.git("remote", "add", "upstream", origin.root);
  repository.git("fetch", "--quiet", "upstream");
  repository.git("remote", "set-head", "upstream", "trunk");
  expect(await resolveGitRef(undefined, question)).toBe("trunk");
});

test("starts from main where nothing is known", async () => {
  const repository = TestRepository.create({});
  repository.git("checkout", "--quiet", "--detach");
  repository.git("branch", "--move", "main", "other");
  expect(await resolveGitRef(undefined, { cwd: repository.root })).toBe("main");
  expect(await resolveGitRef(undefined, { cwd: temporaryFolder() })).toBe("main");
  expect(await resolveGitRef(undefined, { cwd: repository.root, environment: { PATH: "/nowhere" } })).toBe(
    "main",
  );
});

test("a question to git can be aborted", async () => {
  const question = { cwd: TestRepository.create().root, signal: AbortSignal.abort() };
  await expect(resolveGitRef(undefined, question)).rejects.toMatchObject({ kind: "aborted" });
  await expect(gitHubRepositories(question)).rejects.toMatchObject({ kind: "aborted" });
});

test("finds the repositories on GitHub among the remotes, each once, and keeps no credential", async () => {
  const repository = TestRepository.create({});
  const remotes = {
    origin: "git@github.com:me/widget.git",
    upstream: "https://someone:secret-token@github.com/acme/widget.git",
    again: "https://github.com/acme/widget",
    elsewhere: "https://gitlab.com/acme/widget.git",
  };
  for (const [name, url] of Object.entries(remotes)) repository.git("remote", "add", name, url);
  expect(await gitHubRepositories({ cwd: repository.root })).toEqual([
    { owner: "acme", repo: "widget" },
    { owner: "me", repo: "widget" },
  ]);
});

test("knows remotes by the URLs that git makes of them", async () => {
  const repository = TestRepository.create({});
  repository.git("remote", "add", "origin", "gh:acme/widget");
  repository.git("config", "url.https://github.com/.insteadOf", "gh:");
  expect(await gitHubRepositories({ cwd: repository.root })).toEqual([{ owner: "acme", repo: "widget" }]);
});

test("finds none outside of a repository, or without remotes", async () => {
  expect(await gitHubRepositories({ cwd: temporaryFolder() })).toEqual([]);
  expect(await gitHubRepositories({ cwd: TestRepository.create().root })).toEqual([]);
});

test.each([
  ["ssh://git@github.com:22/acme/widget.git", "acme/widget"],
  ["https://x-access-token:abc@github.com/acme/widget/", "acme/widget"],
  ["HTTPS://GitHub.com/acme/widget", "acme/widget"],
  ["https://github.com.example.com/acme/widget", undefined],
  ["https://example.com/github.com/acme/widget", undefined],
  ["git@notgithub.com:acme/widget", undefined],
  ["", undefined],
])("reads %s as %s", (url, expected) => {
  const repository = parseGitHubRemote(url);
  expect(repository && `${repository.owner}/${repository.repo}`).toBe(expected);
});

test("reads the environment variables of codex cloud", () => {
  expect(readCloudTasksEnvironment({})).toEqual({
    baseUrl: "https://chatgpt.com/backend-api",
    startingDiff: undefined,
  });
  const variables = {
    CODEX_CLOUD_TASKS_BASE_URL: " https://relay.example.com ",
    CODEX_STARTING_DIFF: "diff --git a b\n",
  };
  expect(readCloudTasksEnvironment(variables)).toEqual({
    baseUrl: "https://relay.example.com",
    startingDiff: "diff --git a b\n",
  });
});
