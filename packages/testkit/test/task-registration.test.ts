import { expect, test } from "vitest";
import { type AgentRecord, type Backend, startBackend, type TaskIdField } from "../src/index.js";
import { signAs, timestamp } from "./support/agent.js";
import { errorCode } from "./support/post.js";

interface Attempt {
  readonly at?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
  readonly base?: string;
}

function register({ urls }: Backend, record: AgentRecord, attempt: Attempt = {}): Promise<Response> {
  const { at = timestamp(), headers = {}, base = urls.authApi } = attempt;
  const id = record.agent_runtime_id;
  const { body = { timestamp: at, signature: signAs(record, `${id}:${at}`) } } = attempt;
  return fetch(`${base}/v1/agent/${id}/task/register`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

test("issues a new task each time", async () => {
  await using backend = await startBackend();
  const record = backend.registerAgent({ task_id: null });
  const first = (await (await register(backend, record)).json()) as { task_id: string };
  const second = (await (await register(backend, record)).json()) as { task_id: string };
  expect(Object.keys(first)).toEqual(["task_id"]);
  expect(first.task_id).toMatch(/^task-/);
  expect(first.task_id).not.toBe(second.task_id);
});

test.each<TaskIdField>(["task_id", "taskId"])("returns the id as it is in %s", async (taskIdField) => {
  await using backend = await startBackend({ taskIdField });
  const answer = await (await register(backend, backend.registerAgent())).json();
  expect(answer).toEqual({ [taskIdField]: expect.stringMatching(/^task-/) });
});

test.each<TaskIdField>(["encrypted_task_id", "encryptedTaskId"])(
  "returns the id sealed in %s",
  async (taskIdField) => {
    await using backend = await startBackend({ taskIdField });
    const answer = (await (await register(backend, backend.registerAgent())).json()) as Record<
      string,
      string
    >;
    expect(Object.keys(answer)).toEqual([taskIdField]);
    // 32 bytes of ephemeral key and 16 of authentication around `task-` and a UUID.
    expect(Buffer.from(answer[taskIdField] ?? "", "base64")).toHaveLength(32 + 16 + 41);
  },
);

test("seals in encrypted_task_id when told only to seal", async () => {
  await using backend = await startBackend({ sealTaskIds: true });
  const answer = await (await register(backend, backend.registerAgent())).json();
  expect(answer).toEqual({ encrypted_task_id: expect.any(String) });
});

test.each(["agent ä/1", "agent%1", "agent%20x"])(
  "finds the runtime id %j in the path",
  async (agent_runtime_id) => {
    await using backend = await startBackend();
    const record = backend.registerAgent({ agent_runtime_id });
    expect((await register(backend, record)).status).toBe(200);
  },
);

test("answers below other bases too", async () => {
  await using backend = await startBackend();
  const record = backend.registerAgent();
  for (const base of [backend.urls.origin, backend.urls.chatgpt]) {
    expect((await register(backend, record, { base })).status).toBe(200);
  }
});

test("answers 400 to an Authorization, whatever it is", async () => {
  await using backend = await startBackend();
  const response = await register(backend, backend.registerAgent(), {
    headers: { authorization: "Bearer access-token-test" },
  });
  expect(response.status).toBe(400);
  expect(await errorCode(response)).toBe("authorization_not_allowed");
});

test("answers 404 to an unknown runtime id", async () => {
  await using backend = await startBackend();
  const response = await register(backend, { ...backend.registerAgent(), agent_runtime_id: "agent-unknown" });
  expect(response.status).toBe(404);
  expect(await errorCode(response)).toBe("unknown_agent");
});

test("answers 401 to the key of another agent", async () => {
  await using backend = await startBackend();
  const { agent_private_key } = backend.registerAgent();
  const response = await register(backend, { ...backend.registerAgent(), agent_private_key });
  expect(response.status).toBe(401);
  expect(await errorCode(response)).toBe("invalid_signature");
});

test("answers 401 to a stale timestamp", async () => {
  await using backend = await startBackend();
  const response = await register(backend, backend.registerAgent(), { at: timestamp(Date.now() - 302_000) });
  expect(response.status).toBe(401);
  expect(await errorCode(response)).toBe("timestamp_out_of_range");
});

test.each([
  [{}, 400, "invalid_timestamp"],
  [{ timestamp: 5, signature: "x" }, 400, "invalid_timestamp"],
  [{ timestamp: new Date().toISOString(), signature: "x" }, 400, "invalid_timestamp"],
  [{ timestamp: timestamp(), signature: "x" }, 401, "invalid_signature"],
  [{ timestamp: timestamp() }, 401, "invalid_signature"],
  [[], 400, "invalid_json"],
])("refuses the body %j", async (body, status, code) => {
  await using backend = await startBackend();
  const response = await register(backend, backend.registerAgent(), { body });
  expect(response.status).toBe(status);
  expect(await errorCode(response)).toBe(code);
});
