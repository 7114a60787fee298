import { expect, test } from "vitest";
import { type AgentRecord, type Backend, startBackend } from "../src/index.js";
import { assertion, envelope, signAs, timestamp } from "./support/agent.js";
import { errorCode, postResponses, turn } from "./support/post.js";

function post(backend: Backend, { account_id }: AgentRecord, authorization: string): Promise<Response> {
  const headers = { authorization, "chatgpt-account-id": account_id };
  return postResponses(backend, turn("signed"), { headers });
}

async function refusal(
  change: (record: AgentRecord, backend: Backend) => string,
): Promise<{ status: number; code: unknown }> {
  await using backend = await startBackend();
  const record = backend.registerAgent();
  const response = await post(backend, record, change(record, backend));
  expect(backend.requests[0]?.auth.kind).toBe("invalid");
  return { status: response.status, code: await errorCode(response) };
}

test("accepts a genuine assertion, and logs who signed", async () => {
  await using backend = await startBackend();
  const record = backend.registerAgent();
  const at = timestamp();
  expect((await post(backend, record, assertion(envelope(record, at)))).status).toBe(200);
  expect(backend.requests[0]?.auth).toEqual({
    kind: "agentAssertion",
    agentRuntimeId: record.agent_runtime_id,
    taskId: record.task_id,
    timestamp: at,
  });
});

test("accepts the worked example, at its time", async () => {
  await using backend = await startBackend({ clock: () => Date.parse("2026-04-23T00:00:00Z") });
  const record = backend.registerAgent({
    agent_runtime_id: 'agent "é/\\ 1',
    task_id: "task:ü",
    agent_private_key: "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH",
  });
  const response = await post(
    backend,
    record,
    "AgentAssertion eyJhZ2VudF9ydW50aW1lX2lkIjoiYWdlbnQgXCLDqS9cXCAxIiwic2lnbmF0dXJlIjoiVkUwMTA0bHgxcllXT1crR3ZrWTBTdUdCVy9POUNUeWZ0ZzhKSWp0dW5CV2Q0RjYxYmlZcnZqZjRZQUJZU1hqTUE1ZGNUYnVEaXVWZmpkeGJmTmZEREE9PSIsInRhc2tfaWQiOiJ0YXNrOsO8IiwidGltZXN0YW1wIjoiMjAyNi0wNC0yM1QwMDowMDowMFoifQ",
  );
  expect(response.status).toBe(200);
});

test.each<[string, string, (record: AgentRecord, backend: Backend) => string]>([
  [
    "the key of another agent",
    "invalid_signature",
    (record, backend) =>
      assertion(envelope({ ...record, agent_private_key: backend.registerAgent().agent_private_key })),
  ],
  [
    "a signature over another task",
    "invalid_signature",
    (record) => assertion({ ...envelope({ ...record, task_id: "task-other" }), task_id: record.task_id }),
  ],
  [
    "a signature over another time",
    "invalid_signature",
    (record) => assertion({ ...envelope(record), timestamp: timestamp(Date.now() - 1000) }),
  ],
  [
    "a signature without its padding",
    "invalid_signature",
    (record) => {
      const members = envelope(record);
      return assertion({ ...members, signature: members.signature.slice(0, -2) });
    },
  ],
  [
    "a task that was never issued",
    "invalid_task_id",
    (record) => assertion(envelope({ ...record, task_id: "task-1" })),
  ],
  [
    "the task of another agent",
    "invalid_task_id",
    (record, backend) => assertion(envelope({ ...record, task_id: backend.registerAgent().task_id })),
  ],
  [
    "a task that was forgotten",
    "invalid_task_id",
    (record, backend) => {
      backend.forgetTasks();
      return assertion(envelope(record));
    },
  ],
  [
    "an unknown runtime id",
    "unknown_agent",
    (record) => assertion(envelope({ ...record, agent_runtime_id: "agent-unknown" })),
  ],
  [
    "a time too long ago",
    "timestamp_out_of_range",
    (record) => assertion(envelope(record, timestamp(Date.now() - 302_000))),
  ],
  [
    "a time too far ahead",
    "timestamp_out_of_range",
    (record) => assertion(envelope(record, timestamp(Date.now() + 302_000))),
  ],
  ["milliseconds", "invalid_timestamp", (record) => assertion(envelope(record, new Date().toISOString()))],
  [
    "unsorted members",
    "assertion_not_canonical",
    (record) => {
      const { task_id, ...rest } = envelope(record);
      return assertion({ task_id, ...rest });
    },
  ],
  [
    "a further member",
    "assertion_not_canonical",
    (record) => assertion({ ...envelope(record), zone: "utc" }),
  ],
  [
    "a missing member",
    "assertion_not_canonical",
    (record) => assertion({ ...envelope(record), timestamp: undefined }),
  ],
  [
    "white space",
    "assertion_not_canonical",
    (record) =>
      `AgentAssertion ${Buffer.from(JSON.stringify(envelope(record), null, 1)).toString("base64url")}`,
  ],
  ["no JSON", "assertion_not_canonical", () => `AgentAssertion ${Buffer.from("{").toString("base64url")}`],
  ["null", "assertion_not_canonical", () => `AgentAssertion ${Buffer.from("null").toString("base64url")}`],
  ["padding", "assertion_not_base64url", (record) => `${assertion(envelope(record))}=`],
  [
    "the standard alphabet",
    "assertion_not_base64url",
    () => `AgentAssertion ${Buffer.from('{"a":"???>>>"}').toString("base64").replaceAll("=", "")}`,
  ],
  ["unused bits that are set", "assertion_not_base64url", () => "AgentAssertion e31"],
  ["nothing", "invalid_authorization", () => "AgentAssertion"],
  ["another scheme", "invalid_authorization", () => "Basic dTpw"],
])("answers 401 to an assertion with %s", async (_name, code, change) => {
  expect(await refusal(change)).toEqual({ status: 401, code });
});

test("takes a timestamp at the very edge of the clock skew", async () => {
  const now = Date.parse("2026-04-23T00:00:00Z");
  await using backend = await startBackend({ clock: () => now, maxClockSkewMs: 5000 });
  const record = backend.registerAgent();
  expect((await post(backend, record, assertion(envelope(record, timestamp(now - 5000))))).status).toBe(200);
  expect((await post(backend, record, assertion(envelope(record, timestamp(now - 6000))))).status).toBe(401);
});

test.each([undefined, "account-other"])("answers 401 to the account %s", async (accountId) => {
  await using backend = await startBackend();
  const record = backend.registerAgent();
  const response = await postResponses(backend, turn("x"), {
    headers: {
      authorization: assertion(envelope(record)),
      ...(accountId !== undefined && { "chatgpt-account-id": accountId }),
    },
  });
  expect(response.status).toBe(401);
  expect(await errorCode(response)).toBe("account_mismatch");
});

test.each([
  [true, "true", 200],
  [true, undefined, 401],
  [false, undefined, 200],
  [false, "true", 401],
  [false, "false", 401],
])("with a FedRAMP account %s and the header %s answers %d", async (isFedramp, header, status) => {
  await using backend = await startBackend();
  const record = backend.registerAgent({ chatgpt_account_is_fedramp: isFedramp });
  const response = await postResponses(backend, turn("x"), {
    headers: {
      authorization: assertion(envelope(record)),
      "chatgpt-account-id": record.account_id,
      ...(header !== undefined && { "x-openai-fedramp": header }),
    },
  });
  expect(response.status).toBe(status);
  if (status === 401) expect(await errorCode(response)).toBe("fedramp_mismatch");
});

test("reads keys of both versions of PKCS#8", async () => {
  await using backend = await startBackend();
  const { agent_private_key } = backend.registerAgent();
  const seed = Buffer.from(agent_private_key, "base64").subarray(16, 48);
  const v1 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]).toString("base64");
  for (const key of [agent_private_key, v1]) {
    const record = backend.registerAgent({ agent_private_key: key });
    expect(signAs(record, "x")).toBe(signAs({ ...record, agent_private_key }, "x"));
    expect((await post(backend, record, assertion(envelope(record)))).status).toBe(200);
  }
});

test("refuses to register what is not a key", async () => {
  await using backend = await startBackend();
  expect(() => backend.registerAgent({ agent_private_key: "AAAA" })).toThrow(TypeError);
});
