import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isGitApplyError } from "@codex-ts/git-apply";
import type { CloudResult } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { ChatgptClient, chatgptErrorText, pullRequestDiff } from "../src/index.js";
import { startRawServer } from "./support/raw-server.js";
import { startClient, type TestClient, temporaryFolder } from "./support/start-client.js";

/** A diff in git's form that adds a file of 31 lines. */
const lines = Array.from({ length: 31 }, (_, index) => `line ${index + 1}`);
const addsFile = [
  "diff --git a/scripts/fibonacci.js b/scripts/fibonacci.js",
  "new file mode 100644",
  "--- /dev/null",
  "+++ b/scripts/fibonacci.js",
  "@@ -0,0 +1,31 @@",
  ...lines.map((line) => `+${line}`),
  "",
].join("\n");

interface TaskInRepository extends TestClient {
  readonly taskId: string;
  readonly cwd: string;
  readonly git: (...args: readonly string[]) => string;
}

/** A client, a task that has come to this, and a repository with these files. */
async function startTask(
  result: CloudResult,
  files: Readonly<Record<string, string>> = {},
): Promise<TaskInRepository> {
  const started = await startClient();
  const { id: taskId } = started.backend.cloud.addTask({ attempts: [result] });
  const cwd = await temporaryFolder();
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.com", ...args], {
      cwd,
      encoding: "utf8",
    });
  git("init", "--quiet");
  for (const [path, text] of Object.entries(files)) await writeFile(join(cwd, path), text);
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "start");
  return { ...started, taskId, cwd, git };
}

const pullRequest = (diff: string): CloudResult => ({ diff, isPullRequest: true });

/** A diff that changes a line of `a.txt`, which only fits where that line still is as it was. */
async function changeOf(
  cwd: string,
  git: (...args: readonly string[]) => string,
  text: string,
): Promise<string> {
  await writeFile(join(cwd, "a.txt"), text);
  const diff = git("diff");
  git("checkout", "--quiet", "--", "a.txt");
  return diff;
}

test("the diff of a task's pull request appears in a fresh repository", async () => {
  const { backend, client, taskId, cwd } = await startTask(pullRequest(addsFile));
  const result = await client.applyTask(taskId, { cwd });
  expect(result).toMatchObject({ status: "success", appliedPaths: ["scripts/fibonacci.js"] });
  const text = await readFile(join(cwd, "scripts/fibonacci.js"), "utf8");
  expect(text.trimEnd().split("\n")).toEqual(lines);
  const [request] = backend.requests;
  expect(request).toMatchObject({ method: "GET", path: `/backend-api/wham/tasks/${taskId}` });
  expect(request?.headers).toMatchObject({ "oai-product-sku": "codex", "content-type": "application/json" });
});

test("where both sides changed a line nothing is applied, and the error names the files", async () => {
  const { backend, client, cwd, git } = await startTask({}, { "a.txt": "one\n", "b.txt": "b\n" });
  const diff = (await changeOf(cwd, git, "theirs\n")) + addsFile;
  await writeFile(join(cwd, "a.txt"), "ours\n");
  git("commit", "--quiet", "--all", "--message", "ours");
  const { id } = backend.cloud.addTask({ attempts: [pullRequest(diff)] });
  const error = await client.applyTask(id, { cwd }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    name: "ChatgptError",
    kind: "apply",
    message: "Git apply failed (applied=0, skipped=0, conflicts=1)",
    applyResult: { status: "error", conflictPaths: ["a.txt"], appliedPaths: [] },
  });
  expect(await readFile(join(cwd, "a.txt"), "utf8")).toBe("ours\n");
  expect(git("status", "--porcelain")).toBe("");
  expect(JSON.stringify(error)).not.toContain("applyResult");
});

test("with markers wanted, the rest is applied and the file shows both sides, as an error", async () => {
  const { backend, client, cwd, git } = await startTask({}, { "a.txt": "one\n" });
  const diff = (await changeOf(cwd, git, "theirs\n")) + addsFile;
  await writeFile(join(cwd, "a.txt"), "ours\n");
  git("commit", "--quiet", "--all", "--message", "ours");
  const { id } = backend.cloud.addTask({ attempts: [pullRequest(diff)] });
  const error = await client.applyTask(id, { cwd, onConflict: "mark" }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    kind: "apply",
    applyResult: { status: "partial", conflictPaths: ["a.txt"] },
  });
  expect(chatgptErrorText(error as never)).toMatch(
    /^Git apply failed \(applied=1, skipped=0, conflicts=1\)\nstdout:\n.*\nstderr:\n.*a\.txt/s,
  );
  expect(await readFile(join(cwd, "a.txt"), "utf8")).toMatch(/^<<<<<<< .*ours\n=======\ntheirs\n>>>>>>> /s);
  expect(await readFile(join(cwd, "scripts/fibonacci.js"), "utf8")).toContain("line 31");
});

test.each<[string, CloudResult]>([
  ["No diff turn found", { diff: null }],
  ["No PR output item found", { diff: addsFile }],
])("%s: nothing is applied", async (message, result) => {
  const { client, taskId, cwd, git } = await startTask(result);
  const error = await client.applyTask(taskId, { cwd }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: "task", message });
  expect(git("status", "--porcelain")).toBe("");
});

test.each([
  ["not_a_repository", pullRequest(addsFile)],
  ["empty_diff", pullRequest("")],
  ["invalid_diff", pullRequest("no diff at all\n")],
  ["unsafe_path", pullRequest(addsFile.replaceAll("scripts/fibonacci.js", "../outside.js"))],
] as const)("what git-apply refuses as %s is told as it tells it", async (kind, result) => {
  const { client, taskId, cwd, git } = await startTask(result);
  const folder = kind === "not_a_repository" ? await temporaryFolder() : cwd;
  const error = await client.applyTask(taskId, { cwd: folder }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "ChatgptError", kind: "apply", cause: { kind } });
  expect(isGitApplyError((error as Error).cause)).toBe(true);
  expect(chatgptErrorText(error as never)).toBe((error as Error).message);
  expect(git("status", "--porcelain")).toBe("");
});

test("a pull request without its diff is no usable answer", async () => {
  const { backend, client } = await startClient();
  const turn = { output_items: [{ type: "message" }, { type: "pr" }] };
  const body = JSON.stringify({ current_diff_task_turn: turn });
  backend.fault({ kind: "status", status: 200, path: /\/tasks\//, body });
  const task = await client.getTask("task_1");
  expect(() => pullRequestDiff(task)).toThrow(
    expect.objectContaining({ kind: "decode", message: "the pull request of the task has no diff" }),
  );
});

test("of several pull requests the first one counts, also when its diff is empty", async () => {
  const { backend, client } = await startClient();
  const pr = (diff: string) => ({ type: "pr", output_diff: { diff } });
  const turn = { output_items: [{ type: "output_diff", diff: "x" }, pr(""), pr("y")] };
  backend.fault({
    kind: "status",
    status: 200,
    path: /\/tasks\//,
    body: JSON.stringify({ current_diff_task_turn: turn }),
  });
  expect(pullRequestDiff(await client.getTask("task_1"))).toBe("");
});

test("a task that is not there is refused by the server", async () => {
  const { client } = await startClient();
  const error = await client.applyTask("task_none").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: "status", status: 404, requestId: expect.stringMatching(/./) });
  expect(chatgptErrorText(error as never)).toMatch(/^Request failed with status 404 Not Found: \{.*\}$/);
  expect((error as Error).message).not.toContain("{");
  // What is not known is not printed.
  expect(Object.keys(error as object)).toEqual(["name", "kind", "status", "requestId"]);
});

test("the path is ChatGPT's, whatever the base URL", async () => {
  const urls: (string | undefined)[] = [];
  const origin = await startRawServer(({ url }, response) => {
    urls.push(url);
    response.end("{}");
  });
  const { options } = await startClient();
  const task = await new ChatgptClient({ ...options, baseUrl: `${origin}/api/codex/` }).getTask("task_1");
  expect(task.current_diff_task_turn).toBeNull();
  expect(urls).toEqual(["/api/codex/wham/tasks/task_1"]);
});

test("an id cannot lead to another path", async () => {
  const { backend, client } = await startClient();
  await expect(client.getTask("..")).rejects.toThrow(TypeError);
  await expect(client.getTask("")).rejects.toThrow(TypeError);
  await expect(client.getTask("a/../b?c")).rejects.toMatchObject({ kind: "status" });
  expect(backend.requests.map(({ path }) => path)).toEqual(["/backend-api/wham/tasks/a%2F..%2Fb%3Fc"]);
});

test("a signal also ends the applying, which may be waiting for another git", async () => {
  const { backend, client, taskId, cwd, git } = await startTask(pullRequest(addsFile));
  await writeFile(join(cwd, ".git/index.lock"), "");
  const controller = new AbortController();
  const applying = client.applyTask(taskId, { cwd, signal: controller.signal, lockTimeoutMs: 60_000 });
  const [request] = await backend.waitForRequests(1);
  await request?.outcome;
  setTimeout(() => controller.abort(), 300);
  await expect(applying).rejects.toMatchObject({
    name: "ChatgptError",
    kind: "aborted",
    cause: { kind: "aborted" },
  });
  await rm(join(cwd, ".git/index.lock"));
  expect(git("status", "--porcelain")).toBe("");
});

test("the current folder is where a diff goes by default, and a signal ends it", async () => {
  const { client, taskId } = await startTask(pullRequest(addsFile));
  const signal = AbortSignal.abort(new Error("not now"));
  await expect(client.applyTask(taskId, { signal })).rejects.toMatchObject({
    kind: "aborted",
    cause: { message: "not now" },
  });
});
