import { inspect } from "node:util";
import { toAuthHeaders } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import { agentIdentityEndpoints, type OpenAgentIdentityOptions, openAgentIdentity } from "../src/index.js";
import { rejectionOf } from "./support/errors.js";
import { jwksPath, type Network, startNetwork, taskPath } from "./support/network.js";
import { vectors } from "./support/vectors.js";

function optionsFor({ backend, transport }: Network): OpenAgentIdentityOptions {
  const { authApi, chatgpt } = backend.urls;
  const endpoints = agentIdentityEndpoints(chatgpt, { authApiBaseUrl: authApi, jwksBaseUrl: chatgpt });
  return { transport, endpoints };
}

test.each([undefined, null, "", " "])("registers a task for a record whose task is %j", async (taskId) => {
  const network = await startNetwork();
  const agent = { ...network.backend.registerAgent({ task_id: null }), task_id: taskId };
  const identity = await openAgentIdentity(agent, optionsFor(network));
  expect(network.received(taskPath)).toHaveLength(1);
  expect(identity.telemetry).toEqual({
    agentId: agent.agent_runtime_id,
    taskId: expect.stringMatching(/^task-/),
  });
  expect(identity.record).toEqual({ ...agent, task_id: identity.telemetry.taskId });
  expect(agent.task_id).toBe(taskId);
});

test("sends nothing for a record that has a task", async () => {
  const network = await startNetwork();
  const agent = network.backend.registerAgent({ plan_type: "business", email: "" });
  const identity = await openAgentIdentity(agent, optionsFor(network));
  expect(network.backend.requests).toHaveLength(0);
  expect(identity.record).toEqual(agent);
  expect(identity.account).toEqual({
    accountId: agent.account_id,
    userId: agent.chatgpt_user_id,
    planType: "business",
    isFedramp: false,
    isWorkspace: true,
  });
});

test("verifies a token, registers a task, and signs", async () => {
  const network = await startNetwork({ sealTaskIds: true });
  const { backend, transport } = network;
  const identity = await openAgentIdentity(backend.mintJwt({ plan_type: "hc" }), optionsFor(network));
  expect(network.received(jwksPath)).toHaveLength(1);
  expect(network.received(taskPath)).toHaveLength(1);
  expect(identity.account).toMatchObject({
    email: "agent@example.com",
    planType: "enterprise",
    isWorkspace: true,
  });
  const url = `${backend.urls.codex}/models?client_version=1.0.0`;
  expect((await transport.execute({ method: "GET", url }, { auth: identity.provider })).status).toBe(200);
});

test("shows the newest task after a replacement, and tells who stores it", async () => {
  const network = await startNetwork();
  const { backend, transport } = network;
  const stored: unknown[] = [];
  const agent = backend.registerAgent({ task_id: null });
  const identity = await openAgentIdentity(agent, {
    ...optionsFor(network),
    onTaskRegistered: (registration) => void stored.push(registration),
  });
  const first = identity.telemetry.taskId;
  backend.forgetTasks();
  const url = `${backend.urls.codex}/models?client_version=1.0.0`;
  await transport.execute({ method: "GET", url }, { auth: identity.provider });
  const second = identity.telemetry.taskId;
  expect(second).not.toBe(first);
  expect(identity.record.task_id).toBe(second);
  expect(stored).toEqual([
    { taskId: first, replacedTaskId: undefined },
    { taskId: second, replacedTaskId: first },
  ]);
});

test("fails before anything is sent when the key is bad", async () => {
  const network = await startNetwork();
  const agent = { ...network.backend.registerAgent({ task_id: null }), agent_private_key: "not base64!" };
  expect((await rejectionOf(openAgentIdentity(agent, optionsFor(network)))).kind).toBe("invalid_key");
  expect(network.backend.requests).toHaveLength(0);
});

test("is strict: a registration that stays unavailable is an error, after three attempts", async () => {
  const network = await startNetwork();
  network.backend.fault({ kind: "status", status: 503, body: "", path: taskPath, times: 9 });
  expect(await rejectionOf(openAgentIdentity(network.backend.mintJwt(), optionsFor(network)))).toMatchObject({
    message:
      "retryable agent identity registration failure: agent task registration failed with status 503 Service Unavailable",
    retryable: true,
  });
  expect(network.received(taskPath)).toHaveLength(3);
});

test("signs for the task at the time of its clock", async () => {
  const network = await startNetwork();
  const clock = (): number => Date.parse("2026-04-23T00:00:00Z");
  const agent = {
    ...network.backend.registerAgent(),
    agent_runtime_id: "agent-123",
    agent_private_key: vectors.key.pkcs8_version_1,
    task_id: "task-123",
  };
  const { provider } = await openAgentIdentity(agent, { ...optionsFor(network), clock });
  expect(toAuthHeaders(provider).get("authorization")).toBe(vectors.assertions[0]?.header);
});

test("gives up waiting for a task when the caller does", async () => {
  const network = await startNetwork();
  network.backend.fault({ kind: "stall_headers", path: taskPath });
  const controller = new AbortController();
  const agent = network.backend.registerAgent({ task_id: null });
  const opening = openAgentIdentity(agent, { ...optionsFor(network), signal: controller.signal });
  await network.backend.waitForRequests(1);
  const reason = new Error("gave up");
  controller.abort(reason);
  await expect(opening).rejects.toMatchObject({ name: "TransportError", kind: "aborted", cause: reason });
});

test("prints without the private key", async () => {
  const network = await startNetwork();
  const agent = network.backend.registerAgent();
  const identity = await openAgentIdentity(agent, optionsFor(network));
  const printed = inspect(identity, { depth: 9, showHidden: true, getters: true });
  expect(printed).not.toContain(agent.agent_private_key);
  expect(printed).toContain("[redacted]");
});
