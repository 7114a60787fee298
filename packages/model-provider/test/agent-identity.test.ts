import { applyAuth } from "@codex-ts/auth-provider";
import { AuthManager, LoginError } from "@codex-ts/login";
import { expect, test } from "vitest";
import {
  type LoginSource,
  type ModelProvider,
  type ProviderAuthNotice,
  ProviderAuthScope,
  providerAuthSource,
  resolveProvider,
  resolveProviderAuth,
} from "../src/index.js";
import { send } from "./support/send.js";
import { type World, worldOfTest } from "./support/world.js";

const policy = { agentIdentityPolicy: "ChatGptAuth" } as const;
const registrations = /\/register$/;

async function openaiAt(world: World): Promise<ModelProvider> {
  const config = { openai_base_url: world.backend.urls.codex };
  return await resolveProvider("openai", config, { clientVersion: "1.2.3", environment: {} });
}

const registrationCount = ({ backend }: World): number =>
  backend.requests.filter(({ path }) => registrations.test(path)).length;

const authorizationsOf = ({ backend }: World): (string | undefined)[] =>
  backend.requests
    .filter(({ path }) => path.endsWith("/models"))
    .map(({ headers }) => headers.authorization?.split(" ")[0]);

test("under policy ChatGptAuth a ChatGPT login is registered, and model calls are signed with what it got", async () => {
  const world = await worldOfTest();
  const { manager, secrets } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  const scope = new ProviderAuthScope({
    login: manager,
    environment: {},
    sessionSource: "vscode",
    agentVersion: "9.9.9",
    ...policy,
  });
  const { auth, headers } = await send(world, provider, scope);
  expect(auth).toMatchObject({ kind: "agentAssertion" });
  expect(headers["chatgpt-account-id"]).toBe("account-test");
  expect(JSON.stringify(headers)).not.toContain(secrets[0]);
  expect(world.backend.requests[0]?.json()).toMatchObject({
    abom: { agent_version: "9.9.9", agent_harness_id: "codex-app" },
  });
  const resolved = await resolveProviderAuth(provider, scope);
  expect(resolved).toMatchObject({
    mode: "chatgpt",
    account: { accountId: "account-test" },
    usesCodexBackend: true,
  });
  expect(auth).toMatchObject({
    agentRuntimeId: resolved.agentIdentity?.agentId,
    taskId: resolved.agentIdentity?.taskId,
  });
  expect(registrationCount(world)).toBe(2);
});

test.each(["apikey", "chatgptAuthTokens", "personalAccessToken"] as const)(
  "%s is never registered, whatever the policy",
  async (mode) => {
    const world = await worldOfTest();
    const { manager } = await world.signIn(mode);
    const scope = new ProviderAuthScope({ login: manager, environment: {}, ...policy });
    await send(world, await openaiAt(world), scope);
    expect(authorizationsOf(world)).toEqual(["Bearer"]);
    expect(registrationCount(world)).toBe(0);
  },
);

test("under policy JwtOnly, which is the default, a ChatGPT login signs with its token", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  await send(world, provider, new ProviderAuthScope({ login: manager, environment: {} }));
  // A call that is no model call, in a session that has an identity.
  const scope = new ProviderAuthScope({ login: manager, environment: {}, ...policy });
  await send(world, provider, scope, { agentIdentityPolicy: "JwtOnly" });
  expect(authorizationsOf(world)).toEqual(["Bearer", "Bearer"]);
  expect(registrationCount(world)).toBe(0);
});

test("services sign with the token also in a session that has an identity", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  const scope = new ProviderAuthScope({ login: manager, environment: {}, ...policy });
  await resolveProviderAuth(provider, scope);
  const headers = new Headers();
  providerAuthSource(provider, scope).provider.addAuthHeaders(headers);
  expect(headers.get("authorization")).toMatch(/^Bearer /);
});

test("when registration is down the session goes on with the token, says so once, and stays so", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  world.backend.fault({ kind: "status", status: 503, path: registrations, times: 3 });
  const notices: ProviderAuthNotice[] = [];
  const onNotice = (notice: ProviderAuthNotice): unknown => notices.push(notice);
  const scope = new ProviderAuthScope({ login: manager, environment: {}, onNotice, ...policy });
  expect(scope.usesBearerFallback).toBe(false);
  await Promise.all([send(world, provider, scope), send(world, provider, scope)]);
  expect(scope.usesBearerFallback).toBe(true);
  expect(notices).toMatchObject([
    {
      kind: "agent_identity_fallback",
      message: "agent identity bootstrap unavailable; using ChatGPT bearer auth for this session",
      cause: { name: "LoginError", kind: "agent_identity_unavailable" },
    },
  ]);
  expect(registrationCount(world)).toBe(3);

  const resolved = await resolveProviderAuth(provider, scope);
  expect(resolved.agentIdentity).toBeUndefined();
  // Another session of the same login falls back too, without asking again: the service has its hour of rest.
  const other = new ProviderAuthScope({ login: manager, environment: {}, ...policy });
  await send(world, provider, other);
  expect(other.usesBearerFallback).toBe(true);
  expect(registrationCount(world)).toBe(3);
  expect(authorizationsOf(world)).toEqual(["Bearer", "Bearer", "Bearer"]);
});

test("the fallback of one session is not that of another, whose service is up again", async () => {
  const world = await worldOfTest();
  const provider = await openaiAt(world);
  const { manager } = await world.signIn("chatgpt");
  world.backend.fault({ kind: "status", status: 503, path: registrations, times: 3 });
  const first = new ProviderAuthScope({ login: manager, environment: {}, ...policy });
  await send(world, provider, first);
  const second = new ProviderAuthScope({
    login: (await world.signIn("chatgpt", { accountId: "account-2" })).manager,
    environment: {},
    ...policy,
  });
  await send(world, provider, second);
  await send(world, provider, first);
  expect(authorizationsOf(world)).toEqual(["Bearer", "AgentAssertion", "Bearer"]);
});

test("a session that fell back does not ask again, even if the service is up by then", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  let asked = 0;
  const login: LoginSource = {
    provider: manager.provider,
    current: () => manager.current(),
    agentIdentity: async () => {
      asked += 1;
      throw new LoginError("the service is down", { kind: "agent_identity_unavailable" });
    },
  };
  const provider = await openaiAt(world);
  const scope = new ProviderAuthScope({ login, environment: {}, ...policy });
  await send(world, provider, scope);
  await send(world, provider, scope);
  expect(asked).toBe(1);
  await send(world, provider, new ProviderAuthScope({ login, environment: {}, ...policy }));
  expect(asked).toBe(2);
});

test("a session that must not fall back fails, and nothing is sent", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  world.backend.fault({ kind: "status", status: 503, path: registrations, times: 3 });
  const scope = new ProviderAuthScope({
    login: manager,
    environment: {},
    allowBearerFallback: false,
    ...policy,
  });
  await expect(send(world, await openaiAt(world), scope)).rejects.toMatchObject({
    name: "LoginError",
    kind: "agent_identity_unavailable",
  });
  expect(authorizationsOf(world)).toEqual([]);
});

test("a registration that is refused is an error, and nothing is sent", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  world.backend.fault({ kind: "status", status: 403, path: registrations });
  const scope = new ProviderAuthScope({ login: manager, environment: {}, ...policy });
  await expect(send(world, await openaiAt(world), scope)).rejects.toMatchObject({ kind: "agent_identity" });
  expect(scope.usesBearerFallback).toBe(false);
  expect(authorizationsOf(world)).toEqual([]);
});

test("a task that the backend has forgotten is registered again, and the request sent once more", async () => {
  const world = await worldOfTest({ requireAuth: true });
  const { manager } = await world.signIn("agentIdentity record");
  const provider = await openaiAt(world);
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  await send(world, provider, scope);
  world.backend.forgetTasks();
  await send(world, provider, scope);
  expect(world.backend.requests.map(({ status, path }) => [status, path.split("/").at(-1)])).toEqual([
    [200, "models"],
    [401, "models"],
    [200, "register"],
    [200, "models"],
  ]);
});

test("the same holds for the identity of a ChatGPT login, whose tokens are not refreshed for it", async () => {
  const world = await worldOfTest({ requireAuth: true });
  const { manager } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  const scope = new ProviderAuthScope({ login: manager, environment: {}, ...policy });
  await send(world, provider, scope);
  world.backend.forgetTasks();
  await send(world, provider, scope);
  expect(authorizationsOf(world)).toEqual(["AgentAssertion", "AgentAssertion", "AgentAssertion"]);
  expect(registrationCount(world)).toBe(3);
  expect(world.issuer.requests).toEqual([]);
});

test("an identity does not outlive its login", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  const scope = new ProviderAuthScope({ login: manager, environment: {}, ...policy });
  const { auth } = await resolveProviderAuth(provider, scope);
  await manager.logout({ revoke: false });
  const request = { method: "GET", url: provider.baseUrl ?? "", headers: new Headers() };
  await expect(applyAuth(auth, request)).rejects.toMatchObject({ name: "AuthError", kind: "build" });
  expect(() => auth.addAuthHeaders(new Headers())).toThrow("nobody is signed in any more");
});

test("an AuthManager is a login source, and a source in ten lines is one as well", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  expect(manager satisfies LoginSource).toBeInstanceOf(AuthManager);
  const login = {
    provider: manager.provider,
    current: (signal?: AbortSignal) => manager.current(signal),
  };
  const scope = new ProviderAuthScope({ login, environment: {}, ...policy });
  expect((await send(world, provider, scope)).headers.authorization).toMatch(/^Bearer /);
  expect(registrationCount(world)).toBe(0);
  const headers = new Headers();
  (await resolveProviderAuth(provider, scope)).auth.addAuthHeaders(headers);
  expect(headers.get("authorization")).toMatch(/^Bearer /);
});
