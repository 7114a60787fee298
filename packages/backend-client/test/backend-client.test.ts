import { expect, test } from "vitest";
import { BackendClient } from "../src/index.js";
import { answerWith } from "./support/answer-with.js";
import { backendRejection } from "./support/backend-rejection.js";
import { endpoints } from "./support/endpoints.js";
import { startClient } from "./support/start-client.js";

const task = { id: "TASK", attempts: 2, prompt: "Fix it" };

test.each(["/backend-api", ""])("every endpoint answers below %j", async (path) => {
  const { backend, options } = await startClient();
  const client = new BackendClient({ ...options, baseUrl: `${backend.urls.origin}${path}` });
  const { attempts } = backend.cloud.addTask(task);
  backend.account.threadUsage = [{ thread_id: "thread-1", estimated_usage_credits_micros: 5, groups: [] }];
  for (const [name, call] of Object.entries(endpoints)) {
    if (name === "sibling_turns") await client.listSiblingTurns("TASK", attempts[0]?.turnId ?? "");
    else await call(client);
  }
  expect(backend.requests).toHaveLength(Object.keys(endpoints).length);
  for (const request of backend.requests) {
    expect(request.status).toBe(200);
    expect(request.path.startsWith(path === "" ? "/api/codex/" : "/backend-api/wham/")).toBe(true);
    expect(request.auth).toEqual({ kind: "bearer", credential: "token", accountId: "account-test" });
    expect(request.headers["content-type"]).toBe(request.method === "POST" ? "application/json" : undefined);
  }
});

test("the bodies are those of the wire", async () => {
  const { backend, client } = await startClient();
  await client.sendAddCreditsNudgeEmail("credits");
  backend.account.nudgeCooldownMs = 0;
  await client.sendAddCreditsNudgeEmail("usage_limit");
  await client.consumeResetCredit("key-1");
  await client.consumeResetCredit("key-2", { creditId: "credit_2" });
  await backendRejection(client.getThreadUsage("thread-1"));
  await endpoints["create_task"]?.(client);
  expect(backend.requests.map((request) => request.json())).toEqual([
    { credit_type: "credits" },
    { credit_type: "usage_limit" },
    { redeem_request_id: "key-1" },
    { redeem_request_id: "key-2", credit_id: "credit_2" },
    { thread_ids: ["thread-1"] },
    {
      new_task: { environment_id: "env-test", branch: "main", run_environment_in_qa_mode: false },
      input_items: [{ type: "message", role: "user", content: [{ content_type: "text", text: "Fix it" }] }],
    },
  ]);
});

test("messages and settings are asked for past every cache", async () => {
  const { backend, client } = await startClient();
  await client.getWorkspaceMessages();
  await client.getUserSettings();
  await client.getUsage();
  expect(backend.requests.map(({ headers }) => headers["cache-control"])).toEqual([
    "no-store",
    "no-cache, no-store",
    undefined,
  ]);
});

test("headers of the client go with each request, but never instead of the credential's", async () => {
  const { backend, client } = await startClient({
    headers: new Headers({
      "User-Agent": "my-tool/1",
      Authorization: "Bearer other",
      "Cache-Control": "max-age=9",
    }),
  });
  await client.getUsage();
  await client.getUserSettings();
  for (const { headers } of backend.requests) {
    expect(headers["user-agent"]).toBe("my-tool/1");
    expect(headers.authorization).toBe("Bearer access-token-test");
  }
  expect(backend.requests.map(({ headers }) => headers["cache-control"])).toEqual([
    "max-age=9",
    "no-cache, no-store",
  ]);
});

test("lists tasks page by page, of one environment", async () => {
  const { backend, client } = await startClient();
  for (const id of ["t1", "t2", "t3"]) backend.cloud.addTask({ id });
  backend.cloud.addTask({ id: "elsewhere", environmentId: "env-other" });
  const query = { limit: 2, taskFilter: "current", environmentId: "env-test" };
  const first = await client.listTasks(query);
  expect(first.items.map(({ id }) => id)).toEqual(["t3", "t2"]);
  const second = await client.listTasks({ ...query, cursor: first.cursor ?? "" });
  expect(second.items.map(({ id }) => id)).toEqual(["t1"]);
  expect(second.cursor).toBeNull();
});

test.each([1.5, 2 ** 31, Number.NaN, -(2 ** 31) - 1])("a page of %d tasks is refused", async (limit) => {
  const { backend, client } = await startClient();
  await expect(client.listTasks({ limit })).rejects.toThrow(
    new TypeError('"limit" must be a 32-bit integer'),
  );
  expect(backend.requests).toEqual([]);
});

test("arguments that cannot be are refused, and nothing is sent", async () => {
  const { backend, client } = await startClient();
  const refusals: [Promise<unknown>, string][] = [
    [client.createTask(undefined as never), '"request" must be an object'],
    [client.getThreadUsage(""), "threadId must not be empty"],
    [client.consumeResetCredit(""), "idempotencyKey must not be empty"],
    [client.consumeResetCredit(7 as never), "idempotencyKey must not be empty"],
    [client.consumeResetCredit("key-1", { creditId: "" }), "creditId must not be empty"],
    [client.sendAddCreditsNudgeEmail("money" as never), '"creditType" must be one of credits, usage_limit'],
  ];
  for (const [call, message] of refusals) await expect(call).rejects.toThrow(new TypeError(message));
  expect(backend.requests).toEqual([]);
});

test("the new task's id is that of the task, else that of the answer", async () => {
  const { backend, client } = await startClient();
  const create = (): Promise<unknown> => endpoints["create_task"]?.(client) ?? Promise.reject();
  answerWith(backend, { task: { id: "task_1" }, id: "x" });
  expect(await create()).toEqual({ id: "task_1" });
  answerWith(backend, { task: { id: 7 }, id: "x" });
  expect(await create()).toEqual({ id: "x" });
  for (const answer of [{}, { task: null, id: null }, [], "task_1"]) {
    answerWith(backend, answer);
    const error = await backendRejection(create());
    expect(error).toMatchObject({ kind: "decode", method: "POST" });
    expect(error.message).toBe(`POST ${backend.urls.chatgpt}/wham/tasks succeeded but no task id found`);
  }
});

test("several attempts: the task names its siblings, and the others are listed", async () => {
  const { backend, client } = await startClient();
  const { attempts } = backend.cloud.addTask({ id: "t1", attempts: 3 });
  const turn = (await client.getTask("t1")).current_assistant_turn;
  expect(turn?.attempt_placement).toBe(0);
  expect(turn?.sibling_turn_ids).toEqual(attempts.slice(1).map(({ turnId }) => turnId));
  const siblings = await client.listSiblingTurns("t1", turn?.id ?? "");
  expect(siblings.map(({ id, attempt_placement }) => [id, attempt_placement])).toEqual(
    attempts.slice(1).map(({ turnId, placement }) => [turnId, placement]),
  );
});

test("environments: all, and those of a repository", async () => {
  const { backend, client } = await startClient();
  backend.cloud.addEnvironment({
    id: "env-2",
    label: "Ä",
    isPinned: true,
    taskCount: 4,
    repositories: ["gitlab/some group/a/b"],
  });
  const [, second] = await client.listEnvironments();
  expect(second).toEqual({ id: "env-2", label: "Ä", is_pinned: true, task_count: 4 });
  expect(await client.listEnvironmentsByRepo({ owner: "test", repo: "repo" })).toMatchObject([
    { id: "env-test" },
  ]);
  expect(await client.listEnvironmentsByRepo({ owner: "test", repo: "none" })).toEqual([]);
  expect(
    await client.listEnvironmentsByRepo({ provider: "gitlab", owner: "some group", repo: "a/b" }),
  ).toEqual([second]);
});

test("an environment that says next to nothing is one, too", async () => {
  const { backend, client } = await startClient();
  answerWith(backend, [{ id: "e" }]);
  expect(await client.listEnvironments()).toStrictEqual([
    { id: "e", label: null, is_pinned: null, task_count: null },
  ]);
});

const fragment = { id: "c1", name: "Base", contents: "a = 1\n" };

test.each([
  [{}, [], []],
  [{ config_toml: null, requirements_toml: { enterprise_managed: null } }, [], []],
  [{ config_toml: { enterprise_managed: [fragment] }, more: 1 }, [fragment], []],
])("reads the bundle %j", async (bundle, config, requirements) => {
  const { backend, client } = await startClient();
  backend.managedConfig.bundle = bundle;
  expect(await client.getConfigBundle()).toStrictEqual({
    config_toml: { enterprise_managed: config },
    requirements_toml: { enterprise_managed: requirements },
  });
});

test.each(["id", "name", "contents"])("a fragment without %s fails the whole bundle", async (member) => {
  const { backend, client } = await startClient();
  const { [member as "id"]: _, ...rest } = fragment;
  backend.managedConfig.bundle = { requirements_toml: { enterprise_managed: [fragment, rest] } };
  const error = await backendRejection(client.getConfigBundle());
  expect(error.kind).toBe("decode");
  expect(error.message).toContain(` at requirements_toml.enterprise_managed[1].${member}`);
});

test("reads requirements in the form of April", async () => {
  const { backend, client } = await startClient();
  backend.managedConfig.requirements = { contents: "a = 1", sha256: null };
  expect(await client.getConfigRequirements()).toStrictEqual({
    contents: "a = 1",
    sha256: null,
    updated_at: null,
    updated_by_user_id: null,
  });
});

test("what one thread has cost", async () => {
  const { backend, client } = await startClient();
  const usage = { thread_id: "b", estimated_usage_credits_micros: 1_500_000, groups: [{ model: "m" }] };
  backend.account.threadUsage = [{ ...usage, thread_id: "a" }, usage];
  expect(await client.getThreadUsage("b")).toStrictEqual({ ...usage, estimated_usage_usd_micros: null });
  answerWith(backend, { threads: [{ ...usage, thread_id: "a" }, usage] });
  expect(await client.getThreadUsage("b")).toMatchObject({ thread_id: "b" });
  expect(await backendRejection(client.getThreadUsage("c"))).toMatchObject({
    kind: "decode",
    message: "thread usage response did not contain requested thread c",
  });
});

test("settings that are not said are off", async () => {
  const { backend, client } = await startClient();
  expect(await client.getUserSettings()).toEqual({ commit_attribution_enabled: false });
  backend.account.settings = { commit_attribution_enabled: true };
  expect(await client.getUserSettings()).toEqual({ commit_attribution_enabled: true });
  backend.account.settings = { commit_attribution_enabled: null };
  expect(await backendRejection(client.getUserSettings())).toMatchObject({ kind: "decode" });
});

test("usage goes up with each model call, and a credit starts it anew", async () => {
  const { backend, client } = await startClient();
  const ask = (): Promise<Response> =>
    fetch(`${backend.urls.codex}/responses`, {
      method: "POST",
      headers: { authorization: "Bearer access-token-test", "content-type": "application/json" },
      body: JSON.stringify({ model: "m", stream: true, input: [] }),
    });
  backend.account.usage.percentPerResponse = 40;
  backend.account.usage.addResetCredits(1);
  const seen: unknown[] = [];
  for (let calls = 0; calls < 3; calls += 1) {
    await (await ask()).text();
    const { rate_limit, rate_limit_reached_type } = await client.getUsage();
    seen.push([rate_limit?.primary_window?.used_percent, rate_limit?.allowed, rate_limit_reached_type]);
  }
  expect(seen).toEqual([
    [40, true, null],
    [80, true, null],
    [100, false, "rate_limit_reached"],
  ]);
  const { credits, available_count } = await client.listResetCredits();
  expect([credits.length, available_count]).toEqual([1, 1]);
  const consumed = await client.consumeResetCredit("key-1", { creditId: credits[0]?.id });
  expect(consumed).toEqual({ code: "reset", windows_reset: 2 });
  expect((await client.getRateLimits()).primary?.used_percent).toBe(0);
  expect((await client.listResetCredits()).available_count).toBe(0);
});

test("workspace messages: kinds and optional times", async () => {
  const { backend, client } = await startClient();
  const message = { message_id: "m", message_body: "text" };
  backend.account.messages = [
    { ...message, message_type: "headline", created_at: "2026-06-14T00:00:00Z" },
    { ...message, message_type: "announcement", archived_at: "later" },
    { ...message, message_type: "new", created_at: null },
  ];
  expect((await client.getWorkspaceMessages()).messages).toStrictEqual([
    { ...message, message_type: "headline", created_at: "2026-06-14T00:00:00Z", archived_at: null },
    { ...message, message_type: "announcement", created_at: null, archived_at: "later" },
    { ...message, message_type: "unknown", created_at: null, archived_at: null },
  ]);
  answerWith(backend, {});
  expect(await client.getWorkspaceMessages()).toEqual({ messages: [] });
});

test("with nothing more than a provider of headers nobody is asked who is logged in", async () => {
  const { backend, options, login } = await startClient();
  login.facts = undefined;
  await new BackendClient({ ...options, auth: login.provider }).getUsage();
  expect(backend.requests[0]?.status).toBe(200);
});
