import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { ChatgptClient } from "../src/index.js";
import { startRawServer } from "./support/raw-server.js";
import { askedPaths, startClient } from "./support/start-client.js";
import { workspace } from "./support/test-login.js";

const listPath = "/connectors/directory/list";
const publicOnly = ["connectors/directory/list?external_logos=true"];
const both = [...publicOnly, "connectors/directory/list_workspace?external_logos=true"];

function idsOf(connectors: readonly { readonly id: string }[] | undefined): readonly string[] | undefined {
  return connectors?.map(({ id }) => id);
}

test("a person's account has the public directory", async () => {
  const { backend, client } = await startClient();
  backend.connectors.add({ id: "mail", name: " Mail " });
  backend.connectors.add({ id: "team", name: "Team" }, { directory: "workspace" });
  const connectors = await client.listDirectory();
  expect(connectors).toMatchObject([
    {
      id: "mail",
      name: "Mail",
      installUrl: "https://chatgpt.com/apps/mail/mail",
      isAccessible: false,
      isEnabled: true,
      pluginDisplayNames: [],
    },
  ]);
  expect(Object.keys(connectors[0] ?? {})).toHaveLength(15);
  expect(askedPaths(backend)).toEqual(publicOnly);
  expect(backend.requests[0]?.headers).toMatchObject({
    authorization: "Bearer token of account-1",
    "chatgpt-account-id": "account-1",
    "oai-product-sku": "codex",
    "content-type": "application/json",
  });
});

test("an account of a workspace has its directory too: hidden ones left out, the workspace's description", async () => {
  const { backend, client } = await startClient(workspace);
  const { connectors } = backend;
  connectors.add({ id: "mail", name: "Mail", description: "for everyone" });
  connectors.add({ id: "secret", name: "Secret", visibility: "HIDDEN" });
  const branding = { category: "Team", isDiscoverableApp: false };
  connectors.add({ id: "mail", name: "x", description: " for us ", branding }, { directory: "workspace" });
  connectors.add({ id: "team", name: "A team" }, { directory: "workspace" });
  connectors.add({ id: "own", name: "x", visibility: "HIDDEN" }, { directory: "workspace" });
  const listed = await client.listDirectory();
  expect(idsOf(listed)).toEqual(["team", "mail"]);
  expect(listed[1]).toMatchObject({ name: "Mail", description: "for us", branding: { category: "Team" } });
  expect([...askedPaths(backend)].sort()).toEqual(both);
});

test("both directories are asked for at once", async () => {
  const { backend, client } = await startClient(workspace);
  backend.fault({ kind: "stall_headers", path: listPath });
  const { signal, abort } = abortable();
  const listing = client.listDirectory({ signal });
  await backend.waitForRequests(2);
  expect([...askedPaths(backend)].sort()).toEqual(both);
  abort();
  await expect(listing).rejects.toMatchObject({ name: "ChatgptError", kind: "aborted" });
});

test("follows the tokens of pages, whatever is in them", async () => {
  const { backend, client } = await startClient();
  backend.connectors.pageSize = 2;
  for (const id of ["e", "d", "c", "b", "a"]) backend.connectors.add({ id, name: id });
  expect(idsOf(await client.listDirectory())).toEqual(["a", "b", "c", "d", "e"]);
  const queries = backend.requests.map(({ query }) => Object.fromEntries(query));
  expect(queries).toEqual([
    { external_logos: "true" },
    { token: "after 2+&/=~", external_logos: "true" },
    { token: "after 4+&/=~", external_logos: "true" },
  ]);
});

test("tokens are trimmed, and encoded as in paths: a space is %20", async () => {
  const urls: (string | undefined)[] = [];
  const pages = [
    { apps: [], nextToken: " a b+c/ü*~.-_ \t" },
    { apps: [], next_token: " \n" },
  ];
  const origin = await startRawServer(({ url }, response) => {
    urls.push(url);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(pages[urls.length - 1]));
  });
  const { options } = await startClient();
  const client = new ChatgptClient({ ...options, baseUrl: `${origin}/x/backend-api//` });
  expect(await client.listDirectory()).toEqual([]);
  expect(urls).toEqual([
    "/x/backend-api/connectors/directory/list?external_logos=true",
    "/x/backend-api/connectors/directory/list?token=a%20b%2Bc%2F%C3%BC%2A~.-_&external_logos=true",
  ]);
});

test("pages that go in a circle are an error, not an endless listing", async () => {
  const { backend, client } = await startClient();
  const body = JSON.stringify({ apps: [], next_token: "again" });
  backend.fault({ kind: "status", status: 200, path: listPath, times: Number.POSITIVE_INFINITY, body });
  await expect(client.listDirectory()).rejects.toMatchObject({
    kind: "decode",
    message: "the pages of the connectors directory go in a circle",
  });
  expect(backend.requests).toHaveLength(2);
});

test("a page that fails fails the listing", async () => {
  const { backend, client } = await startClient(workspace);
  backend.fault({ kind: "status", status: 500, path: listPath });
  await expect(client.listDirectory()).rejects.toMatchObject({
    kind: "status",
    status: 500,
    requestId: expect.stringMatching(/./),
  });
});

test("when the public directory fails, nobody waits for that of the workspace any more", async () => {
  const { options } = await startClient(workspace);
  let onGivenUp: () => void = () => {};
  const givenUp = new Promise<void>((resolve) => {
    onGivenUp = resolve;
  });
  const answers = new Map<string, ServerResponse>();
  const origin = await startRawServer(({ url = "" }, response) => {
    answers.set(url.includes("list_workspace") ? "workspace" : "public", response);
    if (answers.size < 2) return;
    answers.get("workspace")?.once("close", onGivenUp);
    answers.get("public")?.writeHead(500).end();
  });
  const client = new ChatgptClient({ ...options, baseUrl: `${origin}/backend-api` });
  await expect(client.listDirectory()).rejects.toMatchObject({ kind: "status", status: 500 });
  await givenUp;
});

test.each([
  ["{}", /apps$|at apps;/],
  ["nothing", /not JSON/],
  ['{"apps":[{"id":"x","name":"X","branding":{"category":"c"}}]}', /apps\[0\]\.branding\.isDiscoverableApp/],
])("the page %s fails the listing", async (body, message) => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "status", status: 200, path: listPath, body });
  await expect(client.listDirectory()).rejects.toMatchObject({
    kind: "decode",
    message: expect.stringMatching(message),
    requestId: expect.stringMatching(/./),
  });
});

test.each([
  { what: "refused", fault: { kind: "status", status: 404 }, isKept: true },
  { what: "out of order", fault: { kind: "status", status: 500 }, isKept: false },
  { what: "cut off", fault: { kind: "reset" }, isKept: false },
  { what: "unreadable", fault: { kind: "status", status: 200, body: "{}" }, isKept: false },
] as const)("a workspace's directory that is $what counts as empty", async ({ fault, isKept }) => {
  const failures: unknown[] = [];
  const telemetry = { onWorkspaceDirectoryFailure: (error: unknown) => failures.push(error) };
  const { backend, client } = await startClient(workspace, { telemetry });
  backend.connectors.add({ id: "mail", name: "Mail" });
  backend.connectors.add({ id: "team", name: "Team" }, { directory: "workspace" });
  backend.fault({ ...fault, path: "/list_workspace" });
  expect(idsOf(await client.listDirectory())).toEqual(["mail"]);
  expect(failures).toMatchObject([{ name: "ChatgptError" }]);
  // What may be there the next time is not remembered as missing.
  expect(idsOf(await client.listDirectory())).toEqual(isKept ? ["mail"] : ["mail", "team"]);
});

test("a hook that throws does no harm", async () => {
  const telemetry = {
    onWorkspaceDirectoryFailure() {
      throw new Error("a defect of the watcher");
    },
  };
  const { backend, client } = await startClient(workspace, { telemetry });
  backend.fault({ kind: "status", status: 500, path: "/list_workspace" });
  expect(await client.listDirectory()).toEqual([]);
});

test("apps of plugins that the directory does not list get a placeholder", async () => {
  const { backend, client } = await startClient();
  backend.connectors.add({ id: "mail", name: "Mail" });
  const pluginAppIds = ["calendar", "mail", "calendar"];
  expect(idsOf(await client.listDirectory({ pluginAppIds }))).toEqual(["mail", "calendar"]);
  expect(idsOf(await client.listDirectory())).toEqual(["mail"]);
  expect(idsOf(await client.cachedDirectory({ pluginAppIds }))).toEqual(["mail", "calendar"]);
});

test("without a login, with one for API keys, or without apps nothing is asked, and there is nothing", async () => {
  const { backend, login, client, options } = await startClient();
  const empty = async (asked: ChatgptClient) => {
    expect(await asked.listDirectory({ pluginAppIds: ["x"] })).toEqual([]);
    expect(await asked.cachedDirectory({ pluginAppIds: ["x"] })).toEqual([]);
    expect(await asked.listConnectors({ accessible: [] })).toEqual([]);
  };
  await empty(new ChatgptClient({ ...options, appsEnabled: false }));
  login.facts = { mode: "apikey", usesCodexBackend: false };
  await empty(client);
  login.account = undefined;
  await empty(client);
  expect(backend.requests).toHaveLength(0);
});

test("an agent identity has connectors, too", async () => {
  const { backend, login, client } = await startClient();
  login.facts = { mode: "agentIdentity" };
  backend.connectors.add({ id: "mail", name: "Mail" });
  expect(idsOf(await client.listDirectory())).toEqual(["mail"]);
});

test("a login without an account id cannot ask", async () => {
  const { backend, login, client } = await startClient();
  login.facts = { account: { isFedramp: false, isWorkspace: false } };
  await expect(client.listDirectory()).rejects.toMatchObject({
    kind: "auth",
    message: "ChatGPT account ID not available, please re-run `codex login`",
  });
  expect(await client.cachedDirectory()).toBeUndefined();
  expect(backend.requests).toHaveLength(0);
});

test("each page has its own limit of time", async () => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "stall_headers", path: listPath });
  await expect(client.listDirectory({ timeoutMs: 30 })).rejects.toMatchObject({ kind: "timeout" });
});

function abortable(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
