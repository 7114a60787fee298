import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { type AgentRecord, type Backend, startBackend } from "../src/index.js";
import { assertion, envelope, signAs, timestamp } from "./support/agent.js";
import { errorCode, postResponses, turn } from "./support/post.js";

const sshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
const privateKey = "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
const registration = {
  abom: { agent_version: "0.0.0", agent_harness_id: "codex-cli", running_location: "cli-linux" },
  agent_public_key: sshKey,
  capabilities: ["responsesapi"],
  ttl: null,
};

function register(
  { urls }: Backend,
  body: object = registration,
  headers: Record<string, string> = { authorization: "Bearer access-token-test" },
): Promise<Response> {
  return fetch(`${urls.authApi}/v1/agent/register`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

test.each([
  [{}, {}],
  [{ "x-openai-fedramp": "true" }, { "x-openai-fedramp": "true" }],
])("takes an agent through registration, task and a signed turn, with %j", async (atFirst, onTurn) => {
  await using backend = await startBackend();
  const headers = { authorization: "Bearer access-token-test", ...atFirst };
  const { agent_runtime_id } = (await (await register(backend, registration, headers)).json()) as AgentRecord;
  expect(agent_runtime_id).toMatch(/^agent-/);
  const signer = { agent_runtime_id, agent_private_key: privateKey } as AgentRecord;
  const at = timestamp();
  const task = await fetch(`${backend.urls.authApi}/v1/agent/${agent_runtime_id}/task/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ timestamp: at, signature: signAs(signer, `${agent_runtime_id}:${at}`) }),
  });
  const { task_id } = (await task.json()) as { task_id: string };
  const authorization = assertion(envelope({ ...signer, task_id }));
  const response = await postResponses(backend, turn("x"), {
    headers: { authorization, "chatgpt-account-id": "account-test", ...onTurn },
  });
  expect(response.status).toBe(200);
});

test("issues another id each time", async () => {
  await using backend = await startBackend();
  const first = (await (await register(backend)).json()) as AgentRecord;
  const second = (await (await register(backend)).json()) as AgentRecord;
  expect(first.agent_runtime_id).not.toBe(second.agent_runtime_id);
});

test.each([{}, { authorization: "Bearer sk-test" }, { authorization: "Bearer unknown" }])(
  "answers 401 with the credential %j",
  async (headers) => {
    await using backend = await startBackend();
    expect((await register(backend, registration, headers as Record<string, string>)).status).toBe(401);
  },
);

const rsaKey = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({
  format: "der",
  type: "pkcs1",
});

test.each([
  ["abom.agent_version", { abom: { ...registration.abom, agent_version: "" } }],
  ["abom.agent_harness_id", { abom: { ...registration.abom, agent_harness_id: 5 } }],
  ["abom.running_location", { abom: { ...registration.abom, running_location: undefined } }],
  ["abom.agent_version", { abom: null }],
  ["agent_public_key", { agent_public_key: `${sshKey} comment` }],
  ["agent_public_key", { agent_public_key: sshKey.slice(0, -4) }],
  ["agent_public_key", { agent_public_key: sshKey.replace("AAAAC3", "AAAAD3") }],
  ["agent_public_key", { agent_public_key: `ssh-rsa ${rsaKey.toString("base64")}` }],
  ["agent_public_key", { agent_public_key: 7 }],
  ["capabilities", { capabilities: [] }],
  ["capabilities", { capabilities: [1] }],
  ["capabilities", { capabilities: "responsesapi" }],
  ["ttl", { ttl: 0 }],
  ["ttl", { ttl: undefined }],
])("answers 400 when %s is wrong: %j", async (param, change) => {
  await using backend = await startBackend();
  const response = await register(backend, { ...registration, ...change });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: "invalid_registration", param } });
});

test("answers 400 to what is not JSON", async () => {
  await using backend = await startBackend();
  const response = await fetch(`${backend.urls.authApi}/v1/agent/register`, {
    method: "POST",
    headers: { authorization: "Bearer access-token-test", "content-type": "application/json" },
    body: "?",
  });
  expect(await errorCode(response)).toBe("invalid_json");
});
