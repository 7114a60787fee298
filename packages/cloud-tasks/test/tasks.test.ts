import { getEventListeners } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import { cloudTasksErrorText, isCloudTasksError, selectAttempt, type TaskSummary } from "../src/index.js";
import { answerWith, requestLines, startClient } from "./support/start-client.js";

const newTask = { prompt: "Fix the tests", environmentId: "env-test", gitRef: "main" };

test("creates a task as the reference does", async () => {
  const { backend, client } = await startClient();
  const { id, url } = await client.create({ ...newTask, gitRef: "topic" });
  expect(backend.requests[0]?.json()).toEqual({
    new_task: { environment_id: "env-test", branch: "topic", run_environment_in_qa_mode: false },
    input_items: [
      { type: "message", role: "user", content: [{ content_type: "text", text: "Fix the tests" }] },
    ],
  });
  expect(url).toBe(`${backend.urls.origin}/codex/tasks/${id}`);
  expect(backend.cloud.tasks.map((task) => task.id)).toEqual([id]);
});

test("creates a task with several attempts, a starting diff and quality assurance", async () => {
  const { backend, client } = await startClient();
  await client.create({ ...newTask, bestOfN: 3, startingDiff: "diff --git a/x b/x\n", qaMode: true });
  expect(backend.requests[0]?.json()).toMatchObject({
    new_task: { run_environment_in_qa_mode: true },
    input_items: [
      { type: "message" },
      { type: "pre_apply_patch", output_diff: { diff: "diff --git a/x b/x\n" } },
    ],
    metadata: { best_of_n: 3 },
  });
});

test.each([
  [{ ...newTask, bestOfN: 0 }, "attempts must be between 1 and 4"],
  [{ ...newTask, bestOfN: 5 }, "attempts must be between 1 and 4"],
  [{ ...newTask, bestOfN: 1.5 }, "attempts must be between 1 and 4"],
  [{ ...newTask, prompt: " \n" }, "prompt must not be empty"],
  [{ ...newTask, environmentId: "" }, "environment id must not be empty"],
  [{ ...newTask, gitRef: " " }, "git ref must not be empty"],
])("refuses %j before anything is sent", async (task, message) => {
  const { backend, client } = await startClient();
  await expect(client.create(task)).rejects.toMatchObject({ kind: "invalid_input", message });
  expect(backend.requests).toEqual([]);
});

test("lists one page, of one environment, and says how to go on", async () => {
  const { backend, client } = await startClient();
  backend.cloud.addEnvironment({ id: "env-2", label: "Second" });
  for (const title of ["one", "two", "three"]) backend.cloud.addTask({ title, environmentId: "env-2" });
  backend.cloud.addTask({ title: "elsewhere", environmentId: "env-test" });
  backend.cloud.addTask({ title: "archived", environmentId: "env-2", isArchived: true });
  const first = await client.list({ environmentId: "env-2", limit: 2 });
  expect(first.tasks.map(({ title }) => title)).toEqual(["three", "two"]);
  expect(first.tasks[0]).toMatchObject({
    status: "ready",
    environmentLabel: "Second",
    summary: { filesChanged: 1, linesAdded: 2, linesRemoved: 0 },
    isReview: false,
    attemptTotal: 1,
  });
  const second = await client.list({ environmentId: "env-2", limit: 2, cursor: first.cursor });
  expect(second.tasks.map(({ title }) => title)).toEqual(["one"]);
  expect(second.cursor).toBeUndefined();
  expect(String(backend.requests[0]?.query)).toBe("limit=2&task_filter=current&environment_id=env-2");
});

test("lists all pages, each when the one before is used up", async () => {
  const { backend, client } = await startClient();
  for (let count = 0; count < 7; count += 1) backend.cloud.addTask({ title: `task ${count}` });
  const titles: string[] = [];
  for await (const { title } of client.listAll({ limit: 3 })) {
    titles.push(title);
    if (titles.length <= 3) expect(backend.requests).toHaveLength(1);
  }
  expect(titles).toEqual([6, 5, 4, 3, 2, 1, 0].map((count) => `task ${count}`));
  expect(backend.requests).toHaveLength(3);
});

test("leaving a list asks for no further page", async () => {
  const { backend, client } = await startClient();
  for (let count = 0; count < 7; count += 1) backend.cloud.addTask();
  for await (const _ of client.listAll({ limit: 3 })) break;
  expect(backend.requests).toHaveLength(1);
});

test("does not go round in circles when the backend does", async () => {
  const { backend, client } = await startClient();
  for (let page = 0; page < 3; page += 1)
    answerWith(backend, /\/tasks\/list$/, { items: [], cursor: "again" });
  await expect(client.listAll().next()).rejects.toMatchObject({
    kind: "http",
    message: "list_tasks failed: the backend gave the same cursor twice",
  });
});

test("an update time that nobody knows is now", async () => {
  const { backend, client } = await startClient();
  const item = { id: "t", title: "T", archived: false, has_unread_turn: false };
  answerWith(backend, /\/tasks\/list$/, { items: [item] });
  const before = Date.now();
  const [task] = (await client.list()).tasks;
  expect(task?.updatedAt.getTime()).toBeGreaterThanOrEqual(before);
  expect(task?.updatedAt.getTime()).toBeLessThanOrEqual(Date.now());
});

test.each([
  ["an id", (id: string) => id],
  ["an id in white space", (id: string) => `\n  ${id}\t`],
  ["a URL", (id: string) => `https://chatgpt.com/codex/tasks/${id}`],
  ["a URL with query and fragment", (id: string) => `https://chatgpt.com/codex/tasks/${id}?tab=diff#L1`],
])("takes %s for a task", async (_, paste) => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask({ prompt: "Do it" });
  expect(await client.summary(paste(id))).toMatchObject({ id, title: "Do it", environmentId: "env-test" });
  expect(requestLines(backend)).toEqual([`GET /backend-api/wham/tasks/${id}`]);
});

test.each([
  "",
  "  ",
  "#x",
  "https://chatgpt.com/codex/tasks/",
  "..",
  "a/..",
  "a\nb",
  "a b",
  "x\u0000",
  "x\ud800",
])("refuses %j for a task, and sends nothing", async (text) => {
  const { backend, client } = await startClient();
  for (const call of [client.summary(text), client.diff(text), client.waitUntilReady(text)]) {
    await expect(call).rejects.toMatchObject({ kind: "invalid_input" });
  }
  expect(() => client.taskUrl(text)).toThrow();
  expect(backend.requests).toEqual([]);
});

test("an id that looks like a path stays one segment", async () => {
  const { backend, client } = await startClient();
  await expect(client.summary("x%2F..%2Flist")).rejects.toMatchObject({ kind: "http", status: 404 });
  expect(backend.requests[0]?.path).toBe("/backend-api/wham/tasks/x%252F..%252Flist");
});

test("says what the backend said, and keeps the body out of the message", async () => {
  const { backend, client } = await startClient();
  const error = await client.summary("task_missing").catch((error: unknown) => error);
  const url = `${backend.urls.chatgpt}/wham/tasks/task_missing`;
  expect(error).toMatchObject({
    kind: "http",
    status: 404,
    message: `get_task_details failed: GET ${url} failed: 404 Not Found`,
  });
  if (!isCloudTasksError(error)) throw error;
  expect(cloudTasksErrorText(error)).toMatch(
    /^http error: get_task_details failed: .* 404 Not Found; content-type=application\/json; body=\{.*task_not_found/s,
  );
});

test("shows attempts in order, and what each has made", async () => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask({
    prompt: "Do it",
    attempts: [{}, { diff: "diff --git a/b b/b\n", messages: ["Second"] }, { diff: null }],
  });
  const attempts = await client.attempts(id);
  expect(attempts.map(({ placement, status, messages }) => [placement, status, messages])).toEqual([
    [0, "completed", ["Attempt 1: Do it"]],
    [1, "completed", ["Second"]],
    [2, "completed", ["Attempt 3: Do it"]],
  ]);
  expect(selectAttempt(id, attempts, 2).diff).toBe("diff --git a/b b/b\n");
  expect(() => selectAttempt(id, attempts, 3)).toThrow("Attempt 3 not available; only 2 attempt(s) found");
  expect(() => selectAttempt(id, attempts, 0)).toThrow("Attempt 0 not available; only 2 attempt(s) found");
  expect(() => selectAttempt(id, [], 1)).toThrow(
    `No diff available for task ${id}; it may still be running.`,
  );
});

test("puts a task's own attempt where its placement says", async () => {
  const { backend, client } = await startClient();
  const turn = { id: "own", attempt_placement: 1, output_items: [{ type: "output_diff", diff: "own" }] };
  answerWith(backend, /\/tasks\/t$/, { task: {}, current_assistant_turn: turn });
  answerWith(backend, /\/sibling_turns$/, { sibling_turns: [{ id: "first", attempt_placement: 0 }, turn] });
  expect((await client.attempts("t")).map(({ turnId }) => turnId)).toEqual(["first", "own"]);
});

test("waits for a task, and tells of each answer", async () => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask({ pollsUntilReady: 3 });
  const seen: TaskSummary[] = [];
  const task = await client.waitUntilReady(id, { pollIntervalMs: 1, onPoll: (task) => seen.push(task) });
  expect(task.status).toBe("ready");
  expect(seen.map(({ status }) => status)).toEqual(["pending", "pending", "pending", "ready"]);
});

test("waits longer each time, up to a limit", async () => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask({ pollsUntilReady: 4 });
  const times: number[] = [];
  await client.waitUntilReady(id, {
    pollIntervalMs: 40,
    maxPollIntervalMs: 60,
    onPoll: () => times.push(performance.now()),
  });
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  // Timers may fire a little early, never much.
  expect(pauses.map((pause, index) => pause > (index === 0 ? 38 : 58))).toEqual([true, true, true, true]);
});

test("sits out moments in which the backend does not answer, but not for ever", async () => {
  const { backend, client } = await startClient();
  const path = /\/tasks\/task_/;
  const { id } = backend.cloud.addTask();
  backend.fault({ kind: "status", status: 502, path, times: 3 });
  backend.fault({ kind: "reset", path });
  expect(await client.waitUntilReady(id, { pollIntervalMs: 1 })).toMatchObject({ status: "ready" });
  backend.fault({ kind: "status", status: 502, path, times: 50 });
  await expect(client.waitUntilReady(id, { pollIntervalMs: 1 })).rejects.toMatchObject({
    kind: "http",
    status: 502,
  });
});

test("each answer starts the count of failures anew", async () => {
  const { backend, client } = await startClient();
  const path = /\/tasks\/task_/;
  const { id } = backend.cloud.addTask();
  for (let round = 0; round < 2; round += 1) {
    backend.fault({ kind: "status", status: 502, path, times: 4 });
    answerWith(backend, path, { task: {} });
  }
  expect(await client.waitUntilReady(id, { pollIntervalMs: 1 })).toMatchObject({ status: "ready" });
});

test("asks no sooner than the backend allows", async () => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask();
  backend.fault({ kind: "rate_limit", retryAfter: "120", path: /\/tasks\/task_/ });
  await expect(client.waitUntilReady(id, { pollIntervalMs: 1, timeoutMs: 300 })).rejects.toMatchObject({
    kind: "timeout",
  });
  expect(backend.requests).toHaveLength(1);
});

test("leaves no timer behind", async () => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask();
  const [start, stop] = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "clearTimeout")];
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  await client.waitUntilReady(id, { timeoutMs: 3_600_001 });
  const started = start.mock.calls.findIndex(([, delayMs]) => delayMs === 3_600_001);
  expect(stop).toHaveBeenCalledWith(start.mock.results[started]?.value);
});

test("does not go on asking for a task that is not there", async () => {
  const { backend, client } = await startClient();
  await expect(client.waitUntilReady("task_x", { pollIntervalMs: 1 })).rejects.toMatchObject({ status: 404 });
  expect(backend.requests).toHaveLength(1);
});

test("says why a task failed", async () => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask({
    attempts: [{ error: { code: "OUT_OF_TIME", message: "too slow" } }],
  });
  await expect(client.waitUntilReady(id)).rejects.toMatchObject({
    kind: "task_failed",
    message: `task ${id} failed: "OUT_OF_TIME: too slow"`,
  });
  expect(await client.messages(id)).toEqual(["Task failed: OUT_OF_TIME: too slow"]);
});

test("gives up waiting after a time, or when told to, and leaves nothing running", async () => {
  const { backend, client } = await startClient();
  const { id } = backend.cloud.addTask({ pollsUntilReady: undefined });
  await expect(client.waitUntilReady(id, { pollIntervalMs: 1, timeoutMs: 60 })).rejects.toMatchObject({
    kind: "timeout",
    message: `task ${id} was not ready after 60 ms`,
  });
  const controller = new AbortController();
  const reason = new Error("enough");
  const waiting = client.waitUntilReady(id, {
    signal: controller.signal,
    onPoll: () => controller.abort(reason),
  });
  await expect(waiting).rejects.toMatchObject({ kind: "aborted", cause: reason });
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  const asked = backend.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(backend.requests).toHaveLength(asked);
});

test("a time limit that is none is refused", async () => {
  const { client } = await startClient();
  await expect(client.waitUntilReady("t", { timeoutMs: -1 })).rejects.toThrow(TypeError);
  await expect(client.waitUntilReady("t", { pollIntervalMs: Number.NaN })).rejects.toThrow(TypeError);
});
