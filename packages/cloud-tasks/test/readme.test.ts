import { readFileSync } from "node:fs";
import { createTransport } from "@codex-ts/client";
import { startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import {
  CloudTasksClient,
  formatTask,
  formatTaskList,
  gitHubRepositories,
  resolveGitRef,
} from "../src/index.js";
import { TestLogin } from "./support/test-login.js";
import { TestRepository } from "./support/test-repository.js";

const diff = "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+1\n";

test("README example: list, wait for, show and apply a task", async () => {
  await using backend = await startBackend();
  const { id } = backend.cloud.addTask({ prompt: "Count", attempts: [{ diff }], pollsUntilReady: 1 });
  const repository = TestRepository.create({ "a.txt": "one\n" });
  const cwd = repository.root;
  const auth = new TestLogin();
  const baseUrl = backend.urls.chatgpt;
  const allowedOrigins = [backend.urls.origin];
  const written: string[] = [];
  const write = (line: string): number => written.push(line);

  await using transport = createTransport();
  const tasks = new CloudTasksClient({ transport, baseUrl, auth, allowedOrigins });

  const page = await tasks.list({ limit: 20 });
  for (const line of formatTaskList(page, tasks.baseUrl)) write(line);

  const [newest] = page.tasks;
  if (newest === undefined) throw new Error("there is no task");
  const task = await tasks.waitUntilReady(newest.id, { timeoutMs: 600_000 });
  for (const line of formatTask(task)) write(line);
  for (const message of await tasks.messages(task.id)) write(message);
  write((await tasks.diff(task.id)) ?? "no diff");

  const outcome = await tasks.apply(task.id, { cwd });
  write(outcome.message);
  for (const path of outcome.conflictPaths) write(`conflict: ${path}`);

  expect(written.map((line) => line.replace(/\d+s ago/, "0s ago"))).toEqual([
    `${backend.urls.origin}/codex/tasks/${id}`,
    "  [PENDING] Count",
    "  test/repo  •  0s ago",
    "  no diff",
    "[READY] Count",
    "test/repo  •  0s ago",
    "+1/-1 • 1 file",
    "Attempt 1: Count",
    diff,
    `Applied task ${id} locally (1 files)`,
  ]);
  expect(repository.read("a.txt")).toBe("1\n");
});

test("README example: create a task for the repository at hand", async () => {
  await using backend = await startBackend();
  const repository = TestRepository.create({ "a.txt": "one\n" });
  repository.git("remote", "add", "origin", "git@github.com:test/repo.git");
  repository.git("switch", "--quiet", "--create", "topic");
  const cwd = repository.root;
  await using transport = createTransport();
  const tasks = new CloudTasksClient({
    transport,
    baseUrl: backend.urls.chatgpt,
    auth: new TestLogin(),
    allowedOrigins: [backend.urls.origin],
  });

  const repositories = await gitHubRepositories({ cwd });
  const { id: environmentId } = await tasks.detectEnvironment(undefined, { repositories });
  const gitRef = await resolveGitRef(undefined, { cwd });
  const { id, url } = await tasks.create({ prompt: "Fix the tests", environmentId, gitRef, bestOfN: 2 });

  expect(url).toMatch(new RegExp(`/codex/tasks/${id}$`));
  expect(backend.cloud.find(id)).toMatchObject({ environmentId: "env-test", branch: "topic" });
  expect(await tasks.attempts(id)).toHaveLength(2);
});

test("the examples of the README are those above, in under thirty lines", () => {
  const [test, readme] = ["readme.test.ts", "../README.md"].map((path) =>
    readFileSync(new URL(path, import.meta.url), "utf8"),
  );
  const examples = [...(readme ?? "").matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  expect(examples).toHaveLength(2);
  expect(examples[0]?.split("\n").length).toBeLessThan(30);
  const written = (test ?? "").replaceAll(", allowedOrigins });", " });");
  for (const line of examples
    .join("")
    .split("\n")
    .filter((line) => !line.startsWith("import "))) {
    expect(written).toContain(line);
  }
});
