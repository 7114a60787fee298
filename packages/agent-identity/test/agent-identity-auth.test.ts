import { getEventListeners } from "node:events";
import { inspect } from "node:util";
import { type AuthError, applyAuth, isAuthError, toAuthHeaders } from "@codex-ts/auth-provider";
import { isTransportError } from "@codex-ts/client";
import { describe, expect, test } from "vitest";
import { type AgentIdentityRecord, agentIdentityAuth } from "../src/index.js";
import { thrownBy } from "./support/errors.js";
import { type Network, startNetwork, taskPath } from "./support/network.js";
import { vectors } from "./support/vectors.js";

const record: AgentIdentityRecord = {
  agent_runtime_id: "agent-123",
  agent_private_key: vectors.key.pkcs8_version_2,
  account_id: "account-123",
  chatgpt_user_id: "user-123",
  email: null,
  plan_type: "pro",
  chatgpt_account_is_fedramp: false,
  task_id: "task-123",
};
const now = Date.parse("2026-04-23T00:00:00Z");
const modelsPath = /\/models$/;

function callModels(
  { transport, backend }: Network,
  auth: ReturnType<typeof agentIdentityAuth>,
  signal?: AbortSignal,
) {
  const url = `${backend.urls.codex}/models?client_version=1.0.0`;
  return transport.execute({ method: "GET", url }, { auth, signal });
}

function authErrorOf(call: () => unknown): AuthError {
  try {
    call();
  } catch (error) {
    if (isAuthError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the headers", () => {
  test("are those of the vector, and replace what is there", () => {
    const headers = new Headers({ authorization: "Bearer x", "chatgpt-account-id": "other", accept: "*/*" });
    agentIdentityAuth(record, { clock: () => now }).addAuthHeaders(headers);
    expect([...headers]).toEqual([
      ["accept", "*/*"],
      ["authorization", vectors.assertions[0]?.header],
      ["chatgpt-account-id", "account-123"],
    ]);
  });

  test("mark a FedRAMP account, and only one", () => {
    const fedramp = agentIdentityAuth({ ...record, chatgpt_account_is_fedramp: true });
    expect(toAuthHeaders(fedramp).get("x-openai-fedramp")).toBe("true");
    expect(toAuthHeaders(agentIdentityAuth(record)).has("x-openai-fedramp")).toBe(false);
  });

  test("change with the second", () => {
    let clock = now;
    const auth = agentIdentityAuth(record, { clock: () => clock });
    const first = toAuthHeaders(auth).get("authorization");
    clock += 999;
    expect(toAuthHeaders(auth).get("authorization")).toBe(first);
    clock += 1;
    expect(toAuthHeaders(auth).get("authorization")).not.toBe(first);
  });

  test("are refused, all of them, when the account cannot be one", () => {
    for (const accountId of [
      "a\r\nx: y",
      "account\n",
      "\raccount",
      "a\0b",
      "a\u0001b",
      "a\u007fb",
      "kontö",
      "a\u2028",
    ]) {
      const headers = new Headers();
      const auth = agentIdentityAuth({ ...record, account_id: accountId });
      const error = authErrorOf(() => auth.addAuthHeaders(headers));
      expect(error).toMatchObject({
        kind: "build",
        message: "the value for the header ChatGPT-Account-ID has characters that no header may have",
      });
      expect([...headers]).toEqual([]);
    }
  });

  test("are refused when signing fails", () => {
    const headers = new Headers();
    const auth = agentIdentityAuth(record, { clock: () => Number.NaN });
    const error = authErrorOf(() => auth.addAuthHeaders(headers));
    expect(error).toMatchObject({ kind: "build", message: "the clock shows no valid time to sign" });
    expect([...headers]).toEqual([]);
  });

  test("are refused without a task, and none can be had", async () => {
    for (const taskId of [undefined, null, "", "  "]) {
      const auth = agentIdentityAuth({ ...record, task_id: taskId });
      expect(authErrorOf(() => toAuthHeaders(auth)).message).toBe(
        "the agent identity has no task to sign for",
      );
      const request = { method: "GET", url: "https://example.test", headers: new Headers() };
      await expect(applyAuth(auth, request)).rejects.toMatchObject({ kind: "build" });
      expect([...request.headers]).toEqual([]);
    }
  });
});

test.each(vectors.bad_keys)("refuses a bad key at once: $name", ({ key, error }) => {
  expect(thrownBy(() => agentIdentityAuth({ ...record, agent_private_key: key }))).toMatchObject({
    message: error,
    kind: "invalid_key",
  });
});

test("shows nothing of its record when printed or serialized", () => {
  const auth = agentIdentityAuth(record);
  toAuthHeaders(auth);
  const shown = inspect(auth, { depth: 9, showHidden: true }) + JSON.stringify(auth) + String(auth);
  expect(shown).not.toContain(record.agent_private_key);
  expect(shown).not.toContain("AgentAssertion ");
});

describe("a request", () => {
  test("is accepted by the backend", async () => {
    const network = await startNetwork();
    const auth = agentIdentityAuth(network.backend.registerAgent({ chatgpt_account_is_fedramp: true }));
    expect((await callModels(network, auth)).status).toBe(200);
    expect(network.backend.requests[0]?.auth.kind).toBe("agentAssertion");
  });

  test("is not sent when signing fails", async () => {
    const network = await startNetwork();
    const auth = agentIdentityAuth({ ...network.backend.registerAgent(), account_id: "a\r\nb" });
    const error = await callModels(network, auth).catch((reason: unknown) => reason);
    expect(isTransportError(error) && error.kind).toBe("build");
    expect(network.backend.requests).toHaveLength(0);
  });
});

describe("the first task", () => {
  test("is registered by the first requests, once for all", async () => {
    const network = await startNetwork();
    const { backend, transport } = network;
    const auth = agentIdentityAuth(backend.registerAgent({ task_id: null }), {
      transport,
      authApiBaseUrl: backend.urls.authApi,
    });
    expect(authErrorOf(() => toAuthHeaders(auth)).kind).toBe("build");
    const answers = await Promise.all(Array.from({ length: 8 }, () => callModels(network, auth)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(200));
    await callModels(network, auth);
    expect(network.received(taskPath)).toHaveLength(1);
    expect(toAuthHeaders(auth).has("authorization")).toBe(true);
  });

  test("keeps requests back when it cannot be had, and is tried again by the next one", async () => {
    const network = await startNetwork();
    const { backend, transport } = network;
    const auth = agentIdentityAuth(backend.registerAgent({ task_id: null }), {
      transport,
      authApiBaseUrl: backend.urls.authApi,
    });
    backend.fault({ kind: "status", status: 403, body: "no", path: taskPath });
    const request = { method: "GET", url: "https://example.test", headers: new Headers() };
    await expect(applyAuth(auth, request)).rejects.toMatchObject({
      kind: "build",
      message: "agent task registration failed with status 403 Forbidden: no",
    });
    backend.fault({ kind: "status", status: 503, path: taskPath, times: 3 });
    await expect(applyAuth(auth, request)).rejects.toMatchObject({ kind: "transient" });
    expect([...request.headers]).toEqual([]);
    expect((await callModels(network, auth)).status).toBe(200);
  });
});

describe("a task that the backend has forgotten", () => {
  async function setUp(options: { onTaskRegistered?: (event: object) => void | Promise<void> } = {}) {
    const network = await startNetwork();
    const { backend, transport } = network;
    const agent = backend.registerAgent();
    const auth = agentIdentityAuth(agent, { transport, authApiBaseUrl: backend.urls.authApi, ...options });
    return { network, backend, agent, auth };
  }

  test("is registered again, and the request sent once more", async () => {
    const events: object[] = [];
    const { network, backend, agent, auth } = await setUp({
      onTaskRegistered: (event) => void events.push(event),
    });
    await callModels(network, auth);
    backend.forgetTasks();
    expect((await callModels(network, auth)).status).toBe(200);
    expect(network.received(modelsPath).map((request) => request.status)).toEqual([200, 401, 200]);
    expect(network.received(taskPath)).toHaveLength(1);
    expect(events).toEqual([{ taskId: expect.stringMatching(/^task-/), replacedTaskId: agent.task_id }]);
  });

  test("is registered once for many requests", async () => {
    const { network, backend, auth } = await setUp();
    backend.forgetTasks();
    const answers = await Promise.all(Array.from({ length: 20 }, () => callModels(network, auth)));
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200));
    expect(network.received(taskPath)).toHaveLength(1);
  });

  test("is registered again each time it is lost", async () => {
    const { network, backend, auth } = await setUp();
    for (let round = 1; round <= 3; round += 1) {
      backend.forgetTasks();
      expect((await callModels(network, auth)).status).toBe(200);
      expect(network.received(taskPath)).toHaveLength(round);
    }
  });

  test("is final when the fresh one is refused as well", async () => {
    const { network, backend, auth } = await setUp();
    const body = '{"error":{"message":"Invalid task id","code":"invalid_task_id"}}';
    backend.fault({ kind: "unauthorized", body, path: modelsPath, times: 9 });
    const error = await callModels(network, auth).catch((reason: unknown) => reason);
    expect(isTransportError(error) && error.status).toBe(401);
    expect(network.received(modelsPath)).toHaveLength(2);
    expect(network.received(taskPath)).toHaveLength(1);
  });

  test("stays forgotten when nothing can register, and on other 401s", async () => {
    const { network, backend, agent, auth } = await setUp();
    backend.fault({ kind: "unauthorized", path: modelsPath });
    const other = await callModels(network, auth).catch((reason: unknown) => reason);
    expect(isTransportError(other) && other.status).toBe(401);
    backend.forgetTasks();
    const final = await callModels(network, agentIdentityAuth(agent)).catch((reason: unknown) => reason);
    expect(isTransportError(final) && final.status).toBe(401);
    expect(network.received(modelsPath)).toHaveLength(2);
    expect(network.received(taskPath)).toHaveLength(0);
  });

  test("is still registered for the others when one request is aborted", async () => {
    const { network, backend, auth } = await setUp();
    backend.forgetTasks();
    backend.fault({ kind: "drip", bytes: 1, intervalMs: 2, path: taskPath });
    const controller = new AbortController();
    const aborted = callModels(network, auth, controller.signal).catch((reason: unknown) => reason);
    const other = callModels(network, auth);
    await backend.waitForRequests(3);
    controller.abort();
    const error = await aborted;
    expect(isTransportError(error) && error.kind).toBe("aborted");
    expect((await other).status).toBe(200);
    expect(network.received(taskPath)).toHaveLength(1);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("waits for whoever stores the new one, and keeps it if that fails", async () => {
    const { network, backend, auth } = await setUp({
      onTaskRegistered: async () => {
        throw new Error("disk full");
      },
    });
    backend.forgetTasks();
    const error = await callModels(network, auth).catch((reason: unknown) => reason);
    expect(inspect(error)).toContain("disk full");
    expect((await callModels(network, auth)).status).toBe(200);
    expect(network.received(taskPath)).toHaveLength(1);
  });
});

describe("another 401", () => {
  test("is final, and tells when the clocks differ", async () => {
    const network = await startNetwork();
    const { backend, transport } = network;
    const auth = agentIdentityAuth(backend.registerAgent(), {
      transport,
      authApiBaseUrl: backend.urls.authApi,
      clock: () => Date.now() - 10 * 60_000 - 5000,
    });
    const error = await callModels(network, auth).catch((reason: unknown) => reason);
    expect(isTransportError(error) && error.status).toBe(401);
    expect(String(error)).toContain(
      "the assertion was refused as timestamp_out_of_range, and the clock here is 10 min behind the server's",
    );
    expect(backend.requests).toHaveLength(1);
  });

  test("keeps its own error when the clocks agree", async () => {
    const network = await startNetwork();
    const auth = agentIdentityAuth({ ...network.backend.registerAgent(), agent_runtime_id: "stranger" });
    const error = await callModels(network, auth).catch((reason: unknown) => reason);
    expect(isTransportError(error) && [error.kind, error.status]).toEqual(["http", 401]);
    expect(isTransportError(error) && error.body).toContain("unknown_agent");
  });

  test.each([
    ["text that is no code", '{"error":{"code":"AgentAssertion abc"}}'],
    ["no JSON", "<html>"],
  ])("shows no part of a body with %s", async (_name, body) => {
    const auth = agentIdentityAuth(record, { clock: () => now });
    const headers = new Headers({ date: "Thu, 23 Apr 2026 01:00:00 GMT" });
    await expect(auth.recover?.({ round: 0, status: 401, headers, body })).rejects.toMatchObject({
      kind: "build",
      message: "the assertion was refused, and the clock here is 60 min behind the server's",
    });
  });
});
