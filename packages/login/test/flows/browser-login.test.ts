import { mkdir, stat, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { loginWithBrowser } from "../../src/index.js";
import { isLoginError } from "../../src/login-error.js";
import { createOAuthProfile } from "../../src/oauth/oauth-profile.js";
import { FakeBrowser, peek, visit } from "./support/browser.js";
import { openFlowWorld } from "./support/flow-world.js";
import { startLogin } from "./support/start-login.js";

test("a sign-in in the browser stores tokens and API key in place of whatever was stored", async () => {
  const { issuer, login, home, authFile, readAuth } = await openFlowWorld();
  await mkdir(home);
  await writeFile(
    authFile,
    '{"OPENAI_API_KEY":"sk-old","personal_access_token":"at-old","agent_identity":"a.b.c"}',
  );
  const browser = new FakeBrowser();
  const completed = await loginWithBrowser({
    ...login,
    openUrl: browser.open,
    clock: () => Date.parse("2026-11-23T01:02:03Z"),
  });

  const sight = await browser.sight();
  expect(sight.status).toBe(200);
  expect(sight.text).toContain("<h1>Signed in to Codex</h1>");
  expect(completed).toEqual({
    mode: "chatgpt",
    account: {
      accountId: "account-test",
      userId: "user-test",
      email: "user@example.com",
      planType: "pro",
      isFedramp: false,
      isWorkspace: false,
    },
    hasApiKey: true,
    location: authFile,
  });
  const [exchange, keyExchange] = issuer.requests.filter(({ path }) => path === "/oauth/token");
  expect(await readAuth()).toEqual({
    auth_mode: "chatgpt",
    OPENAI_API_KEY: expect.stringMatching(/^sk-/),
    tokens: {
      id_token: keyExchange?.form().get("subject_token"),
      access_token: expect.stringMatching(/^ey/),
      refresh_token: expect.stringMatching(/^rt-/),
      account_id: "account-test",
    },
    last_refresh: "2026-11-23T01:02:03.000Z",
  });
  expect((await stat(authFile)).mode & 0o777).toBe(0o600);
  expect([...(exchange?.form() ?? [])].map(([name]) => name)).toEqual([
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "code_verifier",
  ]);
  expect(exchange?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
});

test("a home folder that is missing is made", async () => {
  const { login, readAuth } = await openFlowWorld();
  await loginWithBrowser({ ...login, openUrl: new FakeBrowser().open });
  expect(await readAuth()).toMatchObject({ auth_mode: "chatgpt" });
});

test("the issuer is told who asks, where to come back to, and which workspaces may be used", async () => {
  const { issuer, login } = await openFlowWorld();
  const account = { forcedWorkspaceIds: ["account-other", " account-test ", ""] };
  await loginWithBrowser({ ...login, ...account, originator: "my_tool", openUrl: new FakeBrowser().open });
  const query = issuer.requests[0]?.query;
  expect(query?.getAll("allowed_workspace_id")).toEqual(["account-other,account-test"]);
  expect(query?.get("originator")).toBe("my_tool");
  expect(query?.get("redirect_uri")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/auth\/callback$/);
});

test("the package goes by one name of its own, in addresses and in headers", async () => {
  const { issuer, login } = await openFlowWorld();
  await loginWithBrowser({ ...login, openUrl: new FakeBrowser().open });
  const [authorization, exchange] = issuer.requests;
  expect(authorization?.query.get("originator")).toBe("codex_ts");
  expect(exchange?.headers["originator"]).toBe("codex_ts");
});

test("a profile may send the browser back to localhost", async () => {
  const { issuer, login } = await openFlowWorld();
  const profile = createOAuthProfile(issuer.urls.issuer, { redirectHost: "localhost", redirectPorts: [0] });
  const browser = new FakeBrowser();
  await loginWithBrowser({ ...login, profile, openUrl: browser.open });
  expect(issuer.requests[0]?.query.get("redirect_uri")).toMatch(/^http:\/\/localhost:/);
  expect((await browser.sight()).url).toMatch(/^http:\/\/localhost:/);
});

test("a profile that wants no API key asks for none", async () => {
  const { issuer, login, profile, readAuth } = await openFlowWorld();
  const completed = await loginWithBrowser({
    ...login,
    profile: { ...profile, requestsApiKey: false },
    openUrl: new FakeBrowser().open,
  });
  expect(completed.hasApiKey).toBe(false);
  expect(await readAuth()).toMatchObject({ OPENAI_API_KEY: null });
  expect(issuer.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
});

test("a sign-in works without an API key when none is to be had", async () => {
  const { issuer, login, readAuth } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin(login);
  const callback = await peek(url);
  issuer.fault({ kind: "delay", ms: 0 });
  issuer.fault({ kind: "status", status: 500 });
  await visit(callback);
  expect((await signingIn).hasApiKey).toBe(false);
  expect(await readAuth()).toMatchObject({ OPENAI_API_KEY: null, tokens: { account_id: "account-test" } });
});

test("the success page's address tells what a setup needs, and holds neither code nor token", async () => {
  const { issuer, login } = await openFlowWorld({
    account: { hasCompletedOnboarding: false, organizationId: "org 1", planType: "team" },
  });
  const browser = new FakeBrowser();
  await loginWithBrowser({ ...login, openUrl: browser.open });
  const { url } = await browser.sight();
  expect(url.slice(url.indexOf("/success"))).toBe(
    "/success?needs_setup=true&org_id=org%201&project_id=proj_test&plan_type=team" +
      "&platform_url=https%3A%2F%2Fplatform.api.openai.org",
  );
  expect(issuer.requests).toHaveLength(3);
});

test.each([
  { streamlinedSuccessPage: true, isStreamlined: true },
  { streamlinedSuccessPage: false, isStreamlined: false },
  { isStreamlined: false },
])("the success page is brief only when that is asked for: %j", async ({ isStreamlined, ...options }) => {
  const { login } = await openFlowWorld();
  const browser = new FakeBrowser();
  await loginWithBrowser({ ...login, ...options, openUrl: browser.open });
  const { url, text } = await browser.sight();
  expect(url.endsWith("&codex_streamlined_login=true")).toBe(isStreamlined);
  expect(text.includes("You are signed in.")).toBe(!isStreamlined);
});

test("a callback with a foreign state is refused, and the sign-in goes on", async () => {
  const { login } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin(login);
  const callback = new URL(await peek(url));
  for (const state of [undefined, "", "forged"]) {
    const forged = new URL(callback);
    forged.searchParams.delete("state");
    if (state !== undefined) forged.searchParams.set("state", state);
    expect(await visit(forged.href)).toMatchObject({ status: 400, text: "State mismatch" });
  }
  await visit(callback.href);
  expect(await signingIn).toMatchObject({ mode: "chatgpt" });
});

test("of a parameter that is repeated, the last one counts", async () => {
  const { login } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin(login);
  const callback = new URL(await peek(url));
  expect((await visit(`${callback.href}&state=forged`)).status).toBe(400);
  const [code, state] = [callback.searchParams.get("code"), callback.searchParams.get("state")];
  await visit(`${callback.origin}/auth/callback?code=wrong&state=forged&code=${code}&state=${state}`);
  expect(await signingIn).toMatchObject({ mode: "chatgpt" });
});

test("a browser that comes back twice signs in once", async () => {
  const { issuer, login } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin(login);
  const callback = await peek(url);
  issuer.fault({ kind: "delay", ms: 30 });
  const sights = await Promise.all(
    [visit(callback), visit(callback)].map((sight) => sight.catch(() => undefined)),
  );
  await signingIn;
  expect(sights.some((sight) => sight?.text.includes("Signed in to Codex"))).toBe(true);
  expect(issuer.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(2);
});

test("a callback without a code ends the sign-in", async () => {
  const { login, readAuth } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin(login);
  const callback = new URL(await peek(url));
  callback.searchParams.set("code", "");
  const { status, text } = await visit(callback.href);
  expect(status).toBe(200);
  expect(text).toContain("<code>missing_authorization_code</code>");
  await expect(signingIn).rejects.toMatchObject({
    kind: "login_failed",
    message: "Missing authorization code. Sign-in could not be completed.",
  });
  expect(await readAuth()).toBeUndefined();
});

test("a user whose workspace has no Codex learns whom to ask, and not what the issuer wrote", async () => {
  const deny = { error: "access_denied", errorDescription: "user Missing_Codex_Entitlement in ws-1" };
  const { login, readAuth } = await openFlowWorld({ deny });
  const browser = new FakeBrowser();
  await expect(loginWithBrowser({ ...login, openUrl: browser.open })).rejects.toMatchObject({
    kind: "login_denied",
    message:
      "Codex is not enabled for your workspace. Contact your workspace administrator to request access to Codex.",
  });
  const { status, text } = await browser.sight();
  expect(status).toBe(200);
  expect(text).toContain("<h1>You do not have access to Codex</h1>");
  expect(text).toContain("Contact your workspace administrator");
  expect(text).toContain("<code>access_denied</code>");
  expect(text).not.toMatch(/missing_codex_entitlement/i);
  expect(await readAuth()).toBeUndefined();
});

test.each([
  [{ error: "access_denied", errorDescription: "some_other_reason" }, "Sign-in failed: some_other_reason"],
  [{ error: "server_error" }, "Sign-in failed: server_error"],
  [{ error: "server_error", errorDescription: "  " }, "Sign-in failed: server_error"],
  [
    { error: "other", errorDescription: "missing_codex_entitlement" },
    "Sign-in failed: missing_codex_entitlement",
  ],
])("a user who is turned away with %j reads %j", async (deny, message) => {
  const { login, readAuth } = await openFlowWorld({ deny });
  const browser = new FakeBrowser();
  await expect(loginWithBrowser({ ...login, openUrl: browser.open })).rejects.toMatchObject({
    kind: "login_denied",
    message,
  });
  const { text } = await browser.sight();
  expect(text).toContain("<h1>Sign-in could not be completed</h1>");
  expect(text).toContain(message);
  expect(text).not.toContain("You do not have access to Codex");
  expect(await readAuth()).toBeUndefined();
});

test("an error without a name is one all the same", async () => {
  const { login } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin(login);
  const callback = new URL(await peek(url));
  callback.searchParams.set("error", "");
  expect((await visit(callback.href)).text).toContain("<code>unknown_error</code>");
  await expect(signingIn).rejects.toMatchObject({ kind: "login_denied" });
});

test.each([
  { account: { accountId: "account-test" }, text: "Login is restricted to workspace id(s) ws-a, ws-b." },
  {
    account: { accountId: undefined as unknown as string },
    text: "Login is restricted to a specific workspace, but the token did not include an chatgpt_account_id claim.",
  },
])("an account of another workspace is refused: $account", async ({ account, text }) => {
  const { login, readAuth, issuer } = await openFlowWorld({ account });
  const browser = new FakeBrowser();
  const signingIn = loginWithBrowser({
    ...login,
    forcedWorkspaceIds: ["ws-a", "ws-b"],
    openUrl: browser.open,
  });
  await expect(signingIn).rejects.toMatchObject({ kind: "restricted", message: text });
  const sight = await browser.sight();
  expect(sight.status).toBe(200);
  expect(sight.text).toContain(text);
  expect(sight.text).toContain("<code>workspace_restriction</code>");
  expect(await readAuth()).toBeUndefined();
  expect(issuer.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
});

test("with only API keys allowed, no sign-in is started", async () => {
  const { issuer, login } = await openFlowWorld();
  const browser = new FakeBrowser();
  const signingIn = loginWithBrowser({ ...login, forcedLoginMethod: "api", openUrl: browser.open });
  await expect(signingIn).rejects.toMatchObject({
    kind: "restricted",
    message: "ChatGPT login is disabled. Use API key login instead.",
  });
  expect(browser.addresses).toEqual([]);
  expect(issuer.requests).toEqual([]);
});

const complete = {
  id_token: "eyJhbGciOiJub25lIn0.e30.c2ln",
  access_token: "access",
  refresh_token: "refresh",
};

test.each([
  [
    "a refusal",
    { status: 400, body: '{"error":"invalid_grant","error_description":"expired"}' },
    /400 Bad Request: expired$/,
  ],
  [
    "a failure",
    { status: 503, body: "" },
    /token endpoint returned status 503 Service Unavailable: unknown error$/,
  ],
  ["an empty answer", { status: 200, body: "" }, /not a JSON object/],
  ["an answer that is no object", { status: 200, body: "[1]" }, /not a JSON object/],
  ...(["id_token", "access_token", "refresh_token"] as const).flatMap((name) => [
    [
      `an answer without ${name}`,
      { status: 200, body: JSON.stringify({ ...complete, [name]: undefined }) },
      new RegExp(`lacks "${name}"`),
    ] as const,
    [
      `an answer whose ${name} is empty`,
      { status: 200, body: JSON.stringify({ ...complete, [name]: "" }) },
      new RegExp(`lacks "${name}"`),
    ] as const,
  ]),
  [
    "an id token that is none",
    { status: 200, body: JSON.stringify({ ...complete, id_token: "secret-no-jwt" }) },
    /invalid ID token format$/,
  ],
  [
    "a page of a proxy",
    { status: 200, headers: { "content-type": "text/html" }, body: "<html>access</html>" },
    /a web page came back \(200 OK\)/,
  ],
] as const)("after %s from the token endpoint, nothing is stored", async (_what, answer, message) => {
  const { issuer, login, readAuth } = await openFlowWorld();
  issuer.fault({ kind: "status", ...answer });
  const browser = new FakeBrowser();
  const error: unknown = await loginWithBrowser({ ...login, openUrl: browser.open }).catch(
    (caught) => caught,
  );
  expect(error).toMatchObject({ kind: "login_failed", message: expect.stringMatching(message) });
  expect((error as Error).message).toMatch(/^Token exchange failed: /);
  expect((await browser.sight()).text).toContain("<code>token_exchange_failed</code>");
  expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/secret-no-jwt|"access"/);
  expect(await readAuth()).toBeUndefined();
});

test("an issuer that echoes code and verifier does not get them into errors or pages", async () => {
  const { issuer, login } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin(login);
  const failed = signingIn.catch((error: unknown) => error);
  const callback = await peek(url);
  const code = new URL(callback).searchParams.get("code") ?? "";
  issuer.fault({ kind: "status", status: 400, body: `you sent ${code}` });
  const { text } = await visit(callback);
  const verifier = issuer.requests.at(-1)?.form().get("code_verifier") ?? "";
  expect(verifier).toHaveLength(86);
  const shown = text + inspect(await failed, { depth: 10, showHidden: true });
  expect(shown).toContain("you sent [redacted]");
  expect(shown).not.toContain(code);
  expect(shown).not.toContain(verifier);
});

test("an issuer that cannot be reached is an error that keeps its cause", async () => {
  const { issuer, login, readAuth } = await openFlowWorld();
  issuer.fault({ kind: "cut" });
  const browser = new FakeBrowser();
  await expect(loginWithBrowser({ ...login, openUrl: browser.open })).rejects.toMatchObject({
    kind: "login_failed",
    message: expect.stringContaining("cannot be reached"),
    cause: { name: "TransportError" },
  });
  expect(await readAuth()).toBeUndefined();
});

test("a login that cannot be stored says so, and why", async () => {
  const { login, home } = await openFlowWorld();
  await writeFile(home, "a file where the folder should be");
  const browser = new FakeBrowser();
  const error: unknown = await loginWithBrowser({ ...login, openUrl: browser.open }).catch(
    (caught) => caught,
  );
  expect(error).toMatchObject({
    kind: "storage",
    message: expect.stringMatching(
      /^Sign-in completed but credentials could not be saved locally\. .+auth\.json/,
    ),
    cause: { kind: "storage" },
  });
  const { text } = await browser.sight();
  expect(text).toContain("<code>persist_failed</code>");
  expect(text).toContain("Sign-in completed but credentials could not be saved locally.");
});

test("a storage of another kind that fails in its own way becomes a storage error", async () => {
  const { login } = await openFlowWorld();
  const cause = new Error("disk on fire");
  const storage = {
    location: "elsewhere",
    load: async () => undefined,
    save: () => Promise.reject(cause),
    delete: async () => false,
  };
  const signingIn = loginWithBrowser({ ...login, storage, openUrl: new FakeBrowser().open });
  const error: unknown = await signingIn.catch((caught) => caught);
  expect(isLoginError(error) && error.kind).toBe("storage");
  expect((error as Error).cause).toMatchObject({ cause });
});

const readRedirectedUrl = async (): Promise<string> => "";

test.each([
  [{}, 'one of "onAuthorizeUrl", "openUrl" and "readRedirectedUrl" is needed'],
  [{ onAuthorizeUrl: () => {}, callbackServer: false }, '"callbackServer: false" needs "readRedirectedUrl"'],
  [
    { readRedirectedUrl, callbackServer: false, port: 0 },
    '"callbackServer: false" needs a "port" other than 0',
  ],
])("options that no sign-in can work with are refused: %j", async (options, message) => {
  const { login } = await openFlowWorld();
  await expect(loginWithBrowser({ ...login, ...options })).rejects.toThrow(new TypeError(message));
});
