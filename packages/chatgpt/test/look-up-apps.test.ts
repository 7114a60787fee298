import { expect, test } from "vitest";
import { askedPaths, startClient } from "./support/start-client.js";
import { otherWorkspace, workspace } from "./support/test-login.js";

const send = { name: "send", description: "Sends", is_read_only: false };
const bare = {
  name: "Mail",
  description: null,
  icon_url: null,
  icon_dark_url: null,
  distribution_channel: null,
};

test("looks apps up, each once and in the order asked for, and tells which are missing", async () => {
  const { backend, client } = await startClient();
  backend.connectors.add({ id: "mail", name: "Mail", tools: [send] });
  backend.connectors.add({ id: "drive", name: "Drive" });
  expect(await client.lookUpApps(["none", "drive", "mail", "drive"])).toEqual({
    apps: [
      { id: "drive", ...bare, name: "Drive", tools: null },
      { id: "mail", ...bare, tools: null },
    ],
    missingIds: ["none"],
  });
  expect(askedPaths(backend)).toEqual(["ps/apps/batch"]);
  const [request] = backend.requests;
  expect(request?.json()).toEqual({ app_ids: ["none", "drive", "mail"], include_tools: false });
  expect(request?.headers).toMatchObject({
    "oai-product-sku": "codex",
    "content-type": "application/json",
    "chatgpt-account-id": "account-1",
  });
});

test("tools come on demand", async () => {
  const { backend, client } = await startClient();
  backend.connectors.add({ id: "mail", name: "Mail", tools: [send] });
  const { apps } = await client.lookUpApps(["mail"], { includeTools: true });
  expect(apps).toEqual([
    { id: "mail", ...bare, tools: [{ ...send, title: null, is_enabled: null, disabled_reason: null }] },
  ]);
});

test("the product can be named", async () => {
  const { backend, client } = await startClient(undefined, { productSku: "my-product" });
  await client.lookUpApps(["x"]);
  await client.listDirectory();
  expect(backend.requests.map(({ headers }) => headers["oai-product-sku"])).toEqual(["my-product", "codex"]);
});

test("asked for nothing, it asks for nothing", async () => {
  const { backend, client } = await startClient();
  expect(await client.lookUpApps([])).toEqual({ apps: [], missingIds: [] });
  expect(backend.requests).toHaveLength(0);
});

test("asks only for what it has not learned within an hour", async () => {
  let now = 1_000_000;
  const { backend, client } = await startClient(undefined, { clock: () => now });
  for (const id of ["a", "b", "c"]) backend.connectors.add({ id, name: id, tools: [send] });
  const asked = () => backend.requests.map((request) => (request.json() as { app_ids: unknown }).app_ids);
  await client.lookUpApps(["a", "none"]);
  now += 1_800_000;
  await client.lookUpApps(["b", "a", "none"]);
  expect(asked()).toEqual([
    ["a", "none"],
    ["b", "none"],
  ]);
  now += 1_800_000;
  await client.lookUpApps(["a", "b"]);
  expect(asked()[2]).toEqual(["a"]);
  // Known without its tools is not known when they are asked for; the other way round it is.
  const withTools = await client.lookUpApps(["a", "b"], { includeTools: true });
  expect(withTools.apps.map(({ tools }) => tools?.length)).toEqual([1, 1]);
  expect((await client.lookUpApps(["a"])).apps[0]?.tools).toBeNull();
  expect(asked().slice(3)).toEqual([["a", "b"]]);
});

test("two look-ups at once are both remembered", async () => {
  const { backend, client } = await startClient();
  for (const id of ["a", "b"]) backend.connectors.add({ id, name: id });
  await Promise.all([client.lookUpApps(["a"]), client.lookUpApps(["b"])]);
  await client.lookUpApps(["a", "b"]);
  expect(backend.requests).toHaveLength(2);
});

test("each account has its own apps", async () => {
  const { backend, login, client } = await startClient(workspace);
  backend.connectors.add({ id: "own", name: "Own" }, { accountId: "account-w" });
  expect(await client.lookUpApps(["own"])).toMatchObject({ apps: [{ id: "own" }] });
  login.account = otherWorkspace;
  expect(await client.lookUpApps(["own"])).toEqual({ apps: [], missingIds: ["own"] });
  login.account = workspace;
  expect(await client.lookUpApps(["own"])).toMatchObject({ apps: [{ id: "own" }] });
  expect(backend.requests).toHaveLength(3);
});

test("what was under way when the account changed, or everything was cleared, is not remembered", async () => {
  const { backend, client } = await startClient(workspace);
  backend.connectors.add({ id: "own", name: "Own" });
  backend.fault({ kind: "drip", path: "/batch", bytes: 8, intervalMs: 10 });
  const underWay = client.lookUpApps(["own"]);
  await backend.waitForRequests(1);
  await client.clearCaches();
  expect(await underWay).toMatchObject({ apps: [{ id: "own" }] });
  await client.lookUpApps(["own"]);
  expect(backend.requests).toHaveLength(2);
});

test("takes only what was asked for, and of two answers the first", async () => {
  const { backend, client } = await startClient();
  const body = JSON.stringify({
    apps: [
      { id: "mail", name: "First" },
      { id: "mail", name: "Second" },
      { id: "other", name: "Not asked for" },
    ],
  });
  backend.fault({ kind: "status", status: 200, path: "/batch", body });
  const { apps } = await client.lookUpApps(["mail"]);
  expect(apps.map(({ name }) => name)).toEqual(["First"]);
  expect(await client.lookUpApps(["other"])).toMatchObject({ missingIds: ["other"] });
});

test("a failure is not remembered", async () => {
  const { backend, client } = await startClient();
  backend.connectors.add({ id: "mail", name: "Mail" });
  backend.fault({ kind: "status", status: 500, path: "/batch" });
  await expect(client.lookUpApps(["mail"])).rejects.toMatchObject({ kind: "status", status: 500 });
  expect(await client.lookUpApps(["mail"])).toMatchObject({ missingIds: [] });
});

test.each([
  ["ChatGPT auth not available", "nobody"],
  ["ChatGPT backend requests require Codex backend auth", "apikey"],
  ["ChatGPT account ID not available, please re-run `codex login`", "unidentified"],
] as const)("refuses with: %s", async (message, who) => {
  const { backend, login, client } = await startClient();
  if (who === "nobody") login.account = undefined;
  if (who === "apikey") login.facts = { mode: "apikey", usesCodexBackend: false };
  if (who === "unidentified") login.facts = { account: { isFedramp: false, isWorkspace: false } };
  await expect(client.lookUpApps(["x"])).rejects.toMatchObject({ kind: "auth", message });
  await expect(client.getTask("task_1")).rejects.toMatchObject({ kind: "auth", message });
  await expect(client.applyTask("task_1")).rejects.toMatchObject({ kind: "auth", message });
  expect(backend.requests).toHaveLength(0);
});
