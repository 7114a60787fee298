import { toAuthHeaders } from "@codex-ts/auth-provider";
import type { Backend, OAuthIssuer } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { type AuthJson, type AuthManager, type AuthManagerOptions, logout } from "../../src/index.js";
import { agentIdentityAt, backendOfTest, countOf } from "../support/backend.js";
import { gatedTransport } from "../support/gated-transport.js";
import { issuerOfTest, profileOf } from "../support/issuer.js";
import { accessTokenExpiringIn, unsignedJwt } from "../support/jwt.js";
import { issuedLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { readAuth, readAuthText, temporaryHome, writeAuth } from "../support/temporary-home.js";
import { transportOfTest } from "../support/transport.js";

interface World {
  readonly home: string;
  readonly backend: Backend;
  readonly issuer: OAuthIssuer;
  readonly manager: AuthManager;
  readonly open: (options?: AuthManagerOptions) => Promise<AuthManager>;
}

const registerAgent = /\/agent\/register$/;
const registerTask = /\/task\/register$/;
const chatgpt = { policy: "ChatGptAuth" } as const;

/** A ChatGPT login and a backend that registers agents for it. */
async function world(
  change: (stored: AuthJson) => AuthJson = (stored) => stored,
  clock: () => number = Date.now,
): Promise<World> {
  const issuer = await issuerOfTest();
  const stored = change(issuedLogin(issuer));
  const token = stored.tokens?.access_token ?? "";
  const backend = await backendOfTest({ bearerTokens: [{ token, accountId: "account-test" }], clock });
  const home = await temporaryHome();
  await writeAuth(home, stored);
  const open = (options?: AuthManagerOptions): Promise<AuthManager> =>
    managerOf(home, issuer, { ...agentIdentityAt(backend), clock, ...options });
  return { home, backend, issuer, manager: await open(), open };
}

function counts(backend: Backend): [agents: number, tasks: number] {
  return [countOf(backend, registerAgent), countOf(backend, registerTask)];
}

test("a login gets no identity that did not ask for one", async () => {
  const { manager, backend } = await world();
  expect(await manager.agentIdentity({ policy: "JwtOnly" })).toBeUndefined();
  expect(backend.requests).toEqual([]);
});

test("a ChatGPT login is registered once, and what it gets is stored and found again", async () => {
  const { home, manager, backend, open } = await world();
  const before = await readAuth(home);
  const identities = await Promise.all(Array.from({ length: 20 }, () => manager.agentIdentity(chatgpt)));
  expect(new Set(identities).size).toBe(1);
  expect(toAuthHeaders(identities[0]?.provider ?? manager.provider).get("authorization")).toMatch(
    /^AgentAssertion /,
  );
  expect(counts(backend)).toEqual([1, 1]);

  const [request] = backend.requests;
  expect(request?.headers).toMatchObject({ authorization: `Bearer ${before?.tokens?.access_token}` });
  expect(request?.headers["chatgpt-account-id"]).toBeUndefined();
  expect(request?.json()).toMatchObject({
    abom: { agent_version: "0.0.0", agent_harness_id: "codex-cli" },
    capabilities: ["responsesapi"],
    ttl: null,
  });
  const stored = await readAuth(home);
  expect(stored).toEqual({
    ...before,
    agent_identity: {
      agent_runtime_id: identities[0]?.telemetry.agentId,
      agent_private_key: expect.any(String),
      account_id: "account-test",
      chatgpt_user_id: "user-test",
      email: "user@example.com",
      plan_type: "pro",
      chatgpt_account_is_fedramp: false,
      task_id: identities[0]?.telemetry.taskId,
    },
  });

  await manager.agentIdentity(chatgpt);
  const later = await open();
  expect((await later.agentIdentity(chatgpt))?.telemetry).toEqual(identities[0]?.telemetry);
  expect(counts(backend)).toEqual([1, 1]);
  expect((await later.current())?.mode).toBe("chatgpt");
});

test("an account without an e-mail is stored with an empty one", async () => {
  const claims = { "https://api.openai.com/auth": { chatgpt_user_id: "user-test" } };
  const { home, manager } = await world((stored) => ({
    ...stored,
    tokens: { ...stored.tokens, id_token: unsignedJwt(claims) } as NonNullable<AuthJson["tokens"]>,
  }));
  const identity = await manager.agentIdentity(chatgpt);
  expect((await readAuth(home))?.agent_identity).toMatchObject({ email: "", plan_type: "unknown" });
  expect(identity?.account.email).toBeUndefined();
});

test("managers that come at the same time register one agent", async () => {
  const { backend, open } = await world();
  const managers = await Promise.all(Array.from({ length: 5 }, () => open()));
  const identities = await Promise.all(managers.map((manager) => manager.agentIdentity(chatgpt)));
  expect(new Set(identities.map((identity) => identity?.telemetry.agentId)).size).toBe(1);
  expect(counts(backend)).toEqual([1, 1]);
});

test("a refresh keeps the identity", async () => {
  const { home, manager } = await world();
  await manager.agentIdentity(chatgpt);
  const before = (await readAuth(home))?.agent_identity;
  await manager.refresh();
  expect((await readAuth(home))?.agent_identity).toEqual(before);
});

test("tells where the session comes from, and that the account is FedRAMP", async () => {
  const issuer = await issuerOfTest({ account: { isFedramp: true } });
  const stored = issuedLogin(issuer);
  const backend = await backendOfTest({ bearerTokens: [stored.tokens?.access_token ?? ""] });
  const home = await temporaryHome();
  await writeAuth(home, stored);
  const manager = await managerOf(home, issuer, agentIdentityAt(backend));
  await manager.agentIdentity({ ...chatgpt, sessionSource: "vscode", agentVersion: "1.2.3" });
  expect(backend.requests[0]?.headers["x-openai-fedramp"]).toBe("true");
  expect(backend.requests[0]?.json()).toMatchObject({
    abom: {
      agent_version: "1.2.3",
      agent_harness_id: "codex-app",
      running_location: expect.stringMatching(/^vscode-/),
    },
  });
});

test.each<[string, (record: Record<string, unknown>) => unknown, [number, number]]>([
  ["has a task", (record) => record, [0, 0]],
  ["has no task", ({ task_id: _, ...record }) => record, [0, 1]],
  ["is of another account", (record) => ({ ...record, account_id: "other" }), [1, 1]],
  ["is of another user", (record) => ({ ...record, chatgpt_user_id: "other" }), [1, 1]],
  ["has a key that is none", (record) => ({ ...record, agent_private_key: "x" }), [1, 1]],
  ["is a JWT", () => "h.p.s", [1, 1]],
])("of a stored record that %s", async (_name, change, expected) => {
  const { home, backend, open } = await world();
  const record = { ...backend.registerAgent(), future: 1 };
  const stored = await readAuth(home);
  await writeAuth(home, { ...stored, agent_identity: change(record) as string });
  const identity = await (await open()).agentIdentity(chatgpt);
  expect(counts(backend)).toEqual(expected);
  const after = (await readAuth(home))?.agent_identity as Record<string, unknown>;
  expect(after["task_id"]).toBe(identity?.telemetry.taskId);
  expect(after["future"]).toBe(expected[0] === 0 ? 1 : undefined);
});

test("a service that is down twice does no harm", async () => {
  const { home, manager, backend } = await world();
  backend.fault({ kind: "status", status: 503, path: registerAgent, times: 2 });
  await manager.agentIdentity(chatgpt);
  expect(counts(backend)).toEqual([3, 1]);
  expect((await readAuth(home))?.agent_identity).toBeDefined();
});

test("a service that stays down is an error of its own, asked again an hour later", async () => {
  let nowMs = Date.now();
  // Good for ten hours, so that nothing is refreshed on the way.
  const accessToken = accessTokenExpiringIn(36_000);
  const { home, backend, manager } = await world(
    (stored) => ({
      ...stored,
      tokens: { ...stored.tokens, access_token: accessToken } as NonNullable<AuthJson["tokens"]>,
    }),
    () => nowMs,
  );
  const before = await readAuthText(home);
  backend.fault({ kind: "status", status: 503, path: registerAgent, times: 4 });
  const unavailable = {
    kind: "agent_identity_unavailable",
    retryable: true,
    message: expect.stringContaining(
      "agent identity bootstrap unavailable after 3 attempts during agent identity registration",
    ),
  };
  await expect(manager.agentIdentity(chatgpt)).rejects.toMatchObject(unavailable);
  await expect(manager.agentIdentity(chatgpt)).rejects.toMatchObject(unavailable);
  nowMs += 3599_000;
  await expect(manager.agentIdentity(chatgpt)).rejects.toMatchObject(unavailable);
  expect(counts(backend)).toEqual([3, 0]);
  expect(await readAuthText(home)).toBe(before);
  nowMs += 1000;
  expect(await manager.agentIdentity(chatgpt)).toBeDefined();
  expect(counts(backend)).toEqual([5, 1]);
});

test("tasks that cannot be registered leave the record as it is", async () => {
  const { home, backend, open } = await world();
  const record = backend.registerAgent({ task_id: null });
  await writeAuth(home, { ...(await readAuth(home)), agent_identity: { ...record } });
  const manager = await open();
  const before = await readAuthText(home);
  backend.fault({ kind: "status", status: 503, path: registerTask, times: 3 });
  await expect(manager.agentIdentity(chatgpt)).rejects.toMatchObject({
    kind: "agent_identity_unavailable",
    message: expect.stringContaining("during agent task registration"),
  });
  expect(counts(backend)).toEqual([0, 3]);
  expect(await readAuthText(home)).toBe(before);
});

test("an agent that got no task is not stored", async () => {
  const { home, manager, backend } = await world();
  const before = await readAuthText(home);
  backend.fault({ kind: "status", status: 403, path: registerTask });
  await expect(manager.agentIdentity(chatgpt)).rejects.toMatchObject({ kind: "agent_identity", status: 403 });
  expect(await readAuthText(home)).toBe(before);
});

test("a refusal is final, and no reason to go on without", async () => {
  const { home, manager, backend } = await world();
  backend.fault({ kind: "status", status: 403, path: registerAgent });
  await expect(manager.agentIdentity(chatgpt)).rejects.toMatchObject({
    kind: "agent_identity",
    retryable: false,
  });
  expect(counts(backend)).toEqual([1, 0]);
  expect((await readAuth(home))?.agent_identity).toBeUndefined();
});

test("a ChatGPT base URL that is not known is final", async () => {
  const { open, backend } = await world();
  const manager = await open({ chatgptBaseUrl: "https://chatgpt.com.evil.example" });
  await expect(manager.agentIdentity(chatgpt)).rejects.toMatchObject({
    kind: "agent_identity",
    message: "Agent Identity only supports production and staging ChatGPT environments",
  });
  expect(backend.requests).toEqual([]);
});

test("a login that does not say whose it is cannot be registered", async () => {
  const { manager } = await world((stored) => ({
    ...stored,
    tokens: { ...stored.tokens, id_token: "eyJhbGciOiJub25lIn0.e30.c2ln" } as NonNullable<AuthJson["tokens"]>,
  }));
  await expect(manager.agentIdentity(chatgpt)).rejects.toMatchObject({
    kind: "credential_missing",
    message: expect.stringContaining("ChatGPT auth is unavailable"),
  });
});

test("the only workspace that is allowed is the one that is registered for", async () => {
  const { home, open } = await world((stored) => ({
    ...stored,
    tokens: { ...stored.tokens, account_id: null } as NonNullable<AuthJson["tokens"]>,
  }));
  const manager = await open({ forcedWorkspaceIds: ["account-test"] });
  await manager.agentIdentity(chatgpt);
  expect((await readAuth(home))?.agent_identity).toMatchObject({ account_id: "account-test" });
});

test("a registration that finishes after logout does not bring the login back", async () => {
  const { home, issuer, backend, open } = await world();
  const gate = gatedTransport(transportOfTest(), registerTask);
  const manager = await open({ transport: gate.transport });
  const registering = manager.agentIdentity(chatgpt);
  registering.catch(() => {});
  await gate.reached;
  expect(await logout({ home, environment: {}, profile: profileOf(issuer) })).toBe(true);
  gate.open();
  await expect(registering).rejects.toMatchObject({ kind: "account_mismatch" });
  expect(counts(backend)).toEqual([1, 1]);
  expect(await readAuthText(home)).toBeUndefined();
});

test("nor is it put into the login of somebody else who has signed in meanwhile", async () => {
  const { home, issuer, open } = await world();
  const gate = gatedTransport(transportOfTest(), registerTask);
  const manager = await open({ transport: gate.transport });
  const registering = manager.agentIdentity(chatgpt);
  registering.catch(() => {});
  await gate.reached;
  const other = issuedLogin(issuer, { accountId: "account-other" });
  await writeAuth(home, other);
  gate.open();
  await expect(registering).rejects.toMatchObject({ kind: "account_mismatch" });
  expect(await readAuth(home)).toEqual(other);
});

test("a refresh during the registration loses nothing: both are stored", async () => {
  const { home, open } = await world();
  const gate = gatedTransport(transportOfTest(), registerTask);
  const manager = await open({ transport: gate.transport });
  const registering = manager.agentIdentity(chatgpt);
  await gate.reached;
  await manager.refresh();
  gate.open();
  const identity = await registering;
  const stored = await readAuth(home);
  expect(stored?.tokens?.access_token).toBe(manager.cached()?.token());
  expect(stored?.agent_identity).toMatchObject({ task_id: identity?.telemetry.taskId });
});

test("an identity whose task was forgotten stores the next one", async () => {
  const { home, manager, backend } = await world();
  const identity = await manager.agentIdentity(chatgpt);
  const before = identity?.telemetry.taskId;
  const refusal = { error: { code: "invalid_task_id", message: "unknown task" } };
  const body = JSON.stringify(refusal);
  expect(await identity?.provider.recover?.({ round: 0, status: 401, headers: new Headers(), body })).toBe(
    true,
  );
  const after = (await readAuth(home))?.agent_identity;
  expect(after).toMatchObject({ task_id: identity?.telemetry.taskId });
  expect(identity?.telemetry.taskId).not.toBe(before);
  expect(counts(backend)).toEqual([1, 2]);
});

test("a task that another process has stored in its place stays", async () => {
  const { home, manager } = await world();
  const identity = await manager.agentIdentity(chatgpt);
  const stored = await readAuth(home);
  const record = { ...(stored?.agent_identity as object), task_id: "task-of-other" };
  await writeAuth(home, { ...stored, agent_identity: record });
  const body = '{"error":{"code":"invalid_task_id","message":"unknown task"}}';
  await identity?.provider.recover?.({ round: 0, status: 401, headers: new Headers(), body });
  expect((await readAuth(home))?.agent_identity).toEqual(record);
});

test("other logins have no identity to be registered", async () => {
  const backend = await backendOfTest();
  const home = await temporaryHome();
  await writeAuth(home, { OPENAI_API_KEY: "sk-test" });
  const manager = await managerOf(home, undefined, agentIdentityAt(backend));
  expect(await manager.agentIdentity(chatgpt)).toBeUndefined();
  await writeAuth(home, { auth_mode: "agentIdentity", agent_identity: { ...backend.registerAgent() } });
  await manager.reload();
  expect((await manager.agentIdentity({ policy: "JwtOnly" }))?.telemetry).toEqual(
    (await manager.current())?.agentIdentity,
  );
  expect(backend.requests).toEqual([]);
});
