import { getEventListeners } from "node:events";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type AuthStorage, createAuthStorage, loginWithBrowser } from "../../src/index.js";
import { takeLock } from "../../src/storage/lock-folder.js";
import { ask } from "./support/ask.js";
import { FakeBrowser, peek, visit } from "./support/browser.js";
import { openFlowWorld } from "./support/flow-world.js";
import { startLogin } from "./support/start-login.js";

const notCompleted = { kind: "aborted", message: "Login was not completed" };

test("a signal that has fired already keeps everything from starting", async () => {
  const { issuer, login } = await openFlowWorld();
  const browser = new FakeBrowser();
  const reason = new Error("never mind");
  const signal = AbortSignal.abort(reason);
  await expect(loginWithBrowser({ ...login, signal, openUrl: browser.open })).rejects.toMatchObject({
    ...notCompleted,
    cause: reason,
  });
  expect(browser.addresses).toEqual([]);
  expect(issuer.requests).toEqual([]);
});

test("an abort while nobody has come back ends the sign-in and frees the port", async () => {
  const { login, readAuth } = await openFlowWorld();
  const controller = new AbortController();
  const { origin, login: signingIn } = await startLogin({ ...login, signal: controller.signal });
  controller.abort();
  await expect(signingIn).rejects.toMatchObject(notCompleted);
  await expect(visit(`${origin}/auth/callback`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  expect(await readAuth()).toBeUndefined();
});

test("an abort in the middle of the exchange stores nothing, and tells the person", async () => {
  const { issuer, login, readAuth } = await openFlowWorld();
  const controller = new AbortController();
  const { url, login: signingIn } = await startLogin({ ...login, signal: controller.signal });
  issuer.fault({ kind: "hang" });
  const sight = visit(await peek(url));
  await issuer.waitForRequests(1, { path: "/oauth/token" });
  controller.abort();
  await expect(signingIn).rejects.toMatchObject(notCompleted);
  expect((await sight).text).toContain("Login was not completed");
  expect(await readAuth()).toBeUndefined();
});

test("an abort while another process holds the lock stores nothing, also later", async () => {
  const { login, home, authFile, readAuth } = await openFlowWorld();
  await mkdir(home);
  const held = await takeLock(authFile);
  let hasAskedForLock = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    hasAskedForLock = resolve;
  });
  const file = createAuthStorage({ home });
  const storage: AuthStorage = {
    location: authFile,
    get lockFile() {
      hasAskedForLock();
      return authFile;
    },
    load: () => file.load(),
    save: (auth) => file.save(auth),
    delete: () => file.delete(),
  };
  const controller = new AbortController();
  const { url, login: signingIn } = await startLogin({ ...login, storage, signal: controller.signal });
  const sight = visit(await peek(url));
  await waiting;
  controller.abort();
  await expect(signingIn).rejects.toMatchObject(notCompleted);
  await held?.release();
  expect((await sight).text).toContain("<code>login_aborted</code>");
  expect(await readAuth()).toBeUndefined();
});

test("an abort before the login is written stores nothing, also where nothing is locked", async () => {
  const { login } = await openFlowWorld();
  const controller = new AbortController();
  const storage = createAuthStorage({ mode: "ephemeral", home: login.home ?? "" });
  let readings = 0;
  const clock = (): number => {
    readings += 1;
    // It is read to date the tokens.
    controller.abort();
    return 0;
  };
  const options = { ...login, storage, clock, signal: controller.signal, openUrl: new FakeBrowser().open };
  await expect(loginWithBrowser(options)).rejects.toMatchObject(notCompleted);
  expect(readings).toBe(1);
  expect(await storage.load()).toBeUndefined();
});

test("a sign-in that is completed lets go of its caller's signal", async () => {
  const { login } = await openFlowWorld();
  const { signal } = new AbortController();
  await loginWithBrowser({ ...login, signal, openUrl: new FakeBrowser().open });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("an abort that comes when the login is being written comes too late", async () => {
  const { login } = await openFlowWorld();
  const controller = new AbortController();
  const saved: unknown[] = [];
  const storage = {
    location: "elsewhere",
    load: async () => undefined,
    save: async (auth: unknown) => {
      controller.abort();
      await sleep(20);
      saved.push(auth);
    },
    delete: async () => false,
  };
  const browser = new FakeBrowser();
  const completed = await loginWithBrowser({
    ...login,
    storage,
    signal: controller.signal,
    openUrl: browser.open,
  });
  expect(completed.location).toBe("elsewhere");
  expect(saved).toHaveLength(1);
});

test("a sign-in that nobody completes times out", async () => {
  const { login, readAuth } = await openFlowWorld();
  const { origin, login: signingIn } = await startLogin({ ...login, timeoutMs: 30 });
  await expect(signingIn).rejects.toMatchObject({
    kind: "login_timeout",
    message: expect.stringMatching(/^Login timed out/),
  });
  await expect(visit(origin)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  expect(await readAuth()).toBeUndefined();
});

test("without a limit a sign-in waits", async () => {
  const { login } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin({ ...login, timeoutMs: Number.POSITIVE_INFINITY });
  expect(await Promise.race([signingIn, sleep(30, "waiting")])).toBe("waiting");
  await visit(url);
  expect(await signingIn).toMatchObject({ mode: "chatgpt" });
});

test("a browser that never fetches the success page does not undo a login", async () => {
  const { login, readAuth } = await openFlowWorld();
  const { url, login: signingIn } = await startLogin({ ...login, successPageTimeoutMs: 20 });
  expect(await peek(await peek(url))).toContain("/success?");
  expect(await signingIn).toMatchObject({ mode: "chatgpt" });
  expect(await readAuth()).toMatchObject({ auth_mode: "chatgpt" });
});

test("giving up when the login is stored already completes it", async () => {
  const { login } = await openFlowWorld();
  const controller = new AbortController();
  const { url, login: signingIn } = await startLogin({ ...login, signal: controller.signal });
  await peek(await peek(url));
  controller.abort();
  expect(await signingIn).toMatchObject({ mode: "chatgpt" });
});

test("the success page is for logins that are stored", async () => {
  const { login } = await openFlowWorld();
  const { url, origin, login: signingIn } = await startLogin(login);
  expect(await visit(`${origin}/success?codex_streamlined_login=true`)).toMatchObject({
    status: 404,
    text: "Not Found",
  });
  await visit(url);
  expect(await signingIn).toMatchObject({ mode: "chatgpt" });
});

test("another sign-in can take the port over", async () => {
  const { login, readAuth } = await openFlowWorld();
  const { origin, login: signingIn } = await startLogin(login);
  expect(await ask(`${origin}/cancel`)).toMatchObject({ status: 200, text: "Login cancelled" });
  await expect(signingIn).rejects.toMatchObject({ kind: "login_cancelled", message: "Login cancelled" });
  expect(await readAuth()).toBeUndefined();
});

test.each(["cross-site", "same-site"])("a %s web page cannot cancel a sign-in", async (site) => {
  const { login } = await openFlowWorld();
  const { url, origin, login: signingIn } = await startLogin(login);
  expect(await ask(`${origin}/cancel`, { "sec-fetch-site": site })).toMatchObject({ status: 403 });
  await visit(url);
  expect(await signingIn).toMatchObject({ mode: "chatgpt" });
});

test("connections that a browser keeps open for later do not hold a sign-in up", async () => {
  const { login } = await openFlowWorld();
  const { url, origin, login: signingIn } = await startLogin(login);
  const spare = connect(Number(new URL(origin).port), "127.0.0.1");
  onTestFinished(() => void spare.destroy());
  const ended = new Promise((resolve) => spare.once("close", resolve));
  spare.on("error", () => {});
  await visit(url);
  await signingIn;
  await ended;
});
