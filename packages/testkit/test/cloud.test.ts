import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";
import { type CodexCalls, codexCalls, credential } from "./support/codex-calls.js";
import { errorCode } from "./support/post.js";

let backend: Backend;
let calls: CodexCalls;
beforeEach(async () => {
  backend = await startBackend({ clock: () => 1_800_000_000_000 });
  calls = codexCalls(backend);
});
afterEach(() => backend.close());

function newTask(more: object = {}): object {
  return {
    new_task: { environment_id: "env-test", branch: "main", run_environment_in_qa_mode: false },
    input_items: [{ type: "message", role: "user", content: [{ content_type: "text", text: "Fix it" }] }],
    ...more,
  };
}

test.each(["/backend-api/wham", "/api/codex"])(
  "creates a task and makes it ready, below %s",
  async (prefix) => {
    const { get, post } = codexCalls(backend, prefix);
    backend.cloud.pollsUntilReady = 2;
    const { task } = (await (await post("/tasks", newTask())).json()) as { task: { id: string } };
    const statuses: unknown[] = [];
    for (let polls = 0; polls < 4; polls += 1) {
      const details = await json(await get(`/tasks/${task.id}`));
      statuses.push([
        details["current_assistant_turn"]["turn_status"],
        details["current_diff_task_turn"]?.["output_items"].length,
        details["task_status_display"]["latest_turn_status_display"]["diff_stats"],
      ]);
    }
    const ready = ["completed", 1, { files_modified: 1, lines_added: 2, lines_removed: 0 }];
    expect(statuses).toEqual([
      ["in_progress", undefined, null],
      ["in_progress", undefined, null],
      ready,
      ready,
    ]);
  },
);

test("a task can be made ready, or fail, on command", async () => {
  backend.cloud.pollsUntilReady = undefined;
  const { id } = backend.cloud.addTask({ prompt: "Do it", attempts: 2, startingDiff: "diff" });
  for (let polls = 0; polls < 3; polls += 1) await calls.get(`/tasks/${id}`);
  expect(backend.cloud.tasks[0]?.isFinished).toBe(false);
  backend.cloud.finish(id, { error: { code: "E1", message: "no luck" } }, { messages: [], diff: "d2" });
  const details = await json(await calls.get(`/tasks/${id}`));
  expect(details["current_assistant_turn"]).toMatchObject({
    attempt_placement: 0,
    turn_status: "failed",
    output_items: [],
    error: { code: "E1", message: "no luck" },
  });
  expect(details["current_user_turn"]["input_items"]).toEqual([
    { type: "message", role: "user", content: [{ content_type: "text", text: "Do it" }] },
    { type: "pre_apply_patch", output_diff: { diff: "diff" } },
  ]);
  const turn = encodeURIComponent(details["current_assistant_turn"]["id"]);
  const { sibling_turns } = await json(await calls.get(`/tasks/${id}/turns/${turn}/sibling_turns`));
  expect(sibling_turns).toMatchObject([
    { attempt_placement: 1, turn_status: "completed", output_items: [{ type: "output_diff", diff: "d2" }] },
  ]);
  expect(details["current_assistant_turn"]["sibling_turn_ids"]).toEqual([sibling_turns[0].id]);
  expect(() => backend.cloud.finish("none")).toThrow("there is no task none");
});

test("as many attempts as asked for, each as the test says", async () => {
  backend.cloud.result = (prompt, placement) => ({
    messages: [`${prompt} ${placement}`],
    diff: null,
  });
  await calls.post("/tasks", newTask({ metadata: { best_of_n: 3 } }));
  expect(
    backend.cloud.tasks[0]?.attempts.map(({ placement, result }) => [placement, result.messages]),
  ).toEqual([
    [0, ["Fix it 0"]],
    [1, ["Fix it 1"]],
    [2, ["Fix it 2"]],
  ]);
  const details = await json(await calls.get(`/tasks/${backend.cloud.tasks[0]?.id}`));
  expect(details["current_diff_task_turn"]).toBeNull();
});

test("a diff can be that of a pull request", async () => {
  const { id } = backend.cloud.addTask({ attempts: [{ diff: "d", isPullRequest: true }] });
  expect((await json(await calls.get(`/tasks/${id}`)))["current_diff_task_turn"]["output_items"]).toEqual([
    { type: "pr", output_diff: { diff: "d" } },
  ]);
});

test("lists tasks newest first, page by page, by environment and archive", async () => {
  for (const id of ["t1", "t2", "t3"]) backend.cloud.addTask({ id });
  backend.cloud.addTask({ id: "old", isArchived: true });
  backend.cloud.addTask({ id: "other", environmentId: "env-2" });
  const list = async (query: string): Promise<unknown[]> => {
    const { items, cursor } = await json(await calls.get(`/tasks/list?${query}`));
    return [items.map(({ id }: { id: string }) => id), cursor];
  };
  const [first, cursor] = await list("limit=2&task_filter=current&environment_id=env-test");
  expect(first).toEqual(["t3", "t2"]);
  const next = `limit=2&task_filter=current&environment_id=env-test&cursor=${encodeURIComponent(String(cursor))}`;
  expect(await list(next)).toEqual([["t1"], null]);
  expect(await list("task_filter=archived")).toEqual([["old"], null]);
  expect(await list("")).toEqual([["other", "t3", "t2", "t1"], null]);
});

test.each([
  ["GET", "/tasks/none", undefined, 404, "task_not_found"],
  ["GET", "/tasks/known/turns/none/sibling_turns", undefined, 404, "turn_not_found"],
  ["GET", "/tasks/list?limit=0", undefined, 400, "invalid_request_body"],
  ["GET", "/tasks/list?cursor=x", undefined, 400, "invalid_request_body"],
  ["POST", "/tasks", {}, 400, "invalid_request_body"],
  ["POST", "/tasks", newTask({ input_items: [] }), 400, "invalid_request_body"],
  ["POST", "/tasks", newTask({ metadata: { best_of_n: 5 } }), 400, "invalid_request_body"],
  [
    "POST",
    "/tasks",
    newTask({ new_task: { environment_id: "none", branch: "b" } }),
    404,
    "environment_not_found",
  ],
])("%s %s with %j is answered %i", async (method, path, body, status, code) => {
  backend.cloud.addTask({ id: "known" });
  const response = method === "GET" ? await calls.get(path) : await calls.post(path, body ?? {});
  expect([response.status, await errorCode(response)]).toEqual([status, code]);
});

test("ids are decoded", async () => {
  backend.cloud.addTask({ id: "a/b ä" });
  expect((await calls.get(`/tasks/${encodeURIComponent("a/b ä")}`)).status).toBe(200);
  expect((await calls.get("/tasks/%ff")).status).toBe(404);
});

test("lists environments, also by repository", async () => {
  const environment = {
    id: "env-2",
    label: "Two",
    isPinned: true,
    taskCount: 3,
    repositories: ["github/a/b"],
  };
  backend.cloud.addEnvironment(environment);
  const all = await json(await calls.get("/environments"));
  expect(all).toEqual([
    { id: "env-test", label: "test/repo", is_pinned: false, task_count: 0 },
    { id: "env-2", label: "Two", is_pinned: true, task_count: 3 },
  ]);
  expect(await json(await calls.get("/environments/by-repo/github/a/b"))).toEqual([all[1]]);
  expect(await json(await calls.get("/environments/by-repo/gitlab/a/b"))).toEqual([]);
  backend.cloud.addEnvironment({ id: "env-2" });
  expect(await json(await calls.get("/environments"))).toContainEqual({
    id: "env-2",
    label: null,
    is_pinned: false,
    task_count: 0,
  });
  backend.cloud.clearEnvironments();
  expect(await json(await calls.get("/environments"))).toEqual([]);
});

test("what a workspace prescribes", async () => {
  expect(await json(await calls.get("/config/bundle"))).toEqual({});
  backend.managedConfig.setFragments({ config: ["a = 1"], requirements: ["b = 1", "c = 1"] });
  backend.managedConfig.requirements = { contents: "d = 1" };
  expect(await json(await calls.get("/config/bundle"))).toEqual({
    config_toml: { enterprise_managed: [{ id: "config_1", name: "config 1", contents: "a = 1" }] },
    requirements_toml: {
      enterprise_managed: [
        { id: "requirements_1", name: "requirements 1", contents: "b = 1" },
        { id: "requirements_2", name: "requirements 2", contents: "c = 1" },
      ],
    },
  });
  expect(await json(await calls.get("/config/requirements"))).toEqual({ contents: "d = 1" });
});

test("reset takes everything back", async () => {
  backend.cloud.addTask();
  backend.cloud.clearEnvironments();
  backend.cloud.pollsUntilReady = 7;
  backend.managedConfig.setFragments({ config: ["a = 1"] });
  backend.account.usage.use(5);
  backend.account.messages = undefined;
  backend.account.nudge("credits");
  backend.reset();
  expect([backend.cloud.tasks.length, backend.cloud.environments.length]).toEqual([0, 1]);
  expect(backend.cloud.pollsUntilReady).toBe(0);
  expect(backend.managedConfig.bundle).toEqual({});
  expect(backend.account.usage.primaryPercent).toBe(0);
  expect(backend.account.messages).toEqual([]);
  expect(backend.account.nudges).toEqual([]);
});

const paths = [
  ["GET", "/tasks/list"],
  ["POST", "/tasks"],
  ["GET", "/tasks/known"],
  ["GET", "/tasks/known/turns/x/sibling_turns"],
  ["GET", "/environments"],
  ["GET", "/environments/by-repo/github/test/repo"],
  ["GET", "/config/bundle"],
  ["GET", "/config/requirements"],
  ["GET", "/accounts/check"],
  ["POST", "/accounts/send_add_credits_nudge_email"],
  ["GET", "/usage"],
  ["POST", "/usage/thread_usage/query"],
  ["GET", "/rate-limit-reset-credits"],
  ["POST", "/rate-limit-reset-credits/consume"],
  ["GET", "/profiles/me"],
  ["GET", "/settings/user"],
  ["GET", "/workspace-messages"],
] as const;

test.each(
  paths.flatMap((row) => ["/backend-api/wham", "/api/codex"].map((prefix) => [...row, prefix] as const)),
)("%s %s below %s wants a credential that is no API key", async (method, path, prefix) => {
  const ask = async (headers: Record<string, string>): Promise<unknown[]> => {
    const response = await fetch(`${backend.urls.origin}${prefix}${path}`, { method, headers });
    return [response.status, response.ok ? undefined : await errorCode(response)];
  };
  expect(await ask({})).toEqual([401, "missing_authorization"]);
  expect(await ask({ authorization: "Bearer wrong" })).toEqual([401, "invalid_token"]);
  expect(await ask({ authorization: "Bearer sk-test" })).toEqual([403, "chatgpt_auth_required"]);
  const [status] = await ask(credential);
  expect([401, 403, 405]).not.toContain(status);
});

// biome-ignore lint/suspicious/noExplicitAny: an answer is looked at member by member.
async function json(response: Response): Promise<any> {
  expect(response.status).toBe(200);
  return response.json();
}
