import { applyAuth } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import type { ExternalAuth, ExternalRefreshRequest, ExternalTokens } from "../../src/index.js";
import { idTokenOf, unsignedJwt } from "../support/jwt.js";
import { chatgptLogin } from "../support/logins.js";
import { managerOf } from "../support/managers.js";
import { everythingPrinted } from "../support/printed.js";
import { readAuthText, temporaryHome, writeAuth } from "../support/temporary-home.js";

const rejection = { status: 401, headers: new Headers(), body: "" };
const request = () => ({ method: "GET", url: "https://host.test/", headers: new Headers() });
const first = { accessToken: idTokenOf({ planType: "plus" }), accountId: "account-1" };

/** A host whose next answers are these. */
class Host implements ExternalAuth {
  readonly mode: "apikey" | "chatgpt";
  readonly asked: ExternalRefreshRequest[] = [];
  readonly #answers: (ExternalTokens | Error | Promise<ExternalTokens>)[];

  constructor(mode: "apikey" | "chatgpt", ...answers: (ExternalTokens | Error | Promise<ExternalTokens>)[]) {
    this.mode = mode;
    this.#answers = answers;
  }

  async refresh(asked: ExternalRefreshRequest): Promise<ExternalTokens> {
    this.asked.push(asked);
    const answer = this.#answers.shift() ?? new Error("no answer left");
    if (answer instanceof Error) throw answer;
    return await answer;
  }
}

test("tokens handed in by a host go before what is stored, are never written, and end with logout", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin({ accountId: "account-stored" }));
  const before = await readAuthText(home);
  const manager = await managerOf(home, undefined);
  await manager.setExternalTokens({ ...first, planType: "PRO" });
  expect(manager.account()).toEqual({ authMode: "chatgptAuthTokens", planType: "pro" });
  expect(await manager.current()).toMatchObject({
    mode: "chatgptAuthTokens",
    account: { accountId: "account-1" },
  });
  expect(await readAuthText(home)).toBe(before);
  const other = await managerOf(home, undefined);
  expect(other.cached()?.mode).toBe("chatgptAuthTokens");
  expect(await manager.logout({ revoke: false })).toBe(true);
  expect(manager.account()).toEqual({ authMode: null, planType: null });
});

test.each<[string, ExternalTokens, string]>([
  ["no account", { accessToken: first.accessToken }, "external auth tokens are missing ChatGPT metadata"],
  ["a token that is no JWT", { accessToken: "secret-opaque", accountId: "a" }, "is not a ChatGPT token"],
])("refuses tokens with %s", async (_name, tokens, text) => {
  const manager = await managerOf(await temporaryHome(), undefined);
  const error = await manager.setExternalTokens(tokens).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind: "external", message: expect.stringContaining(text) });
  expect(everythingPrinted(error)).not.toContain("secret-");
  expect(manager.account().authMode).toBeNull();
});

test("takes the plan of the token where the host names none, and unknown where there is none", async () => {
  const manager = await managerOf(await temporaryHome(), undefined);
  await manager.setExternalTokens(first);
  expect(manager.account().planType).toBe("plus");
  await manager.setExternalTokens({ ...first, accessToken: unsignedJwt({}) });
  expect(manager.account().planType).toBe("unknown");
  await manager.logout({ revoke: false });
});

test("refuses tokens of another workspace, and external tokens where only API keys are allowed", async () => {
  const home = await temporaryHome();
  const workspaces = await managerOf(home, undefined, { forcedWorkspaceIds: ["a", "b"] });
  await expect(workspaces.setExternalTokens({ ...first, accountId: "c" })).rejects.toMatchObject({
    kind: "restricted",
    message: 'External auth must use one of workspace(s) ["a", "b"], but received "c".',
  });
  const apiOnly = await managerOf(home, undefined, { forcedLoginMethod: "api" });
  await expect(apiOnly.setExternalTokens(first)).rejects.toMatchObject({
    kind: "restricted",
    message: "External ChatGPT auth is disabled. Use API key login instead.",
  });
});

test("asks the host for other tokens after a 401, once for all who wait", async () => {
  const renewed = { accessToken: idTokenOf({ planType: "pro" }), accountId: "account-1" };
  const host = new Host("chatgpt", renewed);
  const manager = await managerOf(await temporaryHome(), undefined, { external: host });
  await manager.setExternalTokens(first);
  expect(manager.unauthorizedRecovery()).toMatchObject({
    mode: "external",
    step: "external_refresh",
    hasNext: true,
  });
  const recovered = await Promise.all(
    Array.from({ length: 100 }, () => manager.provider.recover?.({ ...rejection, round: 0 })),
  );
  expect(new Set(recovered)).toEqual(new Set([true]));
  expect(await manager.provider.recover?.({ ...rejection, round: 1 })).toBe(false);
  expect(host.asked).toMatchObject([{ reason: "unauthorized", previousAccountId: "account-1" }]);
  const { headers } = await applyAuth(manager.provider, request());
  expect(headers.get("authorization")).toBe(`Bearer ${renewed.accessToken}`);
  expect(manager.account()).toEqual({ authMode: "chatgptAuthTokens", planType: "pro" });
  await manager.logout({ revoke: false });
});

test.each<[string, ExternalTokens | Error, string, string]>([
  ["fails", new Error("secret-host-text"), "external", "the source of external tokens failed (Error)"],
  ["gives no account", { accessToken: first.accessToken }, "external", "missing ChatGPT metadata"],
  [
    "gives no JWT",
    { accessToken: "secret-opaque", accountId: "account-1" },
    "external",
    "not a ChatGPT token",
  ],
  [
    "gives another workspace",
    { ...first, accountId: "account-2" },
    "restricted",
    'external auth refresh returned workspace "account-2", expected one of ["account-1"]',
  ],
])("keeps the tokens it has when the host %s", async (_name, answer, kind, text) => {
  const host = new Host("chatgpt", answer, answer);
  const options = { external: host, forcedWorkspaceIds: ["account-1"] };
  const manager = await managerOf(await temporaryHome(), undefined, options);
  await manager.setExternalTokens({ ...first, accessToken: idTokenOf({}) });
  const recovery = manager.unauthorizedRecovery();
  const error = await recovery.next().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ kind, message: expect.stringContaining(text) });
  expect(everythingPrinted(error)).not.toContain("secret-");
  expect(recovery.hasNext).toBe(true);
  await expect(manager.provider.recover?.({ ...rejection, round: 0 })).rejects.toThrow(text);
  expect(manager.cached()?.token()).toBe(idTokenOf({}));
  await manager.logout({ revoke: false });
});

test("does not wait for the host for ever", async () => {
  const host = new Host("chatgpt", new Promise<ExternalTokens>(() => {}));
  const options = { external: host, externalTimeoutMs: 20 };
  const manager = await managerOf(await temporaryHome(), undefined, options);
  await manager.setExternalTokens(first);
  await expect(manager.unauthorizedRecovery().next()).rejects.toMatchObject({
    kind: "external",
    message: expect.stringContaining("auth refresh request timed out after 0.02s"),
  });
  expect(host.asked[0]?.signal.aborted).toBe(true);
  await manager.logout({ revoke: false });
});

test("tokens that come after logout do not bring the login back", async () => {
  let answer = (_tokens: ExternalTokens): void => {};
  const host = new Host("chatgpt", new Promise((resolve) => (answer = resolve)));
  const home = await temporaryHome();
  const manager = await managerOf(home, undefined, { external: host });
  await manager.setExternalTokens(first);
  const recovering = manager.unauthorizedRecovery().next();
  await manager.logout({ revoke: false });
  answer(first);
  await expect(recovering).rejects.toMatchObject({ kind: "not_logged_in" });
  expect(await manager.current()).toBeUndefined();
  expect(await (await managerOf(home, undefined)).current()).toBeUndefined();
});

test("nor do tokens that come after another manager of the home has signed out", async () => {
  let answer = (_tokens: ExternalTokens): void => {};
  const host = new Host("chatgpt", new Promise((resolve) => (answer = resolve)));
  const home = await temporaryHome();
  const manager = await managerOf(home, undefined, { external: host });
  await manager.setExternalTokens(first);
  const recovering = manager.unauthorizedRecovery().next();
  await (await managerOf(home, undefined)).logout({ revoke: false });
  answer(first);
  await expect(recovering).rejects.toMatchObject({ kind: "not_logged_in" });
  expect(await (await managerOf(home, undefined)).current()).toBeUndefined();
});

test("a source of bearer tokens stands in for the stored login, on both ways of signing", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin());
  const external: ExternalAuth = {
    mode: "apikey",
    resolve: async () => ({ accessToken: "external-token" }),
    refresh: async () => ({ accessToken: "external-token-2" }),
  };
  const manager = await managerOf(home, undefined, { external });
  expect(await manager.current()).toMatchObject({ mode: "apikey", usesCodexBackend: false, account: {} });
  expect(manager.account()).toEqual({ authMode: "apikey", planType: null });
  const { headers } = await applyAuth(manager.provider, request());
  expect(Object.fromEntries(headers)).toEqual({ authorization: "Bearer external-token" });
  const handshake = new Headers();
  manager.provider.addAuthHeaders(handshake);
  expect(handshake.get("authorization")).toBe("Bearer external-token");
  expect(await manager.provider.recover?.({ ...rejection, round: 0 })).toBe(true);
});

test("a source that has none lets the stored login sign", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin());
  const external: ExternalAuth = {
    mode: "apikey",
    resolve: async () => undefined,
    refresh: async () => ({ accessToken: "x" }),
  };
  const manager = await managerOf(home, undefined, { external });
  expect((await manager.current())?.mode).toBe("chatgpt");
  expect(manager.account().authMode).toBe("chatgpt");
});

test("a source that fails is an error on both ways of signing; the stored login does not take its place", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin());
  let isDown = true;
  const external: ExternalAuth = {
    mode: "apikey",
    async resolve() {
      if (isDown) throw new Error("secret-host-text");
      return { accessToken: "external-token" };
    },
    refresh: () => Promise.reject(new Error("secret-host-text")),
  };
  const manager = await managerOf(home, undefined, { external });
  await expect(manager.current()).rejects.toMatchObject({ kind: "external", retryable: true });
  const sent = request();
  await expect(applyAuth(manager.provider, sent)).rejects.toMatchObject({ kind: "transient" });
  expect(() => manager.provider.addAuthHeaders(sent.headers)).toThrow("the source of external tokens failed");
  expect([...sent.headers]).toEqual([]);
  isDown = false;
  await applyAuth(manager.provider, sent);
  expect(sent.headers.get("authorization")).toBe("Bearer external-token");
});

test("a source of API keys is refused where only ChatGPT logins are allowed", async () => {
  const external: ExternalAuth = {
    mode: "apikey",
    resolve: async () => ({ accessToken: "external-token" }),
    refresh: async () => ({ accessToken: "external-token" }),
  };
  const options = { external, forcedLoginMethod: "chatgpt" as const };
  const manager = await managerOf(await temporaryHome(), undefined, options);
  await expect(manager.current()).rejects.toMatchObject({ kind: "restricted" });
});

test("the source can be replaced and removed", async () => {
  const manager = await managerOf(await temporaryHome(), undefined);
  manager.setExternalAuth({
    mode: "apikey",
    resolve: async () => ({ accessToken: "later" }),
    refresh: async () => ({ accessToken: "later" }),
  });
  expect((await manager.auth())?.token()).toBe("later");
  manager.setExternalAuth(undefined);
  expect(await manager.auth()).toBeUndefined();
});
