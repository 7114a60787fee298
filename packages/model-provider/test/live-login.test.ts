import { applyAuth } from "@codex-ts/auth-provider";
import { loginWithApiKey } from "@codex-ts/login";
import { expect, test } from "vitest";
import { type ModelProvider, ProviderAuthScope, resolveProvider, resolveProviderAuth } from "../src/index.js";
import { writeAuth } from "./support/home.js";
import { send } from "./support/send.js";
import { type World, worldOfTest } from "./support/world.js";

async function openaiAt(world: World): Promise<ModelProvider> {
  const config = { openai_base_url: world.backend.urls.codex };
  return await resolveProvider("openai", config, { clientVersion: "1.2.3", environment: {} });
}

const request = () => ({ method: "GET", url: "https://host.test/", headers: new Headers() });

test("a 401 is recovered from: the login is read again, then refreshed, and the request sent with the new token", async () => {
  const world = await worldOfTest();
  const { manager, secrets } = await world.signIn("chatgpt");
  world.backend.fault({ kind: "unauthorized", path: "/models", times: 2 });
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  await send(world, await openaiAt(world), scope);
  const [first, second, third] = world.backend.requests.map(({ headers }) => headers.authorization);
  expect([first, second]).toEqual([`Bearer ${secrets[0]}`, `Bearer ${secrets[0]}`]);
  expect(third).not.toBe(first);
  expect(world.issuer.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
});

test("a fresh token counts at once, without resolving again", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const { auth } = await resolveProviderAuth(
    await openaiAt(world),
    new ProviderAuthScope({ login: manager, environment: {} }),
  );
  const before = await applyAuth(auth, request());
  await manager.refresh();
  const after = await applyAuth(auth, request());
  expect(after.headers.get("authorization")).not.toBe(before.headers.get("authorization"));
  const alone = new Headers();
  auth.addAuthHeaders(alone);
  expect(alone.get("authorization")).toBe(after.headers.get("authorization"));
});

test("after another account has signed in, what was resolved for the first one sends nothing", async () => {
  const world = await worldOfTest();
  const provider = await openaiAt(world);
  const { manager, home } = await world.signIn("chatgpt");
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  const { auth } = await resolveProviderAuth(provider, scope);
  const { id_token, access_token, refresh_token } = world.issuer.signIn({ accountId: "account-2" });
  await writeAuth(home, {
    auth_mode: "chatgpt",
    tokens: { id_token, access_token, refresh_token, account_id: "account-2" },
    last_refresh: new Date().toISOString(),
  });
  await manager.reload();
  await expect(applyAuth(auth, request())).rejects.toMatchObject({ name: "AuthError", kind: "transient" });
  expect(() => auth.addAuthHeaders(new Headers())).toThrow("somebody else has signed in");
  expect((await resolveProviderAuth(provider, scope)).account?.accountId).toBe("account-2");
});

test("an API key that took the place of a ChatGPT login does not go to the ChatGPT backend", async () => {
  const world = await worldOfTest();
  const provider = await resolveProvider("openai", {}, { clientVersion: "1.2.3", environment: {} });
  const { manager, home } = await world.signIn("chatgpt");
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  const resolved = await resolveProviderAuth(provider, scope);
  expect(resolved.provider.baseUrl).toBe("https://chatgpt.com/backend-api/codex");
  await loginWithApiKey("sk-other", { home, environment: {} });
  await manager.reload();
  await expect(applyAuth(resolved.auth, request())).rejects.toMatchObject({ kind: "transient" });
  const again = await resolveProviderAuth(provider, scope);
  expect(again).toMatchObject({ mode: "apikey", provider: { baseUrl: "https://api.openai.com/v1" } });
});

test("after logout nothing is sent", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const { auth } = await resolveProviderAuth(
    await openaiAt(world),
    new ProviderAuthScope({ login: manager, environment: {} }),
  );
  await manager.logout({ revoke: false });
  await expect(applyAuth(auth, request())).rejects.toMatchObject({
    kind: "build",
    message: "nobody is signed in any more, so the request was not sent; sign in first",
  });
});

test("a login that cannot be used is an error of its own, and nothing is sent", async () => {
  const world = await worldOfTest();
  const { manager, home } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  const { auth } = await resolveProviderAuth(provider, scope);
  await writeAuth(home, { auth_mode: "chatgpt", tokens: 1 });
  await manager.reload().catch(() => {});
  await expect(send(world, provider, scope)).rejects.toMatchObject({
    name: "LoginError",
    kind: "invalid_login",
  });
  await expect(applyAuth(auth, request())).rejects.toMatchObject({
    kind: "build",
    cause: { kind: "invalid_login" },
  });
  expect(() => auth.addAuthHeaders(new Headers())).toThrow(expect.objectContaining({ name: "AuthError" }));
  expect(world.backend.requests).toEqual([]);
});

test("a token that cannot be refreshed this time is an error that may go away", async () => {
  const world = await worldOfTest();
  const { manager, home } = await world.signIn("chatgpt");
  const provider = await openaiAt(world);
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  const { auth } = await resolveProviderAuth(provider, scope);
  const { id_token, refresh_token } = world.issuer.signIn();
  await writeAuth(home, {
    auth_mode: "chatgpt",
    tokens: {
      id_token,
      access_token: world.issuer.mintAccessToken({ exp: 1 }),
      refresh_token,
      account_id: "account-test",
    },
    last_refresh: new Date().toISOString(),
  });
  await manager.reload();
  world.issuer.fault({ kind: "status", status: 503, path: "/oauth/token" });
  await expect(applyAuth(auth, request())).rejects.toMatchObject({ name: "AuthError", kind: "transient" });
});

test("the signal ends a wait for the login", async () => {
  const world = await worldOfTest();
  const { manager } = await world.signIn("chatgpt");
  const scope = new ProviderAuthScope({ login: manager, environment: {} });
  const signal = AbortSignal.abort();
  await expect(resolveProviderAuth(await openaiAt(world), scope, { signal })).rejects.toMatchObject({
    kind: "aborted",
  });
});
