import { rm } from "node:fs/promises";
import type { OAuthIssuer } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import type { AuthJson, AuthManager, LoginTelemetry, RefreshReport } from "../../src/index.js";
import { issuerOfTest } from "../support/issuer.js";
import { accessTokenExpiringIn, idTokenOf } from "../support/jwt.js";
import { daysAgo, issuedLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import {
  authFileOf,
  otherFiles,
  readAuth,
  readAuthText,
  temporaryHome,
  writeAuth,
} from "../support/temporary-home.js";

interface World {
  readonly home: string;
  readonly issuer: OAuthIssuer;
  readonly stored: AuthJson;
  readonly manager: AuthManager;
}

/** A stored login of which this much is left, and a manager that has read it. */
async function world(
  facts: { expiresIn?: number; lastRefresh?: string; accessToken?: string } = {},
): Promise<World> {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const accessToken = facts.accessToken ?? accessTokenExpiringIn(facts.expiresIn ?? 3600);
  const stored = issuedLogin(issuer, { accessToken, lastRefresh: facts.lastRefresh ?? daysAgo(1) });
  await writeAuth(home, stored);
  return { home, issuer, stored, manager: await managerOf(home, issuer) };
}

function reasons(issuer: OAuthIssuer): unknown[] {
  return issuer.requests.map((request) => request.json()["refresh_reason"]);
}

/** The same login after somebody else has refreshed it. */
function renewedByOther(issuer: OAuthIssuer, stored: AuthJson): AuthJson {
  const { access_token, refresh_token } = issuer.signIn();
  const { tokens } = stored;
  if (tokens == null) throw new Error("no tokens");
  return {
    ...stored,
    tokens: { ...tokens, access_token, refresh_token },
    last_refresh: new Date().toISOString(),
  };
}

test("a refresh sends one request, and renews storage and memory", async () => {
  const { home, issuer, stored, manager } = await world();
  const before = Date.now();
  await manager.refresh();
  expect(issuer.requests).toHaveLength(1);
  const renewed = await readAuth(home);
  expect(renewed?.tokens?.access_token).not.toBe(stored.tokens?.access_token);
  expect(issuer.refreshTokenState(renewed?.tokens?.refresh_token ?? "")).toBe("live");
  expect(renewed?.tokens?.account_id).toBe("account-test");
  expect(Date.parse(renewed?.last_refresh ?? "")).toBeGreaterThanOrEqual(before);
  expect(manager.cached()?.token()).toBe(renewed?.tokens?.access_token);
  expect(await otherFiles(home)).toEqual([]);
});

test("the environment may name another endpoint and client", async () => {
  const issuer = await issuerOfTest({ clientId: "client-override" });
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const environment = { tokenUrl: issuer.urls.token, clientId: "client-override" };
  const manager = await managerOf(home, undefined, { environment, profile: undefined });
  await manager.refresh();
  expect(issuer.requests[0]?.json()).toMatchObject({ client_id: "client-override" });
});

test("an answer without an id token keeps the old one", async () => {
  const { home, issuer, stored, manager } = await world();
  issuer.fault({
    kind: "status",
    status: 200,
    body: '{"access_token":"new-access","refresh_token":"new-refresh"}',
  });
  await manager.refresh();
  expect((await readAuth(home))?.tokens).toEqual({
    ...stored.tokens,
    access_token: "new-access",
    refresh_token: "new-refresh",
  });
});

test("a refresh keeps unknown members, the agent identity and the order of everything", async () => {
  const { home, issuer, stored, manager } = await world();
  const more = {
    future: { a: 1 },
    ...stored,
    tokens: { x: [1], ...stored.tokens, y: null },
    agent_identity: "h.p.s",
  };
  await writeAuth(home, more as AuthJson);
  await manager.refresh();
  expect(issuer.requests).toHaveLength(1);
  const renewed = (await readAuth(home)) as unknown as typeof more;
  expect(Object.keys(renewed)).toEqual(Object.keys(more));
  expect(Object.keys(renewed.tokens)).toEqual(Object.keys(more.tokens));
  expect([renewed.future, renewed.tokens.x, renewed.agent_identity]).toEqual([{ a: 1 }, [1], "h.p.s"]);
});

test.each([
  ["expires in 4 minutes", { expiresIn: 240 }, ["proactive_expiry"]],
  ["expires in 6 minutes", { expiresIn: 360 }, []],
  ["expires in an hour, 9 days after the last refresh", { expiresIn: 3600, lastRefresh: daysAgo(9) }, []],
  ["expired an hour ago", { expiresIn: -3600 }, ["proactive_expiry"]],
  [
    "is opaque, 9 days after the last refresh",
    { accessToken: "opaque", lastRefresh: daysAgo(9) },
    ["scheduled"],
  ],
  ["is opaque, 7 days after the last refresh", { accessToken: "opaque", lastRefresh: daysAgo(7) }, []],
])("a token that %s", async (_name, facts, expected) => {
  const { issuer, stored, manager } = await world(facts);
  const auth = await manager.auth();
  expect(reasons(issuer)).toEqual(expected);
  expect(auth?.token() === stored.tokens?.access_token).toBe(expected.length === 0);
});

test("newer tokens of the same account are taken over, without a request", async () => {
  const { home, issuer, stored, manager } = await world();
  const newer = renewedByOther(issuer, stored);
  await writeAuth(home, newer);
  await manager.refresh();
  expect(issuer.requests).toEqual([]);
  expect(manager.cached()?.token()).toBe(newer.tokens?.access_token);
});

test("an old opaque token is replaced by newer ones on the disk, also where the endpoint would refuse", async () => {
  const { home, issuer, stored, manager } = await world({ accessToken: "opaque", lastRefresh: daysAgo(9) });
  const newer = renewedByOther(issuer, stored);
  await writeAuth(home, newer);
  issuer.fault({ kind: "status", status: 401, body: '{"error":{"code":"refresh_token_expired"}}' });
  expect((await manager.auth())?.token()).toBe(newer.tokens?.access_token);
  expect(issuer.requests).toEqual([]);
});

test("newer tokens that are due themselves are refreshed as well", async () => {
  const { home, issuer, stored, manager } = await world({ expiresIn: -60 });
  const { tokens, ...rest } = renewedByOther(issuer, stored);
  if (tokens == null) throw new Error("no tokens");
  const dueToo = {
    ...rest,
    last_refresh: daysAgo(1),
    tokens: { ...tokens, access_token: accessTokenExpiringIn(60) },
  };
  await writeAuth(home, dueToo);
  const auth = await manager.auth();
  expect(issuer.requests).toHaveLength(1);
  expect(issuer.requests[0]?.json()["refresh_token"]).toBe(tokens.refresh_token);
  expect(auth?.token()).toBe((await readAuth(home))?.tokens?.access_token);
});

const mismatch = {
  kind: "account_mismatch",
  message: expect.stringContaining("you have since logged out or signed in to another account"),
};

test.each<[string, (stored: AuthJson) => AuthJson | undefined]>([
  ["another account", (stored) => withTokens(stored, { account_id: "account-other" })],
  [
    "another user of the workspace",
    (stored) => withTokens(stored, { id_token: idTokenOf({ userId: "other" }) }),
  ],
  ["an API key", () => ({ OPENAI_API_KEY: "sk-1" })],
  ["nothing", () => undefined],
])("tokens are not refreshed when the disk has %s by now", async (_name, change) => {
  const { home, issuer, stored, manager } = await world();
  const other = change(stored);
  await (other === undefined ? writeAuth(home, {}) : writeAuth(home, other));
  if (other === undefined) await rm(authFileOf(home));
  const before = await readAuthText(home);
  await expect(manager.refresh()).rejects.toMatchObject(mismatch);
  expect(issuer.requests).toEqual([]);
  expect(manager.cached()?.token()).toBe(stored.tokens?.access_token);
  expect(await readAuthText(home)).toBe(before);
  expect(manager.refreshFailure).toBeUndefined();
});

function withTokens(stored: AuthJson, tokens: object): AuthJson {
  return { ...stored, tokens: { ...stored.tokens, ...tokens } as NonNullable<AuthJson["tokens"]> };
}

test.each([
  ["refresh_expired", 401, "refresh_token_expired"],
  ["refresh_reused", 401, "refresh_token_reused"],
  ["refresh_reused", 400, "refresh_token_reused"],
  ["refresh_revoked", 401, "refresh_token_invalidated"],
  ["refresh_rejected", 401, "something_else"],
])(
  "%s after %i %s is final for these tokens: one request, the login untouched",
  async (kind, status, code) => {
    const { home, issuer, stored, manager } = await world();
    const before = await readAuthText(home);
    issuer.fault({ kind: "status", status, body: JSON.stringify({ error: { code } }), times: 5 });
    await expect(manager.refresh()).rejects.toMatchObject({ kind });
    await expect(manager.refresh()).rejects.toMatchObject({ kind });
    expect(issuer.requests).toHaveLength(1);
    expect(manager.refreshFailure).toMatchObject({ kind });
    expect(await readAuthText(home)).toBe(before);
    expect(manager.cached()?.token()).toBe(stored.tokens?.access_token);

    await writeAuth(home, renewedByOther(issuer, stored));
    await manager.refresh();
    expect(issuer.requests).toHaveLength(1);
    expect(manager.refreshFailure).toBeUndefined();
  },
);

test("a failure that may pass is not remembered", async () => {
  const { issuer, manager } = await world();
  issuer.fault({ kind: "status", status: 500, body: '{"error":"temporary-failure"}' });
  await expect(manager.refresh()).rejects.toMatchObject({ kind: "refresh_unavailable", retryable: true });
  expect(manager.refreshFailure).toBeUndefined();
  await manager.refresh();
  expect(issuer.requests).toHaveLength(2);
});

test.each<[string, Parameters<OAuthIssuer["fault"]>[0]]>([
  ["a page", { kind: "html", status: 200 }],
  ["an empty answer", { kind: "empty" }],
  ["an answer without tokens", { kind: "status", status: 200, body: '{"expires_in":3600}' }],
  ["an answer that is cut off", { kind: "cut" }],
])("%s is a typed error, and the file is left as it is", async (_name, fault) => {
  const { home, issuer, manager } = await world();
  const before = await readAuthText(home);
  issuer.fault(fault);
  await expect(manager.refresh()).rejects.toMatchObject({ name: "LoginError" });
  expect(await readAuthText(home)).toBe(before);
});

test("an exchange that nobody knows the end of is not repeated, unless the caller says so", async () => {
  const { home, issuer, manager } = await world();
  issuer.fault({ kind: "cut" });
  await expect(manager.refresh()).rejects.toMatchObject({ kind: "refresh_uncertain" });
  await expect(manager.refresh()).rejects.toMatchObject({ kind: "refresh_uncertain" });
  const other = await managerOf(home, issuer);
  await expect(other.refresh()).rejects.toMatchObject({ kind: "refresh_uncertain" });
  expect(issuer.requests).toHaveLength(1);
  await expect(manager.refresh({ repeatUncertain: true })).rejects.toMatchObject({ kind: "refresh_reused" });
  expect(issuer.requests).toHaveLength(2);
});

test("an uncertain exchange that was repeated with success is forgotten", async () => {
  const { issuer, manager } = await world();
  issuer.fault({ kind: "status", status: 200, body: "" });
  await expect(manager.refresh()).rejects.toMatchObject({ kind: "refresh_uncertain" });
  await manager.refresh({ repeatUncertain: true });
  await manager.refresh();
  expect(issuer.requests).toHaveLength(3);
});

test("tokens that are still good are used when they cannot be refreshed, without asking again for each request", async () => {
  const { issuer, stored, manager } = await world({ expiresIn: 120 });
  issuer.fault({ kind: "status", status: 503, times: 5 });
  const headers = new Headers();
  for (let count = 0; count < 3; count += 1) {
    expect((await manager.auth())?.token()).toBe(stored.tokens?.access_token);
  }
  await manager.provider.applyAuth?.({ method: "GET", url: "https://host.test/", headers });
  expect(headers.get("authorization")).toBe(`Bearer ${stored.tokens?.access_token}`);
  expect(issuer.requests).toHaveLength(1);
});

test("an expired token that cannot be refreshed is an error, and nothing is signed with it", async () => {
  const { issuer, manager } = await world({ expiresIn: -60 });
  issuer.fault({ kind: "status", status: 503, times: 5 });
  const headers = new Headers();
  const request = { method: "GET", url: "https://host.test/", headers };
  await expect(manager.current()).rejects.toMatchObject({ kind: "refresh_unavailable" });
  await expect(manager.provider.applyAuth?.(request)).rejects.toMatchObject({
    name: "AuthError",
    kind: "transient",
    cause: expect.objectContaining({ kind: "refresh_unavailable" }),
  });
  expect([...headers]).toEqual([]);
  expect(issuer.requests).toHaveLength(1);
});

test("an expired token that can never be refreshed says so at each request, and asks once", async () => {
  const { issuer, manager } = await world({ expiresIn: -60 });
  issuer.fault({ kind: "status", status: 401, body: '{"error":{"code":"refresh_token_expired"}}', times: 5 });
  const request = { method: "GET", url: "https://host.test/", headers: new Headers() };
  for (let count = 0; count < 3; count += 1) {
    await expect(manager.provider.applyAuth?.(request)).rejects.toMatchObject({
      kind: "build",
      message: expect.stringContaining("your refresh token has expired"),
    });
  }
  expect(issuer.requests).toHaveLength(1);
});

test("a login without refresh token cannot be refreshed", async () => {
  const { home, issuer, stored } = await world();
  await writeAuth(home, withTokens(stored, { refresh_token: "" }));
  const manager = await managerOf(home, issuer);
  await expect(manager.refresh()).rejects.toMatchObject({ kind: "credential_missing" });
  expect(issuer.requests).toEqual([]);
});

test("logins that need no refresh get none", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, { OPENAI_API_KEY: "sk-1" });
  const manager = await managerOf(home, issuer);
  await manager.refresh();
  expect(issuer.requests).toEqual([]);
});

test("a caller who gives up does not cancel the exchange", async () => {
  const { home, issuer, stored, manager } = await world();
  let letGo = (): void => {};
  issuer.fault({ kind: "hold", until: new Promise<void>((resolve) => (letGo = resolve)) });
  const controller = new AbortController();
  const refreshing = manager.refresh({ signal: controller.signal });
  await issuer.waitForRequests(1);
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(refreshing).rejects.toMatchObject({ kind: "aborted", cause: reason });
  letGo();
  await manager.refresh();
  expect(issuer.requests).toHaveLength(1);
  expect((await readAuth(home))?.tokens?.refresh_token).not.toBe(stored.tokens?.refresh_token);
});

test("a clock that is an hour ahead refreshes once, and not before each request", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer));
  const manager = await managerOf(home, issuer, { clock: () => Date.now() + 3600_000 });
  for (let count = 0; count < 5; count += 1) await manager.current();
  expect(issuer.requests).toHaveLength(1);
});

test("a clock that is an hour behind finds out by a 401", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer, { accessToken: accessTokenExpiringIn(-60) }));
  const manager = await managerOf(home, issuer, { clock: () => Date.now() - 3600_000 });
  await manager.current();
  expect(issuer.requests).toEqual([]);
  const rejection = { status: 401, headers: new Headers(), body: "" };
  await manager.provider.recover?.({ ...rejection, round: 0 });
  await manager.provider.recover?.({ ...rejection, round: 1 });
  expect(issuer.requests).toHaveLength(1);
});

test("another program's tokens are waited for after ours were said to be used", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const stored = issuedLogin(issuer);
  await writeAuth(home, stored);
  const manager = await managerOf(home, issuer, { reuseGraceMs: 20_000 });
  issuer.retireRefreshToken(stored.tokens?.refresh_token ?? "", "used");
  const refreshing = manager.refresh();
  await issuer.waitForRequests(1);
  const newer = renewedByOther(issuer, stored);
  await writeAuth(home, newer);
  await refreshing;
  expect(manager.cached()?.token()).toBe(newer.tokens?.access_token);
  expect(issuer.requests).toHaveLength(1);
});

test("tokens of somebody who signed in meanwhile stay, and ours are revoked", async () => {
  const { home, issuer, stored, manager } = await world();
  let letGo = (): void => {};
  issuer.fault({ kind: "hold", until: new Promise<void>((resolve) => (letGo = resolve)) });
  const refreshing = manager.refresh();
  await issuer.waitForRequests(1);
  const newer = renewedByOther(issuer, stored);
  await writeAuth(home, newer);
  letGo();
  await refreshing;
  expect(await readAuth(home)).toEqual(newer);
  expect(manager.cached()?.token()).toBe(newer.tokens?.access_token);
  const [revocation] = await issuer.waitForRequests(1, { path: "/oauth/revoke" });
  expect(issuer.refreshTokenState(String(revocation?.json()["token"]))).toBe("revoked");
  expect(issuer.refreshTokenState(newer.tokens?.refresh_token ?? "")).toBe("live");
});

test("reports what was done, and why", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const stored = issuedLogin(issuer, { accessToken: accessTokenExpiringIn(-60) });
  await writeAuth(home, stored);
  const reports: RefreshReport[] = [];
  const telemetry: LoginTelemetry = {
    onRefresh(report) {
      reports.push(report);
      throw new Error("a hook that fails does no harm");
    },
  };
  const manager = await managerOf(home, issuer, { telemetry });
  await manager.current();
  await writeAuth(home, renewedByOther(issuer, (await readAuth(home)) ?? {}));
  await manager.refresh();
  issuer.fault({ kind: "status", status: 503 });
  await manager.refresh().catch(() => {});
  expect(reports.map(({ reason, outcome, error }) => [reason, outcome, error?.kind])).toEqual([
    ["proactive_expiry", "refreshed", undefined],
    [undefined, "adopted", undefined],
    [undefined, "failed", "refresh_unavailable"],
  ]);
});
