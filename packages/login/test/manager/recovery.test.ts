import { createTransport } from "@codex-ts/client";
import { expect, onTestFinished, test } from "vitest";
import { type AuthJson, createTokenCommand, type LoginRecoveryReport } from "../../src/index.js";
import { agentIdentityAt, backendOfTest, countOf } from "../support/backend.js";
import { issuerOfTest } from "../support/issuer.js";
import { accessTokenExpiringIn } from "../support/jwt.js";
import { chatgptLogin, issuedLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { readAuth, temporaryHome, writeAuth } from "../support/temporary-home.js";

const rejection = { status: 401, headers: new Headers(), body: "" };

function withTokens(stored: AuthJson, tokens: object): AuthJson {
  return { ...stored, tokens: { ...stored.tokens, ...tokens } as NonNullable<AuthJson["tokens"]> };
}

test("first takes over what is stored, then refreshes it, then gives up", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const manager = await managerOf(home, issuer);
  const stored = issuedLogin(issuer);
  await writeAuth(home, stored);

  const recovery = manager.unauthorizedRecovery();
  expect([recovery.mode, recovery.step, recovery.hasNext]).toEqual(["managed", "reload", true]);
  expect(await recovery.next()).toBe(true);
  expect(manager.cached()?.token()).toBe(stored.tokens?.access_token);
  expect(issuer.requests).toEqual([]);

  expect(recovery.step).toBe("refresh_token");
  expect(await recovery.next()).toBe(true);
  expect(issuer.requests[0]?.json()).toMatchObject({
    refresh_reason: "unauthorized_recovery",
    refresh_token: stored.tokens?.refresh_token,
  });
  expect(manager.cached()?.token()).toBe((await readAuth(home))?.tokens?.access_token);

  expect([recovery.step, recovery.hasNext, recovery.availability]).toEqual([
    "done",
    false,
    "recovery_exhausted",
  ]);
  await expect(recovery.next()).rejects.toThrow("No more recovery steps available.");
});

test("does not touch a login of another account", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const stored = chatgptLogin();
  await writeAuth(home, stored);
  const manager = await managerOf(home, issuer);
  await writeAuth(home, withTokens(stored, { account_id: "account-other" }));
  const recovery = manager.unauthorizedRecovery();
  await expect(recovery.next()).rejects.toMatchObject({ kind: "account_mismatch" });
  expect(recovery.hasNext).toBe(false);
  expect(manager.cached()?.accountId).toBe("account-1");
  await expect(manager.provider.recover?.({ ...rejection, round: 0 })).rejects.toMatchObject({
    name: "AuthError",
    kind: "build",
    message: expect.stringContaining("signed in to another account"),
  });
  expect(issuer.requests).toEqual([]);
});

test("a recovery that began with one account does not go on with another", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin());
  const manager = await managerOf(home, undefined);
  const recovery = manager.unauthorizedRecovery();
  await writeAuth(home, chatgptLogin({ accountId: "account-other" }));
  await manager.reload();
  await expect(recovery.next()).rejects.toMatchObject({ kind: "account_mismatch" });
});

test("a refresh that fails can be tried again", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const manager = await managerOf(home, issuer);
  const recovery = manager.unauthorizedRecovery();
  expect(await recovery.next()).toBe(false);
  issuer.fault({ kind: "status", status: 503 });
  await expect(recovery.next()).rejects.toMatchObject({ kind: "refresh_unavailable" });
  expect(recovery.step).toBe("refresh_token");
  expect(await recovery.next()).toBe(true);
});

test.each<[string, AuthJson, string]>([
  ["an API key", { OPENAI_API_KEY: "sk-1" }, "not_chatgpt_auth"],
  ["a Bedrock key", { bedrock_api_key: { api_key: "k", region: "r" } }, "not_chatgpt_auth"],
  ["nobody", {}, "not_chatgpt_auth"],
])("there is nothing to be done for %s", async (_name, stored, availability) => {
  const home = await temporaryHome();
  if (Object.keys(stored).length > 0) await writeAuth(home, stored);
  const manager = await managerOf(home, undefined);
  const recovery = manager.unauthorizedRecovery();
  expect([recovery.hasNext, recovery.availability]).toEqual([false, availability]);
  await expect(recovery.next()).rejects.toMatchObject({ kind: "not_logged_in" });
  expect(await manager.provider.recover?.({ ...rejection, round: 0 })).toBe(false);
});

test("there is nothing to be done for a personal access token, and a refresh does nothing", async () => {
  const issuer = await issuerOfTest();
  const environment = { accessToken: issuer.issuePersonalAccessToken() };
  const manager = await managerOf(await temporaryHome(), issuer, { environment });
  expect(manager.unauthorizedRecovery().availability).toBe("not_refreshable_auth");
  await manager.refresh();
  expect(await manager.provider.recover?.({ ...rejection, round: 0 })).toBe(false);
  expect(issuer.requests).toHaveLength(1);
});

test("tokens of a host cannot be renewed without the host", async () => {
  const manager = await managerOf(await temporaryHome(), undefined);
  await manager.setExternalTokens({ accessToken: accessTokenExpiringIn(60), accountId: "account-1" });
  expect(manager.unauthorizedRecovery().availability).toBe("no_external_auth");
  expect(await manager.provider.recover?.({ ...rejection, round: 0 })).toBe(false);
  await manager.logout();
});

test("runs a token command again", async () => {
  const home = await temporaryHome();
  const source = createTokenCommand({
    command: "sh",
    args: ["-c", 'echo x >> runs; echo "token-$(wc -l < runs | tr -d " ")"'],
    cwd: home,
  });
  const manager = await managerOf(home, undefined, { external: source });
  expect((await manager.auth())?.token()).toBe("token-1");
  expect((await manager.auth())?.token()).toBe("token-1");
  const recovery = manager.unauthorizedRecovery();
  expect([recovery.mode, recovery.step, recovery.hasNext]).toEqual(["external", "external_refresh", true]);
  expect(await recovery.next()).toBe(true);
  expect((await manager.auth())?.token()).toBe("token-2");
  expect([recovery.step, recovery.availability]).toEqual(["done", "recovery_exhausted"]);
});

test("an Agent Identity whose task was forgotten gets another one, through the same provider", async () => {
  const backend = await backendOfTest();
  const home = await temporaryHome();
  await writeAuth(home, { auth_mode: "agentIdentity", agent_identity: { ...backend.registerAgent() } });
  const manager = await managerOf(home, undefined, agentIdentityAt(backend));
  const transport = createTransport();
  onTestFinished(() => transport.close());
  backend.forgetTasks();
  const url = `${backend.urls.chatgpt}/wham/settings/user`;
  const answer = await transport.execute({ method: "GET", url }, { auth: manager.provider });
  expect(answer.status).toBe(200);
  expect(countOf(backend, "/task/register")).toBe(1);
});

test("a request that is answered 401 is sent with the same token, then with a new one", async () => {
  const issuer = await issuerOfTest();
  const stored = issuedLogin(issuer);
  const backend = await backendOfTest({ bearerTokens: [] });
  const home = await temporaryHome();
  await writeAuth(home, stored);
  const manager = await managerOf(home, issuer);
  const transport = createTransport();
  onTestFinished(() => transport.close());
  const url = `${backend.urls.chatgpt}/wham/settings/user`;
  await expect(transport.execute({ method: "GET", url }, { auth: manager.provider })).rejects.toMatchObject({
    status: 401,
  });
  const bearers = backend.requests.map(({ headers }) => headers.authorization);
  const renewed = `Bearer ${(await readAuth(home))?.tokens?.access_token}`;
  expect(bearers).toEqual([
    `Bearer ${stored.tokens?.access_token}`,
    `Bearer ${stored.tokens?.access_token}`,
    renewed,
  ]);
  expect(issuer.requests).toHaveLength(1);
});

test("a request that was sent before the refresh is sent again after it, without another one", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const { provider } = await managerOf(home, issuer);
  for (let count = 0; count < 3; count += 1) {
    expect(await provider.recover?.({ ...rejection, round: 0 })).toBe(true);
    expect(await provider.recover?.({ ...rejection, round: 1 })).toBe(true);
  }
  expect(issuer.requests).toHaveLength(1);
});

test("says what to do when the tokens can never be refreshed", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  issuer.fault({ kind: "status", status: 401, body: '{"error":{"code":"refresh_token_expired"}}' });
  const { provider } = await managerOf(home, issuer);
  expect(await provider.recover?.({ ...rejection, round: 0 })).toBe(true);
  await expect(provider.recover?.({ ...rejection, round: 1 })).rejects.toMatchObject({
    name: "AuthError",
    kind: "build",
    message: expect.stringContaining("Please log out and sign in again."),
  });
});

test("reports each step", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const reports: LoginRecoveryReport[] = [];
  const telemetry = { onRecovery: (report: LoginRecoveryReport) => void reports.push(report) };
  const manager = await managerOf(home, issuer, { telemetry });
  issuer.fault({ kind: "status", status: 503 });
  issuer.fault({ kind: "status", status: 401 });
  await manager.provider.recover?.({ ...rejection, round: 0 });
  await manager.provider.recover?.({ ...rejection, round: 1 })?.catch(() => {});
  const recovery = manager.unauthorizedRecovery();
  await recovery.next();
  await recovery.next().catch(() => {});
  const told = reports.map(({ mode, step, outcome, error }) => [mode, step, outcome, error?.kind]);
  expect(told).toEqual([
    ["managed", "reload", "recovery_succeeded", undefined],
    ["managed", "refresh_token", "recovery_failed_transient", "refresh_unavailable"],
    ["managed", "reload", "recovery_succeeded", undefined],
    ["managed", "refresh_token", "recovery_failed_permanent", "refresh_rejected"],
  ]);
});
