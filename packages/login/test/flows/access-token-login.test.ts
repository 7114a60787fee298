import { mkdir, readFile, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { type Backend, startBackend } from "@codex-ts/testkit";
import { expect, onTestFinished, test } from "vitest";
import { type LoginOptions, loginWithAccessToken } from "../../src/index.js";
import { openFlowWorld } from "./support/flow-world.js";

const whoami = "/v1/user-auth-credential/whoami";

test("a personal access token is stored without a mode, in place of whatever was stored", async () => {
  const { login, issuer, home, authFile } = await openFlowWorld({
    account: { planType: "HC", isFedramp: true },
  });
  await mkdir(home);
  await writeFile(authFile, '{"auth_mode":"chatgpt","OPENAI_API_KEY":"sk-old","agent_identity":"a.b.c"}');
  const token = issuer.issuePersonalAccessToken();
  expect(await loginWithAccessToken(` ${token}\n`, login)).toEqual({
    mode: "personalAccessToken",
    account: {
      accountId: "account-test",
      userId: "user-test",
      email: "user@example.com",
      planType: "enterprise",
      isFedramp: true,
      isWorkspace: true,
    },
    hasApiKey: false,
    location: authFile,
  });
  expect(await readFile(authFile, "utf8")).toBe(
    JSON.stringify({ OPENAI_API_KEY: null, personal_access_token: token }, null, 2),
  );
  expect(issuer.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `GET /api/accounts${whoami}`,
  ]);
});

test.each([
  [{ status: 401 }, /failed with status 401 Unauthorized/, false],
  [{ status: 503 }, /failed with status 503 Service Unavailable/, true],
  [{ status: 200, body: "" }, /failed to decode/, false],
  [{ status: 200, body: "<html>at-secret</html>" }, /failed to decode/, false],
  [{ status: 200, body: '{"chatgpt_user_id":"user-1"}' }, /failed to decode/, false],
])("when whoami answers %j, nothing is stored", async (answer, message, retryable) => {
  const { login, issuer, readAuth } = await openFlowWorld();
  issuer.fault({ kind: "status", path: whoami, ...answer });
  const error: unknown = await loginWithAccessToken("at-secret", login).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    kind: "personal_access_token",
    message: expect.stringMatching(message),
    retryable,
  });
  expect(inspect(error, { showHidden: true, depth: 10 })).not.toContain("at-secret");
  expect(await readAuth()).toBeUndefined();
});

test("a personal access token of another workspace is refused", async () => {
  const { login, issuer, readAuth } = await openFlowWorld();
  const options = { ...login, forcedWorkspaceIds: ["ws-a", "ws-b"] };
  await expect(loginWithAccessToken(issuer.issuePersonalAccessToken(), options)).rejects.toMatchObject({
    kind: "restricted",
    message: "Login is restricted to workspace id(s) ws-a, ws-b.",
  });
  expect(await readAuth()).toBeUndefined();
});

test.each(["at-1", "a.b.c"])(
  "with only API keys allowed, the access token %j is refused unseen",
  async (token) => {
    const { login, issuer } = await openFlowWorld();
    const signingIn = loginWithAccessToken(token, { ...login, forcedLoginMethod: "api" });
    await expect(signingIn).rejects.toMatchObject({
      kind: "restricted",
      message: "Access token login is disabled. Use API key login instead.",
    });
    expect(issuer.requests).toEqual([]);
  },
);

test("a sign-in that is given up during the question stores nothing", async () => {
  const { login, issuer, readAuth } = await openFlowWorld();
  issuer.fault({ kind: "hang", path: whoami });
  const controller = new AbortController();
  const signingIn = loginWithAccessToken("at-1", { ...login, signal: controller.signal });
  signingIn.catch(() => {});
  await issuer.waitForRequests(1);
  controller.abort("never mind");
  await expect(signingIn).rejects.toMatchObject({ kind: "aborted", cause: "never mind" });
  expect(await readAuth()).toBeUndefined();
});

/** A backend that publishes keys, and the options that trust it. */
async function openBackend(login: LoginOptions): Promise<{ backend: Backend; options: LoginOptions }> {
  const backend = await startBackend();
  onTestFinished(() => backend.close());
  const environment = {
    agentIdentityAuthApiBaseUrl: backend.urls.authApi,
    agentIdentityJwksBaseUrl: backend.urls.chatgpt,
  };
  return { backend, options: { ...login, environment, chatgptBaseUrl: backend.urls.chatgpt } };
}

test("an Agent Identity token is verified and stored, and no task is registered for it", async () => {
  const { login, authFile, readAuth } = await openFlowWorld();
  const { backend, options } = await openBackend(login);
  const token = backend.mintJwt({
    account_id: "account-7",
    chatgpt_user_id: "user-7",
    plan_type: "edu",
    email: null,
  });
  expect(await loginWithAccessToken(token, options)).toEqual({
    mode: "agentIdentity",
    account: {
      accountId: "account-7",
      userId: "user-7",
      planType: "edu",
      isFedramp: false,
      isWorkspace: true,
    },
    hasApiKey: false,
    location: authFile,
  });
  expect(await readAuth()).toEqual({
    auth_mode: "agentIdentity",
    OPENAI_API_KEY: null,
    agent_identity: token,
  });
  expect(backend.requests.map(({ path }) => path)).toEqual(["/backend-api/wham/agent-identities/jwks"]);
});

test.each([
  ["a token of an unknown key", {}, { kid: "other" }, /kid other is not trusted/],
  ["an expired token", { exp: 1_700_000_000 }, {}, /^failed to verify agent identity JWT/],
  ["a token for somebody else", { aud: "other" }, {}, /^failed to verify agent identity JWT/],
  ["an unsigned token", {}, { alg: "none" }, /^failed to decode agent identity JWT header/],
])("%s is refused, and nothing is stored", async (_what, claims, header, message) => {
  const { login, readAuth } = await openFlowWorld();
  const { backend, options } = await openBackend(login);
  const token = backend.mintJwt(claims, header);
  const error: unknown = await loginWithAccessToken(token, options).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: "agent_identity", message: expect.stringMatching(message) });
  expect(inspect(error, { showHidden: true, depth: 10 })).not.toContain(token);
  expect(await readAuth()).toBeUndefined();
});

test("keys that cannot be had are an error, and nothing is stored", async () => {
  const { login, readAuth } = await openFlowWorld();
  const { backend, options } = await openBackend(login);
  backend.fault({ kind: "status", status: 500, path: "/jwks" });
  await expect(loginWithAccessToken(backend.mintJwt(), options)).rejects.toMatchObject({
    kind: "agent_identity",
    message: "agent identity JWKS endpoint returned an error",
    retryable: true,
  });
  expect(await readAuth()).toBeUndefined();
});

test.each([
  ["secret-without-dots", "invalid agent identity JWT format"],
  ["a.secret!.c", "agent identity JWT payload is not valid base64url"],
  ["a.e30.c", "agent identity JWT payload is not valid JSON"],
])("of %j, nobody is asked anything", async (token, message) => {
  const { login, readAuth } = await openFlowWorld();
  const { backend, options } = await openBackend(login);
  await expect(loginWithAccessToken(token, options)).rejects.toMatchObject({
    kind: "agent_identity",
    message,
  });
  expect(backend.requests).toEqual([]);
  expect(await readAuth()).toBeUndefined();
});

test("an Agent Identity of another workspace is refused before anybody is asked", async () => {
  const { login, readAuth } = await openFlowWorld();
  const { backend, options } = await openBackend(login);
  const token = backend.mintJwt({ account_id: "account-7" });
  await expect(
    loginWithAccessToken(token, { ...options, forcedWorkspaceIds: ["ws-a"] }),
  ).rejects.toMatchObject({
    kind: "restricted",
    message: "Login is restricted to workspace id(s) ws-a.",
  });
  expect(backend.requests).toEqual([]);
  expect(await readAuth()).toBeUndefined();
});

test("an empty access token is none", async () => {
  const { login } = await openFlowWorld();
  await expect(loginWithAccessToken(" \n", login)).rejects.toMatchObject({
    kind: "invalid_token",
    message: "the access token is empty",
  });
});
