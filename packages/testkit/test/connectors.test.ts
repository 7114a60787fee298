import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";
import { errorCode } from "./support/post.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend({
    bearerTokens: [
      { token: "token-a", accountId: "account a/1" },
      { token: "token-b", accountId: "account-b" },
    ],
  });
});
afterEach(() => backend.close());

function ask(path: string, token = "token-a", body?: object): Promise<Response> {
  return fetch(`${backend.urls.chatgpt}/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

test("lists the public directory page by page, for whoever may see it", async () => {
  backend.connectors.pageSize = 2;
  backend.connectors.add({ id: "mail", name: "Mail", logo_url: "https://l", tools: [{ name: "t" }] });
  backend.connectors.add({ id: "own", name: "Own" }, { accountId: "account a/1" });
  backend.connectors.add({ id: "drive", name: "Drive" });
  backend.connectors.add({ id: "team", name: "Team" }, { directory: "workspace" });
  const first = (await (await ask("connectors/directory/list?external_logos=true")).json()) as {
    next_token: string;
  };
  expect(first).toMatchObject({ apps: [{ id: "mail", name: "Mail", logo_url: "https://l" }, { id: "own" }] });
  expect(JSON.stringify(first)).not.toContain("tools");
  const token = encodeURIComponent(first.next_token);
  expect(token).not.toBe(first.next_token);
  expect(await (await ask(`connectors/directory/list?token=${token}`)).json()).toEqual({
    apps: [{ id: "drive", name: "Drive" }],
    next_token: null,
  });
  expect(await (await ask("connectors/directory/list", "token-b")).json()).toEqual({
    apps: [
      { id: "mail", name: "Mail", logo_url: "https://l" },
      { id: "drive", name: "Drive" },
    ],
    next_token: null,
  });
  expect(await (await ask("connectors/directory/list_workspace")).json()).toEqual({
    apps: [{ id: "team", name: "Team" }],
    next_token: null,
  });
});

test("an app is removed from one account or from all", async () => {
  const list = async (token: string) =>
    ((await (await ask("connectors/directory/list", token)).json()) as { apps: readonly unknown[] }).apps
      .length;
  backend.connectors.add({ id: "x", name: "X" }, { accountId: "account a/1" });
  backend.connectors.add({ id: "x", name: "X" }, { accountId: "account-b" });
  expect([await list("token-a"), await list("token-b")]).toEqual([1, 1]);
  backend.connectors.remove("x", "account a/1");
  expect([await list("token-a"), await list("token-b")]).toEqual([0, 1]);
  backend.connectors.remove("x");
  expect([await list("token-a"), await list("token-b")]).toEqual([0, 0]);
});

test("refuses a token of a page that it did not issue", async () => {
  const response = await ask("connectors/directory/list?token=after+2");
  expect([response.status, await errorCode(response)]).toEqual([400, "invalid_token"]);
});

test("the settings of a workspace are those of its own account", async () => {
  backend.connectors.setWorkspaceSettings("account a/1", { beta_settings: { enable_plugins: false } });
  expect(await (await ask("accounts/account%20a%2F1/settings")).json()).toEqual({
    beta_settings: { enable_plugins: false },
  });
  expect(await (await ask("accounts/account-b/settings", "token-b")).json()).toEqual({});
  const foreign = await ask("accounts/account-b/settings");
  expect([foreign.status, await errorCode(foreign)]).toEqual([403, "account_mismatch"]);
});

test("looks up apps of any directory, with their tools on demand", async () => {
  const tools = [{ name: "send", description: "Sends", is_read_only: false }];
  backend.connectors.add(
    { id: "mail", name: "Mail", logo_url: "https://l", tools },
    { directory: "workspace" },
  );
  backend.connectors.add({ id: "drive", name: "Drive" });
  const body = { app_ids: ["drive", "mail", "none"], include_tools: true };
  const answer = (await (await ask("ps/apps/batch", "token-a", body)).json()) as { apps: object[] };
  expect(answer.apps).toMatchObject([
    { id: "drive", tools: [] },
    { id: "mail", name: "Mail", description: null, icon_url: "https://l", tools },
  ]);
  expect(answer.apps).toHaveLength(2);
  const bare = (await (await ask("ps/apps/batch", "token-a", { ...body, include_tools: false })).json()) as {
    apps: object[];
  };
  expect(bare.apps[1]).not.toHaveProperty("tools");
});

test.each([
  [{ app_ids: "mail", include_tools: true }],
  [{ app_ids: [] }],
  [{ app_ids: [], include_tools: "yes" }],
])("refuses to look up %j", async (body) => {
  const response = await ask("ps/apps/batch", "token-a", body);
  expect([response.status, await errorCode(response)]).toEqual([400, "invalid_request_body"]);
});

test.each([
  "connectors/directory/list",
  "connectors/directory/list_workspace",
  "accounts/account-b/settings",
  "ps/apps/batch",
])("%s wants a ChatGPT login", async (path) => {
  const body = path.endsWith("batch") ? { app_ids: [], include_tools: false } : undefined;
  expect((await ask(path, "unknown", body)).status).toBe(401);
  const response = await ask(path, "sk-test", body);
  expect([response.status, await errorCode(response)]).toEqual([403, "chatgpt_auth_required"]);
});

test("reset forgets apps and settings", async () => {
  backend.connectors.pageSize = 1;
  backend.connectors.add({ id: "x", name: "X" });
  backend.connectors.setWorkspaceSettings("account-b", { beta_settings: { a: true } });
  backend.reset();
  expect(backend.connectors.pageSize).toBe(100);
  expect(await (await ask("connectors/directory/list", "token-b")).json()).toMatchObject({ apps: [] });
  expect(await (await ask("accounts/account-b/settings", "token-b")).json()).toEqual({});
});
