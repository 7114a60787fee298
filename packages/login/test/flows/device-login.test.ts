import { getEventListeners } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { type DeviceLoginOptions, type DeviceLoginPrompt, loginWithDeviceCode } from "../../src/index.js";
import { openFlowWorld } from "./support/flow-world.js";

const deviceToken = "/api/accounts/deviceauth/token";
const userCode = "/api/accounts/deviceauth/usercode";

/** A clock that goes on only while somebody waits. */
function fakeTime(): Required<Pick<DeviceLoginOptions, "clock" | "pause">> & { readonly pauses: number[] } {
  const pauses: number[] = [];
  let nowMs = Date.parse("2026-11-23T01:00:00Z");
  return {
    pauses,
    clock: () => nowMs,
    pause: async (ms, signal) => {
      signal.throwIfAborted();
      pauses.push(ms);
      nowMs += ms;
    },
  };
}

test("a device signs in once its person has approved, and stores no API key", async () => {
  const { issuer, login, home, authFile, readAuth } = await openFlowWorld({ devicePendingPolls: 2 });
  await mkdir(home);
  await writeFile(authFile, '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-old"}');
  const { pauses, ...time } = fakeTime();
  const prompts: DeviceLoginPrompt[] = [];
  const completed = await loginWithDeviceCode({
    ...login,
    ...time,
    onUserCode: (prompt) => prompts.push(prompt),
  });

  expect(completed).toMatchObject({
    mode: "chatgpt",
    account: { accountId: "account-test", userId: "user-test" },
    hasApiKey: false,
    location: authFile,
  });
  expect(pauses).toEqual([1000, 1000]);
  expect(await readAuth()).toEqual({
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: expect.stringMatching(/^ey/),
      access_token: expect.stringMatching(/^ey/),
      refresh_token: expect.stringMatching(/^rt-/),
      account_id: "account-test",
    },
    last_refresh: "2026-11-23T01:00:02.000Z",
  });
  expect(issuer.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `POST ${userCode}`,
    ...[1, 2, 3].map(() => `POST ${deviceToken}`),
    "POST /oauth/token",
  ]);
  expect(prompts).toEqual([
    {
      verificationUrl: `${issuer.urls.issuer}/codex/device`,
      userCode: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/),
      expiresAt: new Date("2026-11-23T01:15:00Z"),
      message: expect.stringMatching(/expires in 15 minutes.*phishing/),
    },
  ]);
  expect(prompts[0]?.message).toContain(`${prompts[0]?.verificationUrl}`);
  expect(prompts[0]?.message).toContain(prompts[0]?.userCode);
});

test("the requests are those of the reference", async () => {
  const { issuer, login, profile } = await openFlowWorld();
  const { signal } = new AbortController();
  await loginWithDeviceCode({ ...login, signal, onUserCode: () => {} });
  expect(getEventListeners(signal, "abort")).toEqual([]);
  const [start, poll, exchange] = issuer.requests;
  expect(start?.json()).toEqual({ client_id: profile.clientId });
  expect(Object.keys(poll?.json() ?? {})).toEqual(["device_auth_id", "user_code"]);
  expect(exchange?.form().get("redirect_uri")).toBe(`${issuer.urls.issuer}/deviceauth/callback`);
});

test("a device whose code was not found yet goes on polling", async () => {
  const { issuer, login, readAuth } = await openFlowWorld();
  issuer.fault({ kind: "status", status: 404, path: deviceToken });
  const { pauses, ...time } = fakeTime();
  await loginWithDeviceCode({ ...login, ...time, onUserCode: () => {} });
  expect(pauses).toEqual([1000]);
  expect(await readAuth()).toMatchObject({ tokens: { account_id: "account-test" } });
});

test("tokens without claims are stored as they are", async () => {
  const { issuer, login, readAuth } = await openFlowWorld();
  const tokens = {
    id_token: "eyJhbGciOiJub25lIn0.e30.c2ln",
    access_token: "access",
    refresh_token: "refresh",
  };
  issuer.fault({ kind: "status", status: 200, body: JSON.stringify(tokens) });
  const completed = await loginWithDeviceCode({ ...login, onUserCode: () => {} });
  expect(completed.account).toEqual({ planType: "unknown", isFedramp: false, isWorkspace: false });
  expect(await readAuth()).toMatchObject({
    OPENAI_API_KEY: null,
    tokens: { ...tokens, account_id: null },
  });
});

test.each([
  ["7", 7000],
  [" 7 ", 7000],
  [7, 7000],
  ["0", 1000],
  [0, 1000],
  [undefined, 5000],
  [null, 5000],
  ["soon", 5000],
  [-1, 5000],
  [1.5, 5000],
])("with the interval %j, a device waits %d ms between polls", async (interval, ms) => {
  const { issuer, login } = await openFlowWorld();
  const code = { device_auth_id: "device-1", usercode: "ABCD-1234", interval };
  issuer.fault({ kind: "status", status: 200, path: userCode, body: JSON.stringify(code) });
  issuer.fault({ kind: "status", status: 403, path: deviceToken });
  issuer.fault({ kind: "status", status: 401, path: deviceToken });
  const { pauses, ...time } = fakeTime();
  const shown: string[] = [];
  const signingIn = loginWithDeviceCode({
    ...login,
    ...time,
    onUserCode: (prompt) => shown.push(prompt.userCode),
  });
  await expect(signingIn).rejects.toMatchObject({ status: 401 });
  expect(pauses).toEqual([ms]);
  expect(shown).toEqual(["ABCD-1234"]);
});

test.each([
  ["slow_down", { status: 400, body: '{"error":"slow_down"}' }],
  ["slow_down with 403", { status: 403, body: '{"error":{"code":"slow_down"}}' }],
  ["too many requests", { status: 429, body: "" }],
])("a device that is told %s polls less often from then on", async (_what, answer) => {
  const { issuer, login } = await openFlowWorld({ devicePendingPolls: 1 });
  issuer.fault({ kind: "status", path: deviceToken, ...answer });
  issuer.fault({ kind: "status", status: 400, path: deviceToken, body: '{"error":"authorization_pending"}' });
  const { pauses, ...time } = fakeTime();
  await loginWithDeviceCode({ ...login, ...time, onUserCode: () => {} });
  expect(pauses).toEqual([6000, 6000, 6000]);
});

test("a device gives up after 15 minutes, to the second", async () => {
  const { issuer, login, readAuth } = await openFlowWorld({
    devicePendingPolls: Number.POSITIVE_INFINITY,
    deviceIntervalSeconds: 400,
  });
  const { pauses, ...time } = fakeTime();
  await expect(loginWithDeviceCode({ ...login, ...time, onUserCode: () => {} })).rejects.toMatchObject({
    kind: "login_timeout",
    message: expect.stringMatching(/^device auth timed out after 15 minutes/),
  });
  expect(pauses).toEqual([400_000, 400_000, 100_000]);
  expect(issuer.requests).toHaveLength(5);
  expect(await readAuth()).toBeUndefined();
});

test("an issuer without device codes says so", async () => {
  const { issuer, login, readAuth } = await openFlowWorld();
  issuer.fault({ kind: "html", status: 404, path: userCode });
  const shown: unknown[] = [];
  const signingIn = loginWithDeviceCode({ ...login, onUserCode: (prompt) => shown.push(prompt) });
  await expect(signingIn).rejects.toMatchObject({
    kind: "device_login_disabled",
    message:
      "device code login is not enabled for this Codex server. Use the browser login or verify the server URL.",
  });
  expect(shown).toEqual([]);
  expect(await readAuth()).toBeUndefined();
});

const json = (value: unknown): string => JSON.stringify(value);

test.each([
  [userCode, { status: 503 }, /^device code request failed with status 503 Service Unavailable/, true],
  [userCode, { status: 400 }, /^device code request failed with status 400 Bad Request/, false],
  [
    userCode,
    { status: 200, body: "" },
    /^device code request failed: the answer is not a JSON object/,
    false,
  ],
  [userCode, { status: 200, body: "{}" }, /^device code request failed: the answer lacks the code/, false],
  [
    userCode,
    { status: 200, body: json({ device_auth_id: "a", user_code: "AB\u001b[2J" }) },
    /^device code request failed: the answer lacks the code/,
    false,
  ],
  [
    userCode,
    { status: 200, body: "<!doctype html>" },
    /^device code request failed: a web page came back \(200 OK\)/,
    false,
  ],
  [deviceToken, { status: 401 }, /^device auth failed with status 401 Unauthorized/, false],
  [deviceToken, { status: 500 }, /^device auth failed with status 500 Internal Server Error/, true],
  [
    deviceToken,
    { status: 403, body: "<html>" },
    /^device auth failed: a web page came back \(403 Forbidden\)/,
    false,
  ],
  [deviceToken, { status: 200, body: "" }, /^device auth failed: the answer is not a JSON object/, false],
  [
    deviceToken,
    { status: 200, body: json({ authorization_code: "secret-code", code_verifier: 1 }) },
    /^device auth failed: the answer lacks the authorization code/,
    false,
  ],
  [
    "/oauth/token",
    { status: 500, body: "no" },
    /^device code exchange failed: token endpoint returned status 500 Internal Server Error: no$/,
    false,
  ],
])("%s answering %j ends the sign-in", async (path, answer, message, retryable) => {
  const { issuer, login, readAuth } = await openFlowWorld();
  issuer.fault({ kind: "status", path, ...answer });
  const signingIn = loginWithDeviceCode({ ...login, onUserCode: () => {} });
  const error: unknown = await signingIn.catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: "login_failed", message: expect.stringMatching(message), retryable });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("secret-code");
  expect(await readAuth()).toBeUndefined();
});

test.each([
  [userCode, "device code request failed"],
  [deviceToken, "device auth failed"],
])("a connection that breaks at %s is an error that keeps its cause", async (path, failure) => {
  const { issuer, login } = await openFlowWorld();
  issuer.fault({ kind: "cut", path });
  await expect(loginWithDeviceCode({ ...login, onUserCode: () => {} })).rejects.toMatchObject({
    kind: "login_failed",
    retryable: true,
    message: expect.stringMatching(new RegExp(`^${failure}: the issuer cannot be reached`)),
    cause: { name: "TransportError" },
  });
});

test.each([
  ["access_denied", "login_denied", "Sign-in failed: access_denied"],
  ["expired_token", "login_timeout", expect.stringMatching(/^device auth timed out/)],
])("an issuer that answers %s is not asked again", async (error, kind, message) => {
  const { issuer, login } = await openFlowWorld();
  issuer.fault({ kind: "status", status: 403, path: deviceToken, body: json({ error }) });
  await expect(loginWithDeviceCode({ ...login, onUserCode: () => {} })).rejects.toMatchObject({
    kind,
    message,
  });
  expect(issuer.requests).toHaveLength(2);
});

test("an account of another workspace is refused", async () => {
  const { login, readAuth } = await openFlowWorld();
  const signingIn = loginWithDeviceCode({ ...login, forcedWorkspaceIds: ["ws-a"], onUserCode: () => {} });
  await expect(signingIn).rejects.toMatchObject({
    kind: "restricted",
    message: "Login is restricted to workspace id(s) ws-a.",
  });
  expect(await readAuth()).toBeUndefined();
});

test("with only API keys allowed, no code is asked for", async () => {
  const { issuer, login } = await openFlowWorld();
  const signingIn = loginWithDeviceCode({ ...login, forcedLoginMethod: "api", onUserCode: () => {} });
  await expect(signingIn).rejects.toMatchObject({
    kind: "restricted",
    message: "ChatGPT login is disabled. Use API key login instead.",
  });
  expect(issuer.requests).toEqual([]);
});

test("a signal that has fired already keeps everything from starting", async () => {
  const { issuer, login } = await openFlowWorld();
  const signal = AbortSignal.abort("never mind");
  await expect(loginWithDeviceCode({ ...login, signal, onUserCode: () => {} })).rejects.toMatchObject({
    kind: "aborted",
    message: "Login was not completed",
    cause: "never mind",
  });
  expect(issuer.requests).toEqual([]);
});

test("giving up while the code is pending stores nothing", async () => {
  const { login, issuer, readAuth } = await openFlowWorld({ devicePendingPolls: Number.POSITIVE_INFINITY });
  const controller = new AbortController();
  const signingIn = loginWithDeviceCode({ ...login, signal: controller.signal, onUserCode: () => {} });
  signingIn.catch(() => {});
  await issuer.waitForRequests(1, { path: deviceToken });
  controller.abort();
  await expect(signingIn).rejects.toMatchObject({ kind: "aborted", message: "Login was not completed" });
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  expect(await readAuth()).toBeUndefined();
});

test.each([userCode, deviceToken, "/oauth/token"])(
  "giving up in the middle of %s stores nothing",
  async (path) => {
    const { login, issuer, readAuth } = await openFlowWorld();
    issuer.fault({ kind: "hang", path });
    const controller = new AbortController();
    const signingIn = loginWithDeviceCode({ ...login, signal: controller.signal, onUserCode: () => {} });
    signingIn.catch(() => {});
    await issuer.waitForRequests(1, { path });
    controller.abort();
    await expect(signingIn).rejects.toMatchObject({ kind: "aborted" });
    expect(await readAuth()).toBeUndefined();
  },
);

test("giving up between the exchange and the storage stores nothing", async () => {
  const { login, readAuth } = await openFlowWorld();
  const controller = new AbortController();
  let readings = 0;
  const clock = (): number => {
    readings += 1;
    // The second reading dates the tokens.
    if (readings === 2) controller.abort();
    return 0;
  };
  const signingIn = loginWithDeviceCode({ ...login, clock, signal: controller.signal, onUserCode: () => {} });
  await expect(signingIn).rejects.toMatchObject({ kind: "aborted" });
  expect(readings).toBe(2);
  expect(await readAuth()).toBeUndefined();
});

test("a host that cannot show the code ends the sign-in with its own error", async () => {
  const { login, issuer } = await openFlowWorld();
  const onUserCode = (): never => {
    throw new RangeError("the window is closed");
  };
  await expect(loginWithDeviceCode({ ...login, onUserCode })).rejects.toThrow(
    new RangeError("the window is closed"),
  );
  expect(issuer.requests).toHaveLength(1);
});
