import { applyAuth } from "@codex-ts/auth-provider";
import { expect, onTestFinished, test } from "vitest";
import { type AuthManager, type CodexCliLoginOptions, openCodexCliLogin } from "../../src/index.js";
import { issuerOfTest, profileOf } from "../support/issuer.js";
import { accessTokenExpiringIn } from "../support/jwt.js";
import { chatgptLogin, issuedLogin } from "../support/logins.js";
import { otherFiles, readAuth, readAuthText, temporaryHome, writeAuth } from "../support/temporary-home.js";

async function open(home: string, options: CodexCliLoginOptions = {}): Promise<AuthManager> {
  const manager = await openCodexCliLogin({ ...options, environment: { ...options.environment, home } });
  onTestFinished(() => manager.close());
  return manager;
}

const request = () => ({ method: "GET", url: "https://host.test/", headers: new Headers() });
const rejection = { status: 401, headers: new Headers(), body: "" };

test("signs with the login of the Codex CLI, and does not look at the credentials of the environment", async () => {
  const home = await temporaryHome();
  const stored = chatgptLogin();
  await writeAuth(home, stored);
  const manager = await open(home, { environment: { accessToken: "at-env", apiKey: "sk-env" } });
  const { headers } = await applyAuth(manager.provider, request());
  expect(headers.get("authorization")).toBe(`Bearer ${stored.tokens?.access_token}`);
});

test("neither refreshes nor writes it: an expired token is an error that says how to go on", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  await writeAuth(home, issuedLogin(issuer, { accessToken: accessTokenExpiringIn(-60) }));
  const before = await readAuthText(home);
  const manager = await open(home, { profile: profileOf(issuer) });
  const expired = {
    kind: "read_only",
    message: expect.stringMatching(
      /has expired: it belongs to another program; run "codex" once to renew it/,
    ),
  };
  await expect(manager.current()).rejects.toMatchObject(expired);
  await expect(applyAuth(manager.provider, request())).rejects.toMatchObject({ kind: "build" });
  await expect(manager.refresh()).rejects.toMatchObject(expired);
  await expect(manager.logout()).rejects.toMatchObject({ kind: "read_only" });
  await expect(manager.agentIdentity({ policy: "JwtOnly" })).rejects.toMatchObject(expired);
  expect(issuer.requests).toEqual([]);
  expect(await readAuthText(home)).toBe(before);
  expect(await otherFiles(home)).toEqual([]);
});

test("follows what the Codex CLI stores", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin({ accessToken: accessTokenExpiringIn(-60) }));
  const manager = await open(home);
  const renewed = chatgptLogin();
  await writeAuth(home, renewed);
  expect((await manager.auth())?.token()).toBe(renewed.tokens?.access_token);
});

test("uses a token to its end, and reads the file again after a 401", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const stored = issuedLogin(issuer, { accessToken: accessTokenExpiringIn(60) });
  await writeAuth(home, stored);
  const manager = await open(home, { profile: profileOf(issuer) });
  expect((await manager.auth())?.token()).toBe(stored.tokens?.access_token);
  const renewed = issuedLogin(issuer);
  await writeAuth(home, renewed);
  expect(await manager.provider.recover?.({ ...rejection, round: 0 })).toBe(true);
  expect(manager.cached()?.token()).toBe(renewed.tokens?.access_token);
  expect(await manager.provider.recover?.({ ...rejection, round: 1 })).toBe(false);
  await expect(manager.refresh()).rejects.toMatchObject({
    kind: "read_only",
    message: expect.stringContaining("cannot be refreshed from here"),
  });
  expect(issuer.requests).toEqual([]);
});

test("gives a login of another program no Agent Identity", async () => {
  const home = await temporaryHome();
  await writeAuth(home, chatgptLogin());
  const manager = await open(home);
  await expect(manager.agentIdentity({ policy: "ChatGptAuth" })).rejects.toMatchObject({ kind: "read_only" });
});

test("refreshes it when told to share", async () => {
  const issuer = await issuerOfTest();
  const home = await temporaryHome();
  const stored = issuedLogin(issuer, { accessToken: accessTokenExpiringIn(-60) });
  await writeAuth(home, stored);
  const manager = await open(home, { share: true, profile: profileOf(issuer) });
  const auth = await manager.auth();
  expect(issuer.requests).toHaveLength(1);
  expect((await readAuth(home))?.tokens?.access_token).toBe(auth?.token());
});
