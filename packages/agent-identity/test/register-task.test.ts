import { isTransportError } from "@codex-ts/client";
import { describe, expect, test } from "vitest";
import { AgentKey, registerTask } from "../src/index.js";
import { rejectionOf } from "./support/errors.js";
import { type Network, startNetwork, taskPath } from "./support/network.js";
import { vectors } from "./support/vectors.js";

const key = AgentKey.fromPkcs8Base64(vectors.key.pkcs8_version_2);
const agentRuntimeId = "agent-123";

async function register(network: Network, clock?: () => number, signal?: AbortSignal): Promise<string> {
  const { transport, backend } = network;
  return await registerTask({
    transport,
    authApiBaseUrl: backend.urls.authApi,
    key,
    agentRuntimeId,
    clock,
    signal,
  });
}

/** Lets the backend answer task registrations with a text of the test's own. */
function answer(network: Network, status: number, body: unknown, times = 1): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  network.backend.fault({ kind: "status", status, body: text, path: taskPath, times });
}

async function startWithAgent(options?: Parameters<typeof startNetwork>[0]): Promise<Network> {
  const network = await startNetwork(options);
  network.backend.registerAgent({
    agent_runtime_id: agentRuntimeId,
    agent_private_key: vectors.key.pkcs8_version_2,
  });
  return network;
}

describe("the request", () => {
  test("is signed so that the backend accepts it", async () => {
    const network = await startWithAgent();
    expect(await register(network)).toMatch(/^task-/);
    expect(network.received(taskPath)).toHaveLength(1);
  });

  test("carries timestamp and signature, in this order, and no credential", async () => {
    const now = Date.parse(vectors.task_registration.timestamp);
    const network = await startWithAgent({ clock: () => now });
    await register(network, () => now);
    const [request] = network.received(taskPath);
    expect(request?.method).toBe("POST");
    expect(request?.path).toBe("/api/accounts/v1/agent/agent-123/task/register");
    expect(request?.body.toString()).toBe(vectors.task_registration.body);
    expect(request?.headers).not.toHaveProperty("authorization");
    expect(request?.headers).not.toHaveProperty("chatgpt-account-id");
  });

  test("is signed anew for each attempt", async () => {
    let now = Date.now();
    const network = await startWithAgent({ clock: () => now });
    answer(network, 503, "", 2);
    await register(network, () => {
      now += 1000;
      return now;
    });
    const bodies = network.received(taskPath).map((request) => request.body.toString());
    expect(new Set(bodies).size).toBe(3);
  });
});

describe("the answer", () => {
  test.each(["task_id", "taskId", "encrypted_task_id", "encryptedTaskId"] as const)(
    "may hold the id as %s",
    async (taskIdField) => {
      const network = await startWithAgent({ taskIdField });
      expect(await register(network)).toMatch(/^task-[0-9a-f-]{36}$/);
    },
  );

  const sealed = vectors.sealed_task_ids[0]?.ciphertext;
  test.each([
    ["the first of two plain ones", { taskId: "b", task_id: "a" }, "a"],
    ["a plain one before a sealed one", { encrypted_task_id: sealed, taskId: "b" }, "b"],
    ["a plain one before a broken one", { task_id: "a", encrypted_task_id: "not base64!" }, "a"],
    [
      "the next one if one is null",
      { task_id: null, taskId: null, encryptedTaskId: sealed },
      "task-encrypted-123",
    ],
    [
      "the first of two sealed ones",
      { encrypted_task_id: sealed, encryptedTaskId: "not base64!" },
      "task-encrypted-123",
    ],
    ["an empty one", { task_id: "" }, ""],
    ["one beside unknown members", { task_id: "a", expires_at: 1 }, "a"],
  ])("gives %s", async (_name, body, expected) => {
    const network = await startNetwork();
    answer(network, 200, body);
    expect(await register(network)).toBe(expected);
  });

  test.each(vectors.sealed_task_ids)("is opened as the vector says: $ciphertext", async (vector) => {
    const network = await startNetwork();
    answer(network, 200, { encrypted_task_id: vector.ciphertext });
    const registered = register(network);
    if (vector.error === undefined) expect(await registered).toBe(vector.task_id);
    else expect((await rejectionOf(registered)).message).toBe(vector.error);
  });

  test.each([
    ["no JSON", "<html>", "failed to decode agent task registration response"],
    ["no object", "[]", "failed to decode agent task registration response"],
    ["a number for an id", { task_id: 1 }, "failed to decode agent task registration response"],
    [
      "a wrong type beside a good id",
      { task_id: "a", encryptedTaskId: {} },
      "failed to decode agent task registration response",
    ],
    ["no id", {}, "agent task registration response omitted task id"],
    [
      "only nulls",
      { task_id: null, encrypted_task_id: null },
      "agent task registration response omitted task id",
    ],
  ])("is refused with %s, after one attempt", async (_name, body, message) => {
    const network = await startNetwork();
    answer(network, 200, body);
    const error = await rejectionOf(register(network));
    expect(error).toMatchObject({ message, kind: "task_registration", retryable: false });
    expect(network.received(taskPath)).toHaveLength(1);
  });
});

describe("a refusal", () => {
  test("by 503, 503 is followed by success", async () => {
    const network = await startWithAgent();
    answer(network, 503, "", 2);
    expect(await register(network)).toMatch(/^task-/);
    expect(network.received(taskPath)).toHaveLength(3);
  });

  test.each([
    [429, "429 Too Many Requests"],
    [500, "500 Internal Server Error"],
    [503, "503 Service Unavailable"],
    [599, "599 <unknown status code>"],
  ])("by %d is final after three attempts", async (status, text) => {
    const network = await startNetwork();
    answer(network, status, "busy", 9);
    const error = await rejectionOf(register(network));
    expect(error).toMatchObject({
      message: `retryable agent identity registration failure: agent task registration failed with status ${text}: busy`,
      kind: "task_registration",
      retryable: true,
      status,
      operation: "agent task registration",
      attempts: 3,
    });
    expect(network.received(taskPath)).toHaveLength(3);
  });

  test("by 429 with a pause to make is tried again without one", async () => {
    const network = await startNetwork();
    network.backend.fault({ kind: "rate_limit", retryAfter: "3600", path: taskPath, times: 9 });
    expect(await rejectionOf(register(network))).toMatchObject({ status: 429, attempts: 3 });
  });

  test.each([400, 401, 403, 404, 422])("by %d is final at once", async (status) => {
    const network = await startNetwork();
    answer(network, status, "");
    const error = await rejectionOf(register(network));
    expect(error.message).toMatch(
      new RegExp(`^agent task registration failed with status ${status} [A-Z][A-Za-z ]+$`),
    );
    expect(error).toMatchObject({ retryable: false, status });
    expect(network.received(taskPath)).toHaveLength(1);
  });

  test.each([
    ["512 bytes in full", "a".repeat(512), "a".repeat(512)],
    ["513 bytes cut", "a".repeat(513), `${"a".repeat(512)}...`],
    ["two-byte characters, 512 bytes, in full", "é".repeat(256), "é".repeat(256)],
    ["two-byte characters, few, with dots only", "é".repeat(257), `${"é".repeat(257)}...`],
    ["characters outside the basic plane by character", "😀".repeat(600), `${"😀".repeat(512)}...`],
  ])("shows a body of %s", async (_name, body, shown) => {
    const network = await startNetwork();
    answer(network, 403, body);
    expect((await rejectionOf(register(network))).message).toBe(
      `agent task registration failed with status 403 Forbidden: ${shown}`,
    );
  });

  test("says so when the clocks differ", async () => {
    const network = await startWithAgent();
    const error = await rejectionOf(register(network, () => Date.now() + 10 * 60_000 + 5000));
    expect(error.message).toMatch(/ 401 Unauthorized: .*\(the clock here is 10 min ahead of the server's\)$/);
  });
});

test("a refusal that may pass says nothing of clocks", async () => {
  const network = await startNetwork();
  answer(network, 503, "busy", 9);
  const error = await rejectionOf(register(network, () => Date.now() + 3_600_000));
  expect(error.message).toMatch(/: busy$/);
});

describe("a server that cannot be reached", () => {
  test("fails after three attempts", async () => {
    const network = await startNetwork();
    network.backend.fault({ kind: "reset", path: taskPath, times: 9 });
    const error = await rejectionOf(register(network));
    expect(error).toMatchObject({
      message: "retryable agent identity registration failure: failed to register agent task",
      kind: "task_registration",
      retryable: true,
      status: undefined,
      operation: "agent task registration",
      attempts: 3,
    });
    expect(network.received(taskPath)).toHaveLength(3);
  });

  test("is not tried again when the address is none", async () => {
    const { transport } = await startNetwork();
    const attempt = registerTask({ transport, authApiBaseUrl: "no-url", key, agentRuntimeId });
    expect(await rejectionOf(attempt)).toMatchObject({
      message: "failed to register agent task",
      retryable: false,
    });
  });
});

test("an abort ends the attempt that is under way, and no other follows", async () => {
  const network = await startNetwork();
  network.backend.fault({ kind: "stall_headers", path: taskPath, times: 9 });
  const controller = new AbortController();
  const attempt = register(network, undefined, controller.signal);
  await network.backend.waitForRequests(1);
  controller.abort();
  const error = await attempt.catch((reason: unknown) => reason);
  expect(isTransportError(error) && error.kind).toBe("aborted");
  expect(network.received(taskPath)).toHaveLength(1);
});
