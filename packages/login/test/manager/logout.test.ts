import { mkdir } from "node:fs/promises";
import { applyAuth } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import {
  type AuthJson,
  type LoginError,
  loginWithApiKey,
  loginWithBedrockApiKey,
  logout,
} from "../../src/index.js";
import { issuerOfTest, profileOf } from "../support/issuer.js";
import { accessTokenExpiringIn, idTokenOf } from "../support/jwt.js";
import { chatgptLogin, issuedLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { authFileOf, otherFiles, readAuthText, temporaryHome, writeAuth } from "../support/temporary-home.js";

const nowhere = { environment: {} };

test("removes an API key", async () => {
  const home = await temporaryHome();
  await loginWithApiKey("sk-1", { home, ...nowhere });
  expect(await logout({ home, ...nowhere })).toBe(true);
  expect(await readAuthText(home)).toBeUndefined();
  expect(await logout({ home, ...nowhere })).toBe(false);
});

test("removes a Bedrock key", async () => {
  const home = await temporaryHome();
  await loginWithBedrockApiKey({ apiKey: "k", region: "us-east-1" }, { home, ...nowhere });
  expect(await logout({ home, ...nowhere })).toBe(true);
  expect(await readAuthText(home)).toBeUndefined();
});

test.each([{}, { accessToken: "at-environment" }])(
  "revokes what is stored, with the environment %j",
  async (env) => {
    const issuer = await issuerOfTest({ clientId: "client-override" });
    const home = await temporaryHome();
    const stored = issuedLogin(issuer);
    await writeAuth(home, stored);
    const environment = {
      ...env,
      clientId: "client-override",
      tokenUrl: `${issuer.urls.token}?unified=true`,
    };
    expect(await logout({ home, environment })).toBe(true);
    expect(issuer.requests.map((request) => [request.path, request.json()])).toEqual([
      [
        "/oauth/revoke",
        {
          token: stored.tokens?.refresh_token,
          token_type_hint: "refresh_token",
          client_id: "client-override",
        },
      ],
    ]);
    expect(await readAuthText(home)).toBeUndefined();
    expect(await otherFiles(home)).toEqual([]);
  },
);

test("removes a login whose tokens cannot be revoked, and tells", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  issuer.fault({ kind: "status", status: 500, path: "/oauth/revoke" });
  const failures: LoginError[] = [];
  const onRevokeFailure = (error: LoginError) => void failures.push(error);
  expect(await logout({ home, profile: profileOf(issuer), onRevokeFailure, ...nowhere })).toBe(true);
  expect(await readAuthText(home)).toBeUndefined();
  expect(failures.map(({ kind, status }) => [kind, status])).toEqual([["revoke", 500]]);
});

test("removes what cannot be read, and can be told not to revoke", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, "{");
  expect(await logout({ home, profile: profileOf(issuer), ...nowhere })).toBe(true);
  await writeAuth(home, issuedLogin(issuer));
  expect(await logout({ home, profile: profileOf(issuer), revoke: false, ...nowhere })).toBe(true);
  expect(issuer.requests).toEqual([]);
  expect(await readAuthText(home)).toBeUndefined();
});

test("tells when a login cannot be removed", async () => {
  const home = await temporaryHome();
  await mkdir(authFileOf(home));
  await expect(logout({ home, ...nowhere })).rejects.toMatchObject({ kind: "storage" });
});

test("a manager revokes the tokens it has and those that are stored, and knows of no login afterwards", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const cached = issuedLogin(issuer);
  const stored = issuedLogin(issuer);
  await writeAuth(home, cached);
  const manager = await managerOf(home, issuer);
  await writeAuth(home, stored);
  expect(await manager.logout()).toBe(true);
  for (const login of [cached, stored]) {
    expect(issuer.refreshTokenState(login.tokens?.refresh_token ?? "")).toBe("revoked");
  }
  expect(issuer.requests).toHaveLength(2);
  expect(manager.cached()).toBeUndefined();
  expect(manager.account()).toEqual({ authMode: null, planType: null });
});

test("a manager comes back with a credential of the environment", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const environment = { accessToken: issuer.issuePersonalAccessToken() };
  const manager = await managerOf(home, issuer, { environment });
  expect(await manager.logout()).toBe(true);
  expect(manager.account().authMode).toBe("personalAccessToken");
});

test("a refresh that is under way is waited for, and what it brings is revoked and removed as well", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const stored = issuedLogin(issuer);
  await writeAuth(home, stored);
  const manager = await managerOf(home, issuer);
  let letGo = (): void => {};
  issuer.fault({ kind: "hold", until: new Promise<void>((resolve) => (letGo = resolve)) });
  const refreshing = manager.refresh();
  await issuer.waitForRequests(1);
  const loggingOut = manager.logout();
  letGo();
  await refreshing;
  expect(await loggingOut).toBe(true);
  expect(await readAuthText(home)).toBeUndefined();
  expect(await manager.current()).toBeUndefined();
  const revoked = issuer.requests
    .filter(({ path }) => path === "/oauth/revoke")
    .map((request) => request.json());
  expect(revoked.length).toBeGreaterThan(0);
  for (const { token } of revoked) {
    expect(token).not.toBe(stored.tokens?.refresh_token);
    expect(issuer.refreshTokenState(String(token))).toBe("revoked");
  }
});

test("a refresh that finishes after logout does not bring the login back, and its tokens are revoked", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer, { accessToken: accessTokenExpiringIn(-60) }));
  const manager = await managerOf(home, issuer, { lock: { timeoutMs: 0 } });
  let letGo = (): void => {};
  issuer.fault({ kind: "hold", until: new Promise<void>((resolve) => (letGo = resolve)) });
  const using = manager.current();
  using.catch(() => {});
  await issuer.waitForRequests(1);
  // Somebody who does not wait for the lock, such as the Codex CLI.
  expect(await manager.logout({ revoke: false })).toBe(true);
  letGo();
  await expect(using).rejects.toMatchObject({ kind: "account_mismatch" });
  const [revocation] = await issuer.waitForRequests(1, { path: "/oauth/revoke" });
  expect(issuer.refreshTokenState(String(revocation?.json()["token"]))).toBe("revoked");
  expect(await readAuthText(home)).toBeUndefined();
  expect(await manager.current()).toBeUndefined();
  const request = { method: "GET", url: "https://host.test/", headers: new Headers() };
  await expect(applyAuth(manager.provider, request)).rejects.toMatchObject({ kind: "build" });
});

test("a reading that began before logout does not bring the login back", async () => {
  const stored = chatgptLogin();
  let letGo = (_login: AuthJson | undefined): void => {};
  const readings: Promise<AuthJson | undefined>[] = [
    Promise.resolve(stored),
    new Promise((resolve) => (letGo = resolve)),
  ];
  const storage = {
    location: "a slow vault",
    load: () => readings.shift() ?? Promise.resolve(undefined),
    save: () => Promise.resolve(),
    delete: () => Promise.resolve(true),
  };
  const manager = await managerOf(await temporaryHome(), undefined, { storage });
  expect(manager.cached()?.mode).toBe("chatgpt");
  const reading = manager.reload();
  await manager.logout({ revoke: false });
  letGo(stored);
  expect(await reading).toBe(false);
  expect(manager.cached()).toBeUndefined();
});

test("nor does one that began while nobody was signed in", async () => {
  let letGo = (_login: AuthJson | undefined): void => {};
  const readings: Promise<AuthJson | undefined>[] = [
    Promise.resolve(undefined),
    new Promise((resolve) => (letGo = resolve)),
  ];
  const storage = {
    location: "a slow vault",
    load: () => readings.shift() ?? Promise.resolve(undefined),
    save: () => Promise.resolve(),
    delete: () => Promise.resolve(true),
  };
  const manager = await managerOf(await temporaryHome(), undefined, { storage });
  const reading = manager.reload();
  await manager.logout({ revoke: false });
  letGo(chatgptLogin());
  expect(await reading).toBe(false);
  expect(manager.cached()).toBeUndefined();
});

test("a refresh that finishes after a host has signed in does not put its login away", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const manager = await managerOf(home, issuer);
  let letGo = (): void => {};
  issuer.fault({ kind: "hold", until: new Promise<void>((resolve) => (letGo = resolve)) });
  const refreshing = manager.refresh();
  await issuer.waitForRequests(1);
  await manager.setExternalTokens({ accessToken: idTokenOf(), accountId: "account-1" });
  letGo();
  await refreshing;
  expect(manager.cached()?.mode).toBe("chatgptAuthTokens");
  await manager.logout({ revoke: false });
});
