import { expect, test } from "vitest";
import { ChatgptClient } from "../src/index.js";
import { askedPaths, startClient } from "./support/start-client.js";
import { otherWorkspace, personal, workspace } from "./support/test-login.js";

const off = { beta_settings: { enable_plugins: false } };

test.each([
  ["nothing is said", {}, true],
  ["only others are set", { beta_settings: { other: false } }, true],
  ["they are on", { beta_settings: { enable_plugins: true } }, true],
  ["they are off", off, false],
])("where %s, plugins are enabled: %j → %j", async (_what, settings, expected) => {
  const { backend, client } = await startClient(workspace);
  backend.connectors.setWorkspaceSettings("account-w", settings);
  expect(await client.arePluginsEnabled()).toBe(expected);
  expect(askedPaths(backend)).toEqual(["accounts/account-w/settings"]);
  expect(backend.requests[0]?.headers).toMatchObject({ "oai-product-sku": "codex" });
});

test("nobody is asked who is no ChatGPT account of a workspace", async () => {
  const { backend, login, client } = await startClient(personal);
  backend.connectors.setWorkspaceSettings("account-w", off);
  const areEnabled = () => client.arePluginsEnabled();
  expect(await areEnabled()).toBe(true);
  login.account = workspace;
  for (const mode of ["agentIdentity", "apikey", "headers"]) {
    login.facts = { mode };
    expect(await areEnabled()).toBe(true);
  }
  for (const accountId of [{}, { accountId: "" }]) {
    login.facts = { account: { ...accountId, isFedramp: false, isWorkspace: true } };
    expect(await areEnabled()).toBe(true);
  }
  login.account = undefined;
  expect(await areEnabled()).toBe(true);
  expect(backend.requests).toHaveLength(0);
});

test.each(["chatgpt", "chatgptAuthTokens", "personalAccessToken"])(
  "a login of mode %s is asked about",
  async (mode) => {
    const { backend, login, client } = await startClient(workspace);
    backend.connectors.setWorkspaceSettings("account-w", off);
    login.facts = { mode };
    expect(await client.arePluginsEnabled()).toBe(false);
  },
);

test("the answer is remembered for a quarter of an hour", async () => {
  let now = 1_000_000;
  const { backend, client } = await startClient(workspace, { clock: () => now });
  backend.connectors.setWorkspaceSettings("account-w", off);
  expect(await client.arePluginsEnabled()).toBe(false);
  backend.connectors.setWorkspaceSettings("account-w", {});
  now += 899_999;
  expect(await client.arePluginsEnabled()).toBe(false);
  now += 1;
  expect(await client.arePluginsEnabled()).toBe(true);
  expect(backend.requests).toHaveLength(2);
});

test("each workspace has its own answer", async () => {
  const { backend, login, client } = await startClient(workspace);
  backend.connectors.setWorkspaceSettings("account-w", off);
  expect(await client.arePluginsEnabled()).toBe(false);
  login.account = otherWorkspace;
  expect(await client.arePluginsEnabled()).toBe(true);
  login.account = workspace;
  expect(await client.arePluginsEnabled()).toBe(false);
  expect(askedPaths(backend)).toEqual([
    "accounts/account-w/settings",
    "accounts/account-x/settings",
    "accounts/account-w/settings",
  ]);
});

test("a failure is not remembered", async () => {
  const { backend, client } = await startClient(workspace);
  backend.fault({ kind: "status", status: 503, path: "/settings" });
  await expect(client.arePluginsEnabled()).rejects.toMatchObject({ kind: "status", status: 503 });
  backend.fault({
    kind: "status",
    status: 200,
    path: "/settings",
    body: '{"beta_settings":{"enable_plugins":1}}',
  });
  await expect(client.arePluginsEnabled()).rejects.toMatchObject({ kind: "decode" });
  expect(await client.arePluginsEnabled()).toBe(true);
});

test.each([
  ["a/b c", "accounts/a%2Fb%20c/settings"],
  ["A-z.9_~", "accounts/A-z.9_~/settings"],
  ["ü*'!", "accounts/%C3%BC%2A%27%21/settings"],
])("the account id %s is encoded in the path", async (accountId, path) => {
  const { backend, login, client, options } = await startClient(workspace);
  login.facts = { account: { accountId, isFedramp: false, isWorkspace: true } };
  await expect(new ChatgptClient(options).arePluginsEnabled()).rejects.toMatchObject({ status: 403 });
  await expect(client.arePluginsEnabled()).rejects.toMatchObject({ status: 403 });
  expect(askedPaths(backend)).toEqual([path, path]);
});
