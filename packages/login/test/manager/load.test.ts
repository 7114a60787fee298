import { chmod, mkdir, rm } from "node:fs/promises";
import { applyAuth, authHeaderTelemetry } from "@codex-ts/auth-provider";
import { expect, onTestFinished, test, vi } from "vitest";
import { AuthManager, createAuthStorage, LoginError } from "../../src/index.js";
import { agentIdentityAt, backendOfTest, countOf } from "../support/backend.js";
import { issuerOfTest } from "../support/issuer.js";
import { chatgptLogin, issuedLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { everythingPrinted } from "../support/printed.js";
import { authFileOf, readAuth, readAuthText, temporaryHome, writeAuth } from "../support/temporary-home.js";

const request = () => ({ method: "GET", url: "https://host.test/", headers: new Headers() });

test("nobody is signed in where nothing is stored; signing says so", async () => {
  const manager = await managerOf(await temporaryHome(), undefined);
  expect(await manager.current()).toBeUndefined();
  expect(manager.account()).toEqual({ authMode: null, planType: null });
  const sent = request();
  await expect(applyAuth(manager.provider, sent)).rejects.toMatchObject({
    name: "AuthError",
    kind: "build",
    message: "nobody is signed in, so the request was not sent; sign in first",
  });
  expect(() => manager.provider.addAuthHeaders(sent.headers)).toThrow("nobody is signed in");
  expect(authHeaderTelemetry(manager.provider)).toEqual({ attached: false });
  expect([...sent.headers]).toEqual([]);
});

test("reads a ChatGPT login", async () => {
  const home = await temporaryHome();
  await writeAuth(home, { ...chatgptLogin(), auth_mode: undefined });
  const manager = await managerOf(home, undefined);
  expect(await manager.current()).toMatchObject({
    mode: "chatgpt",
    usesCodexBackend: true,
    account: { accountId: "account-1", userId: "user-1", email: "user@example.com", planType: "pro" },
  });
  expect(manager.account()).toEqual({ authMode: "chatgpt", planType: "pro" });
  expect(manager.cached()?.apiKey()).toBeUndefined();
  const { headers } = await applyAuth(manager.provider, request());
  expect(headers.get("chatgpt-account-id")).toBe("account-1");
});

test("reads a file with an API key and nulls", async () => {
  const home = await temporaryHome();
  await writeAuth(home, '{"OPENAI_API_KEY":"sk-test-key","tokens":null,"last_refresh":null}');
  const manager = await managerOf(home, undefined);
  const auth = manager.cached();
  expect([auth?.mode, auth?.apiKey()]).toEqual(["apikey", "sk-test-key"]);
  expect(() => auth?.tokenData()).toThrow("Token data is not available.");
});

test.each([
  ["apikey", "API key auth is missing a key."],
  ["agentIdentity", "agent identity auth is missing agent identity auth material."],
  ["personalAccessToken", "personal access token auth is missing a personal access token."],
  ["bedrockApiKey", "Bedrock API key auth is missing a Bedrock API key."],
] as const)("a login of mode %s without its material is an error", async (auth_mode, text) => {
  const home = await temporaryHome();
  await writeAuth(home, { auth_mode });
  const manager = await managerOf(home, undefined);
  await expect(manager.current()).rejects.toMatchObject({
    kind: "credential_missing",
    message: `${text} Sign in again.`,
  });
});

test.each<[string, (home: string) => Promise<unknown>, string]>([
  ["truncated", (home) => writeAuth(home, '{"tokens":{"access_token":"secret-token'), "invalid_login"],
  ["of the wrong shape", (home) => writeAuth(home, '{"tokens":"secret-token"}'), "invalid_login"],
  ["a folder", (home) => mkdir(authFileOf(home)), "storage"],
  [
    "open to everybody",
    async (home) => {
      await writeAuth(home, '{"OPENAI_API_KEY":"secret-token"}');
      await chmod(authFileOf(home), 0o644);
    },
    "storage",
  ],
])(
  "a file that is %s is an error for whoever wants to sign in with it, and not a logout",
  async (_name, make, kind) => {
    const home = await temporaryHome();
    await make(home);
    const before = await readAuthText(home);
    const manager = await managerOf(home, undefined);
    await expect(manager.current()).rejects.toMatchObject({ name: "LoginError", kind });
    await expect(manager.reload()).rejects.toMatchObject({ kind });
    await expect(manager.refresh()).rejects.toMatchObject({ kind });
    expect(() => manager.cached()).toThrow(LoginError);
    const sent = request();
    const error = await applyAuth(manager.provider, sent).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "AuthError", cause: expect.objectContaining({ kind }) });
    expect([...sent.headers]).toEqual([]);
    expect(await readAuthText(home)).toBe(before);
    expect(everythingPrinted([error, manager])).not.toContain("secret-token");
    await rm(authFileOf(home), { recursive: true });
    expect(await manager.reload()).toBe(true);
    expect(await manager.current()).toBeUndefined();
  },
);

test("a broken login hides no other credential, and none takes its place", async () => {
  const home = await temporaryHome();
  await writeAuth(home, "{");
  const manager = await managerOf(home, undefined, { environment: { apiKey: "sk-env" } });
  await expect(manager.current()).rejects.toMatchObject({ kind: "invalid_login" });
});

test("CODEX_API_KEY counts where it is allowed, and then before everything else", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin());
  const environment = { apiKey: "sk-env", accessToken: "at-env" };
  const manager = await managerOf(home, undefined, { environment, allowApiKeyEnvironment: true });
  expect(manager.cached()?.apiKey()).toBe("sk-env");
});

test("CODEX_ACCESS_TOKEN goes before what is stored, and writes nothing", async () => {
  const issuer = await issuerOfTest({ account: { planType: "Business", isFedramp: true } });
  const home = await temporaryHome();
  const accessToken = issuer.issuePersonalAccessToken();
  for (const storage of ["file", "ephemeral"] as const) {
    const manager = await managerOf(home, issuer, { environment: { accessToken }, storage });
    expect(await manager.current()).toMatchObject({
      mode: "personalAccessToken",
      account: {
        accountId: "account-test",
        userId: "user-test",
        email: "user@example.com",
        planType: "business",
        isFedramp: true,
      },
    });
    expect(manager.account()).toEqual({ authMode: "personalAccessToken", planType: "business" });
  }
  expect(await readAuthText(home)).toBeUndefined();
});

test("CODEX_ACCESS_TOKEN may be an Agent Identity JWT: keys fetched once, task registered once", async () => {
  const backend = await backendOfTest();
  const home = await temporaryHome();
  const { chatgptBaseUrl, environment } = agentIdentityAt(backend);
  const accessToken = backend.mintJwt({ plan_type: "hc" });
  const manager = await managerOf(home, undefined, {
    chatgptBaseUrl,
    environment: { ...environment, accessToken },
  });
  const snapshot = await manager.current();
  expect(snapshot).toMatchObject({
    mode: "agentIdentity",
    usesCodexBackend: true,
    account: { accountId: "account-test", planType: "enterprise" },
    agentIdentity: { agentId: expect.any(String), taskId: expect.any(String) },
  });
  await manager.reload();
  expect((await manager.current())?.agentIdentity).toEqual(snapshot?.agentIdentity);
  expect([countOf(backend, "/jwks"), countOf(backend, "/task/register")]).toEqual([1, 1]);
  expect(await readAuthText(home)).toBeUndefined();
});

test("a stored JWT is verified and gets a task, and stays as it is", async () => {
  const backend = await backendOfTest();
  const home = await temporaryHome();
  const jwt = backend.mintJwt();
  await writeAuth(home, { auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: jwt });
  const before = await readAuthText(home);
  const manager = await managerOf(home, undefined, agentIdentityAt(backend));
  const { headers } = await applyAuth(manager.provider, request());
  expect(headers.get("authorization")).toMatch(/^AgentAssertion /);
  expect([countOf(backend, "/jwks"), countOf(backend, "/task/register")]).toEqual([1, 1]);
  expect(await readAuthText(home)).toBe(before);
});

test("a stored record with a task is used without any request", async () => {
  const backend = await backendOfTest();
  const home = await temporaryHome();
  const record = backend.registerAgent();
  await writeAuth(home, { auth_mode: "agentIdentity", agent_identity: { ...record } });
  const manager = await managerOf(home, undefined, agentIdentityAt(backend));
  expect((await manager.current())?.agentIdentity).toEqual({
    agentId: record.agent_runtime_id,
    taskId: record.task_id,
  });
  expect(backend.requests).toEqual([]);
});

test("a task endpoint that is down twice does no harm; one that stays down is an error after three requests", async () => {
  const backend = await backendOfTest();
  const home = await temporaryHome();
  await writeAuth(home, {
    auth_mode: "agentIdentity",
    agent_identity: { ...backend.registerAgent({ task_id: null }) },
  });
  const path = /task\/register$/;
  backend.fault({ kind: "status", status: 503, path, times: 2 });
  const manager = await managerOf(home, undefined, agentIdentityAt(backend));
  expect((await manager.current())?.mode).toBe("agentIdentity");
  expect(countOf(backend, path)).toBe(3);

  backend.reset();
  backend.fault({ kind: "status", status: 503, path, times: 99 });
  const unlucky = await managerOf(home, undefined, agentIdentityAt(backend));
  expect(countOf(backend, path)).toBe(3);
  await expect(unlucky.current()).rejects.toMatchObject({
    kind: "agent_identity",
    retryable: true,
    message: expect.stringContaining("agent task registration failed with status 503 Service Unavailable"),
  });
  await expect(applyAuth(unlucky.provider, request())).rejects.toMatchObject({ kind: "transient" });
});

test.each([
  ["an unknown key", { kid: "other" }, {}, "is not trusted"],
  ["another audience", {}, { aud: "other" }, "failed to verify agent identity JWT"],
  ["no signature", { alg: "none" }, {}, "failed to decode agent identity JWT header"],
])("a JWT with %s is an error, and nothing is sent", async (_name, header, claims, text) => {
  const backend = await backendOfTest();
  const accessToken = backend.mintJwt(claims, header);
  const { chatgptBaseUrl, environment } = agentIdentityAt(backend);
  const manager = await managerOf(await temporaryHome(), undefined, {
    chatgptBaseUrl,
    environment: { ...environment, accessToken, apiKey: "sk-env" },
  });
  const sent = request();
  await expect(applyAuth(manager.provider, sent)).rejects.toThrow(text);
  expect([...sent.headers]).toEqual([]);
  expect(countOf(backend, "/task/register")).toBe(0);
});

test("an Agent Identity of an environment that has none is an error", async () => {
  const backend = await backendOfTest();
  const manager = await managerOf(await temporaryHome(), undefined, {
    chatgptBaseUrl: backend.urls.chatgpt,
    environment: { accessToken: backend.mintJwt() },
  });
  await expect(manager.current()).rejects.toMatchObject({
    kind: "agent_identity",
    message: "Agent Identity only supports production and staging ChatGPT environments",
  });
});

test("a service that was down at the start is asked again after a while", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const issuer = await issuerOfTest();
  const environment = { accessToken: issuer.issuePersonalAccessToken() };
  issuer.fault({ kind: "status", status: 503, path: /whoami$/ });
  const manager = await managerOf(await temporaryHome(), issuer, { environment });
  for (let count = 0; count < 3; count += 1) {
    await expect(manager.current()).rejects.toMatchObject({ kind: "personal_access_token", retryable: true });
  }
  expect(issuer.requests).toHaveLength(1);
  vi.advanceTimersByTime(5000);
  expect((await manager.current())?.mode).toBe("personalAccessToken");
  expect(issuer.requests).toHaveLength(2);
});

test("a login that is broken is not read again by itself", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const home = await temporaryHome();
  await writeAuth(home, "{");
  const manager = await managerOf(home, undefined);
  await writeAuth(home, chatgptLogin());
  vi.advanceTimersByTime(60_000);
  await expect(manager.current()).rejects.toMatchObject({ kind: "invalid_login" });
  await manager.reload();
  expect((await manager.current())?.mode).toBe("chatgpt");
});

test("a storage of somebody else that fails is an error, and not a logout", async () => {
  const storage = {
    location: "the vault",
    load: () => Promise.reject(new TypeError("secret-token")),
    save: () => Promise.resolve(),
    delete: () => Promise.resolve(false),
  };
  const manager = await managerOf(await temporaryHome(), undefined, { storage });
  const error = await manager.current().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: "storage", message: expect.stringContaining("(TypeError)") });
  expect(everythingPrinted(error)).not.toContain("secret-token");
});

test("works with any storage: a refresh goes there and nowhere else", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const storage = createAuthStorage({ mode: "ephemeral", home });
  await storage.save(issuedLogin(issuer));
  const manager = await managerOf(home, issuer, { storage });
  await manager.refresh();
  expect((await storage.load())?.tokens?.access_token).toBe(manager.cached()?.token());
  expect(await readAuth(home)).toBeUndefined();
  await storage.delete();
});

test("options that cannot be are refused at the door", async () => {
  await expect(AuthManager.open({ environment: { home: "/nowhere" } })).rejects.toMatchObject({
    kind: "configuration",
  });
  await expect(AuthManager.open({ environment: {}, forcedWorkspaceIds: ["a,b"] })).rejects.toThrow(TypeError);
});
