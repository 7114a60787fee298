import { createHash, randomBytes } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterEach, expect, test } from "vitest";
import { type OAuthIssuer, type OAuthIssuerOptions, startOAuthIssuer } from "../src/index.js";

const clientId = "app_EMoamEEZ73f0CkXaXp7hrann";
const redirectUri = "http://localhost:1455/auth/callback";
let issuer: OAuthIssuer;

async function start(options?: OAuthIssuerOptions): Promise<OAuthIssuer> {
  issuer = await startOAuthIssuer(options);
  return issuer;
}

afterEach(() => issuer.close());

function postJson(url: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

function refresh(refreshToken: string): Promise<Response> {
  return postJson(issuer.urls.token, {
    client_id: clientId,
    grant_type: "refresh_token",
    refresh_token: refreshToken,
  });
}

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
}

async function answer(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

test("exchanges a refresh token once, and says of the second use that it was reused", async () => {
  await start();
  const first = issuer.signIn();
  const response = await refresh(first.refresh_token);
  expect(response.status).toBe(200);
  const second = await answer(response);
  expect(second["refresh_token"]).not.toBe(first.refresh_token);
  expect(issuer.refreshTokenState(first.refresh_token)).toBe("used");

  const again = await refresh(first.refresh_token);
  expect(again.status).toBe(401);
  expect(await answer(again)).toMatchObject({ error: { code: "refresh_token_reused" } });
  expect((await refresh(String(second["refresh_token"]))).status).toBe(200);
});

test.each([
  ["expired", "refresh_token_expired"],
  ["revoked", "refresh_token_invalidated"],
] as const)("refuses a refresh token that is %s", async (state, code) => {
  await start();
  const { refresh_token } = issuer.signIn();
  issuer.retireRefreshToken(refresh_token, state);
  expect(await answer(await refresh(refresh_token))).toMatchObject({ error: { code } });
});

test("refuses a token that it does not know, and a client that it does not know", async () => {
  await start();
  expect(await answer(await refresh("rt-made-up"))).toMatchObject({
    error: { code: "refresh_token_invalidated" },
  });
  const response = await postJson(issuer.urls.token, {
    client_id: "other",
    grant_type: "refresh_token",
    refresh_token: issuer.signIn().refresh_token,
  });
  expect([response.status, await answer(response)]).toEqual([401, { error: "invalid_client" }]);
});

test("puts the account into both tokens, and the lifetime into the access token", async () => {
  await start({ account: { email: "a@b.c", planType: "business", isFedramp: true }, clock: () => 1_000_000 });
  const { id_token, access_token, expires_in } = issuer.signIn({ userId: "user-2" });
  const auth = {
    chatgpt_plan_type: "business",
    chatgpt_user_id: "user-2",
    chatgpt_account_is_fedramp: true,
    chatgpt_account_id: "account-test",
  };
  expect(claimsOf(id_token)).toMatchObject({ email: "a@b.c", "https://api.openai.com/auth": auth });
  expect(claimsOf(access_token)).toMatchObject({
    iat: 1000,
    exp: 1000 + expires_in,
    "https://api.openai.com/auth": auth,
  });
});

test("signs with a published key when asked to", async () => {
  await start({ algorithm: "RS256" });
  const keys = createRemoteJWKSet(new URL(`${issuer.urls.issuer}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(issuer.signIn().access_token, keys, { issuer: issuer.urls.issuer });
  expect(payload.sub).toBe("user-test");
});

async function authorize(verifier: string, changes: Record<string, string> = {}): Promise<URL> {
  const url = new URL(issuer.urls.authorize);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "openid",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    state: "state-1",
    ...changes,
  }).toString();
  const response = await fetch(url, { redirect: "manual" });
  expect(response.status).toBe(302);
  return new URL(response.headers.get("location") ?? "");
}

function redeem(code: string, verifier: string): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    client_id: clientId,
    code_verifier: verifier,
  });
  return fetch(issuer.urls.token, { method: "POST", body });
}

test("approves a user, and takes the code once and only with its verifier", async () => {
  await start();
  const verifier = randomBytes(64).toString("base64url");
  const callback = await authorize(verifier);
  expect(callback.searchParams.get("state")).toBe("state-1");
  const code = callback.searchParams.get("code") ?? "";

  expect(await answer(await redeem(code, "another verifier"))).toMatchObject({ error: "invalid_grant" });
  const tokens = await answer(await redeem(code, verifier));
  expect(issuer.refreshTokenState(String(tokens["refresh_token"]))).toBe("live");
  expect((await redeem(code, verifier)).status).toBe(400);

  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    client_id: clientId,
    requested_token: "openai-api-key",
    subject_token: String(tokens["id_token"]),
  });
  const apiKey = await answer(await fetch(issuer.urls.token, { method: "POST", body }));
  expect(apiKey["access_token"]).toMatch(/^sk-/);
});

test("turns a user away when told to", async () => {
  await start({ deny: { error: "access_denied", errorDescription: "missing_codex_entitlement" } });
  const { searchParams } = await authorize("verifier");
  expect(Object.fromEntries(searchParams)).toEqual({
    error: "access_denied",
    error_description: "missing_codex_entitlement",
    state: "state-1",
  });
});

test("lets a device in after its user has approved", async () => {
  await start({ devicePendingPolls: Number.POSITIVE_INFINITY, deviceIntervalSeconds: 5 });
  const base = `${issuer.urls.issuer}/api/accounts/deviceauth`;
  const started = await answer(await postJson(`${base}/usercode`, { client_id: clientId }));
  expect(started["interval"]).toBe("5");
  const poll = (): Promise<Response> =>
    postJson(`${base}/token`, {
      device_auth_id: started["device_auth_id"],
      user_code: started["user_code"],
    });
  expect((await poll()).status).toBe(403);
  issuer.approveDevice(String(started["user_code"]));
  const { authorization_code, code_verifier } = await answer(await poll());
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: String(authorization_code),
    redirect_uri: `${issuer.urls.issuer}/deviceauth/callback`,
    client_id: clientId,
    code_verifier: String(code_verifier),
  });
  expect((await fetch(issuer.urls.token, { method: "POST", body })).status).toBe(200);
  expect((await poll()).status).toBe(404);
});

test("revokes a refresh token", async () => {
  await start();
  const { refresh_token } = issuer.signIn();
  const token = { token: refresh_token, token_type_hint: "refresh_token", client_id: clientId };
  expect((await postJson(issuer.urls.revoke, token)).status).toBe(200);
  expect(issuer.refreshTokenState(refresh_token)).toBe("revoked");
});

test("tells whose personal access token it is", async () => {
  await start();
  const token = issuer.issuePersonalAccessToken({ planType: "Business", isFedramp: true });
  const ask = (authorization: string): Promise<Response> =>
    fetch(`${issuer.urls.authApi}/v1/user-auth-credential/whoami`, { headers: { authorization } });
  expect(await answer(await ask(`Bearer ${token}`))).toEqual({
    email: "user@example.com",
    chatgpt_user_id: "user-test",
    chatgpt_account_id: "account-test",
    chatgpt_plan_type: "Business",
    chatgpt_account_is_fedramp: true,
  });
  expect((await ask("Bearer at-other")).status).toBe(403);
});

test("injects faults: those before the exchange leave the token, those after it use it up", async () => {
  await start();
  const { refresh_token } = issuer.signIn();
  issuer.fault({ kind: "status", status: 500, body: '{"error":"temporary-failure"}' });
  issuer.fault({ kind: "html" });
  issuer.fault({ kind: "delay", ms: 1 });
  expect((await refresh(refresh_token)).status).toBe(500);
  const html = await refresh(refresh_token);
  expect([html.status, html.headers.get("content-type")]).toEqual([403, "text/html; charset=UTF-8"]);
  expect(issuer.refreshTokenState(refresh_token)).toBe("live");
  expect((await refresh(refresh_token)).status).toBe(200);

  const next = issuer.signIn();
  issuer.fault({ kind: "empty" });
  expect(await (await refresh(next.refresh_token)).text()).toBe("");
  expect(issuer.refreshTokenState(next.refresh_token)).toBe("used");

  const last = issuer.signIn();
  issuer.fault({ kind: "cut" });
  await expect(refresh(last.refresh_token)).rejects.toThrow();
  expect(issuer.refreshTokenState(last.refresh_token)).toBe("used");
  expect(await issuer.requests.at(-1)?.outcome).toBe("cut");
});

test("does nothing for a client that has gone away while it was held", async () => {
  await start();
  const { refresh_token } = issuer.signIn();
  let letGo = (): void => {};
  issuer.fault({
    kind: "hold",
    until: new Promise<void>((resolve) => {
      letGo = resolve;
    }),
  });
  const controller = new AbortController();
  const request = fetch(issuer.urls.token, {
    method: "POST",
    body: new URLSearchParams({ client_id: clientId, grant_type: "refresh_token", refresh_token }),
    signal: controller.signal,
  });
  await issuer.waitForRequests(1);
  controller.abort();
  await expect(request).rejects.toThrow("aborted");
  expect(await issuer.requests[0]?.outcome).toBe("aborted");
  letGo();
  expect((await refresh(refresh_token)).status).toBe(200);
});

test("leaves a client without an answer, until it is closed", async () => {
  await start();
  issuer.fault({ kind: "hang" });
  const request = refresh("rt-1");
  await issuer.waitForRequests(1, { path: "/oauth/token" });
  await issuer.close();
  await expect(request).rejects.toThrow();
  await expect(issuer.waitForRequests(2)).rejects.toThrow("the issuer was closed");
});

test("stops waiting with the reason of the signal", async () => {
  await start();
  const controller = new AbortController();
  const waiting = issuer.waitForRequests(1, { signal: controller.signal });
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test("logs what it received, and forgets it on reset", async () => {
  await start();
  await refresh("rt-1");
  expect(issuer.requests[0]).toMatchObject({ method: "POST", path: "/oauth/token", status: 401 });
  expect(issuer.requests[0]?.json()).toMatchObject({ refresh_token: "rt-1" });
  expect(await issuer.requests[0]?.outcome).toBe("answered");
  issuer.fault({ kind: "hang", times: Number.POSITIVE_INFINITY });
  issuer.reset();
  expect(issuer.requests).toEqual([]);
  expect((await refresh("rt-1")).status).toBe(401);
});

test("answers 404 elsewhere and 400 to a body that is no JSON", async () => {
  await start();
  expect((await fetch(`${issuer.urls.issuer}/nowhere`)).status).toBe(404);
  const headers = { "content-type": "application/json" };
  expect((await fetch(issuer.urls.token, { method: "POST", headers, body: "{" })).status).toBe(400);
});
