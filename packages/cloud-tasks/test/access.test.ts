import { createPrivateKey, sign } from "node:crypto";
import { inspect } from "node:util";
import { expect, test, vi } from "vitest";
import { CloudTasksClient, cloudTasksErrorText, isCloudTasksError } from "../src/index.js";
import { startClient } from "./support/start-client.js";

const notSignedIn =
  "Not signed in. Please run 'codex login' to sign in with ChatGPT, then re-run 'codex cloud'.";

test.each([
  ["nobody is signed in", undefined],
  ["the login is an API key", { mode: "apikey", usesCodexBackend: false }],
])("sends nothing when %s", async (_, facts) => {
  const { backend, client, login } = await startClient();
  login.facts = facts;
  const calls = [
    client.list(),
    client.summary("t"),
    client.create({ prompt: "p", environmentId: "e", gitRef: "main" }),
    client.attempts("t"),
    client.siblingAttempts("t", "turn"),
    client.waitUntilReady("t"),
    client.environments(),
    client.environments({ repositories: [{ owner: "test", repo: "repo" }] }),
    client.detectEnvironment(undefined, { repositories: [{ owner: "test", repo: "repo" }] }),
    client.apply("t", { cwd: "." }),
  ];
  for (const call of calls) {
    await expect(call).rejects.toMatchObject({ kind: "auth", message: notSignedIn });
  }
  expect(backend.requests).toEqual([]);
});

test("refuses a mere provider of headers, which cannot say which login it is", async () => {
  const { login, options } = await startClient();
  expect(() => new CloudTasksClient({ ...options, auth: login.provider as never })).toThrow(
    new TypeError('"auth" must be an AuthSource'),
  );
});

test("an Agent Identity signs each request", async () => {
  const { backend, options } = await startClient();
  const { agent_runtime_id, agent_private_key, task_id } = backend.registerAgent();
  // A seed of 32 bytes after the header of PKCS#8; Node 20 takes no key of version 2, but the header of version 1.
  const seed = Buffer.from(agent_private_key, "base64").subarray(16, 48);
  const header = Buffer.from("302e020100300506032b657004220420", "hex");
  const privateKey = createPrivateKey({ key: Buffer.concat([header, seed]), format: "der", type: "pkcs8" });
  const provider = {
    addAuthHeaders(headers: Headers): void {
      const timestamp = new Date().toISOString().replace(/\.\d+Z/, "Z");
      const signature = sign(
        null,
        Buffer.from(`${agent_runtime_id}:${task_id}:${timestamp}`),
        privateKey,
      ).toString("base64");
      const assertion = { agent_runtime_id, signature, task_id, timestamp };
      headers.set(
        "authorization",
        `AgentAssertion ${Buffer.from(JSON.stringify(assertion)).toString("base64url")}`,
      );
      headers.set("chatgpt-account-id", "account-test");
    },
  };
  const account = { accountId: "account-test", isFedramp: false, isWorkspace: false };
  const auth = {
    provider,
    current: async () => ({ mode: "agentIdentity", provider, account, usesCodexBackend: true }),
  };
  const client = new CloudTasksClient({ ...options, auth });
  backend.cloud.addTask({ title: "Hello" });
  expect((await client.list()).tasks.map(({ title }) => title)).toEqual(["Hello"]);
  expect(backend.requests[0]?.headers.authorization).toMatch(/^AgentAssertion /);
});

test("ten calls that meet an expired token at once cost one renewal, and all succeed", async () => {
  const { backend, client, login } = await startClient();
  const { id } = backend.cloud.addTask({ attempts: 2 });
  login.token = "expired";
  login.nextToken = "access-token-test";
  const calls = [
    client.list(),
    client.summary(id),
    client.details(id),
    client.diff(id),
    client.messages(id),
    client.text(id),
    client.attempts(id),
    client.environments(),
    client.waitUntilReady(id),
    client.create({ prompt: "p", environmentId: "env-test", gitRef: "main" }),
  ];
  await Promise.all(calls);
  expect(login.renewals).toBe(1);
  expect(backend.cloud.tasks).toHaveLength(2);
});

test("says so when a credential cannot be renewed", async () => {
  const { client, login } = await startClient();
  login.token = "secret-that-expired";
  const error = await client.list().catch((error: unknown) => error);
  expect(error).toMatchObject({ kind: "http", status: 401 });
  if (!isCloudTasksError(error)) throw error;
  for (const text of [
    String(error.stack),
    JSON.stringify(error),
    inspect(error, { depth: 9 }),
    cloudTasksErrorText(error),
  ]) {
    expect(text).not.toContain("secret-that-expired");
  }
});

test.each([
  ["a foreign host", "https://example.com/backend-api"],
  ["a host that begins like ChatGPT's", "https://chatgpt.com.example.com/backend-api"],
  ["a host that ends like ChatGPT's", "https://evilchatgpt.com/backend-api"],
  ["a host that is spelt almost like ChatGPT's", "https://chatgρt.com/backend-api"],
  ["ChatGPT's host as a user name", "https://chatgpt.com@example.com/backend-api"],
  ["another port", "https://chatgpt.com:8443/backend-api"],
  ["no encryption", "http://chatgpt.com/backend-api"],
  ["this machine, unless it is allowed", "http://127.0.0.1:1/backend-api"],
  ["a password", "https://user:secret@chatgpt.com/backend-api"],
  ["a query", "https://chatgpt.com/backend-api?x=1"],
  ["a fragment", "https://chatgpt.com/backend-api#x"],
  ["a backslash", "https://example.com\\.chatgpt.com/backend-api"],
  ["white space", "https://chatgpt.com/ backend-api"],
  ["another scheme", "ftp://chatgpt.com/backend-api"],
  ["no URL", "chatgpt.com"],
])("refuses a base URL with %s", async (_, baseUrl) => {
  const { backend, login, options } = await startClient();
  const current = vi.fn(() => login.current());
  const auth = { provider: login.provider, current };
  const make = () => new CloudTasksClient({ ...options, auth, baseUrl, allowedOrigins: [] });
  expect(make).toThrow(TypeError);
  expect(make).toThrow(/^"baseUrl" /);
  expect(make).not.toThrow(/secret/);
  expect(current).not.toHaveBeenCalled();
  expect(backend.requests).toEqual([]);
});

test.each([
  "https://chatgpt.com",
  "https://chatgpt.com/backend-api/",
  "https://chat.openai.com",
  "https://eu.chatgpt.com/backend-api",
])("takes the base URL %s", async (baseUrl) => {
  const { options } = await startClient();
  expect(new CloudTasksClient({ ...options, baseUrl, allowedOrigins: [] }).baseUrl).toMatch(
    /\/backend-api$|chatgpt\.com/,
  );
});

test("takes another origin that the caller trusts, and not its neighbours", async () => {
  const { options } = await startClient();
  const make = (baseUrl: string) =>
    new CloudTasksClient({ ...options, baseUrl, allowedOrigins: ["https://relay.example.com"] });
  expect(make("https://relay.example.com/api/codex").baseUrl).toBe("https://relay.example.com/api/codex");
  expect(() => make("https://relay.example.com:444")).toThrow(
    'is at https://relay.example.com:444, which is not ChatGPT\'s; name it in "allowedOrigins"',
  );
  expect(() => make("https://x.relay.example.com")).toThrow(TypeError);
});
