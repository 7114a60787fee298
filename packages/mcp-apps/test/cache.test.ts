import { mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { McpToolInfo } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { AppsCache } from "../src/apps-cache.js";
import { startAppsServer } from "./support/apps-server.js";
import { addAgent, connect, rejection, temporaryFolder } from "./support/connected.js";
import { answerWith, stall, status } from "./support/faults.js";
import { SwitchableLogin } from "./support/logins.js";
import { readVectors } from "./support/read-vectors.js";
import { toolInfo } from "./support/tool-info.js";

interface Vector {
  readonly key: {
    readonly account_id: string | null;
    readonly chatgpt_user_id: string | null;
    readonly is_workspace_account: boolean;
  };
  readonly relative_path: string;
}
const vectors =
  readVectors<Record<"codex_apps_server_info" | "codex_apps_tools", readonly Vector[]>>("cache-keys");

const key = { account_id: "acct-1", chatgpt_user_id: "user-1", is_workspace_account: false };
const toolsPath = "cache/codex_apps_tools/0c72662b2769f3d3ab4a3189b6f10bc10236e6f0.json";
const infoPath = "cache/codex_apps_server_info/0c72662b2769f3d3ab4a3189b6f10bc10236e6f0.json";
const serverInfo = {
  name: "apps",
  title: null,
  version: "1",
  description: null,
  icons: null,
  websiteUrl: null,
};
const named = (name: string): McpToolInfo => toolInfo({ tool: { name } });

async function put(home: string, path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), typeof content === "string" ? content : JSON.stringify(content));
}

test.each([
  ...vectors.codex_apps_tools.map((vector) => ["tools", vector] as const),
  ...vectors.codex_apps_server_info.map((vector) => ["server info", vector] as const),
])("keeps the %s of %j in its file", async (_what, { key: vectorKey, relative_path }) => {
  const codexHome = await temporaryFolder();
  const cache = new AppsCache({ codexHome });
  await cache.store(vectorKey, cache.begin(), { tools: [named("a")], serverInfo });
  expect((await stat(join(codexHome, relative_path))).mode & 0o777).toBe(0o600);
});

test("writes what the Codex CLI writes", async () => {
  const codexHome = await temporaryFolder();
  const cache = new AppsCache({ codexHome });
  await cache.store(key, cache.begin(), { tools: [named("a")], serverInfo });
  const members = [
    "server_name",
    "supports_parallel_tool_calls",
    "server_origin",
    "tool_name",
    "tool_namespace",
    "namespace_description",
    "tool",
    "connector_id",
    "connector_name",
    "plugin_display_names",
  ];
  const text = await readFile(join(codexHome, toolsPath), "utf8");
  expect(text).toBe(JSON.stringify({ schema_version: 4, tools: [named("a")] }, null, 2));
  expect(Object.keys(JSON.parse(text).tools[0])).toEqual(members);
  expect(await readFile(join(codexHome, infoPath), "utf8")).toBe(
    JSON.stringify({ schema_version: 1, server_info: serverInfo }, null, 2),
  );
});

test("the last listing wins", async () => {
  const codexHome = await temporaryFolder();
  const cache = new AppsCache({ codexHome });
  await cache.store(key, cache.begin(), { tools: [named("old")], serverInfo });
  await cache.store(key, cache.begin(), { tools: [named("new")], serverInfo });
  expect(await new AppsCache({ codexHome }).tools(key)).toEqual([named("new")]);
});

test.each([true, false])(
  "of two listings that overlap the newer one stays, on disk: %s",
  async (isOnDisk) => {
    const codexHome = isOnDisk ? await temporaryFolder() : undefined;
    const cache = new AppsCache({ codexHome });
    const [earlier, later] = [cache.begin(), cache.begin()];
    await Promise.all([
      cache.store(key, later, { tools: [named("new")], serverInfo }),
      cache.store(key, earlier, { tools: [named("old")], serverInfo: undefined }),
    ]);
    expect(await cache.tools(key)).toEqual([named("new")]);
    expect(await cache.serverInfo(key)).toEqual(serverInfo);
  },
);

test("each account has its own", async () => {
  for (const codexHome of [undefined, await temporaryFolder()]) {
    const cache = new AppsCache({ codexHome });
    await cache.store(key, cache.begin(), { tools: [named("a")], serverInfo });
    for (const other of [
      { ...key, account_id: "acct-2" },
      { ...key, chatgpt_user_id: "user-2" },
      { ...key, is_workspace_account: true },
    ]) {
      expect(await cache.tools(other)).toBeUndefined();
      expect(await cache.serverInfo(other)).toBeUndefined();
    }
  }
});

test.each([
  ["torn", '{"schema_version":4,"tools":[{"server_name":"codex_apps"'],
  ["empty", ""],
  ["of an older version", { schema_version: 3, tools: [named("a")] }],
  ["of a newer version", { schema_version: 5, tools: [named("a")] }],
  ["without a version", { tools: [named("a")] }],
  ["a list", []],
  ["of another server", { schema_version: 4, tools: [toolInfo({ server_name: "docs" })] }],
  ["with a tool that has no name", { schema_version: 4, tools: [{ ...named("a"), tool: {} }] }],
])("a tools file that is %s is ignored, and stays", async (_what, content) => {
  const codexHome = await temporaryFolder();
  await put(codexHome, toolsPath, content);
  await put(codexHome, infoPath, { schema_version: 1, server_info: serverInfo });
  const cache = new AppsCache({ codexHome });
  expect(await cache.tools(key)).toBeUndefined();
  expect(await cache.serverInfo(key)).toEqual(serverInfo);
  expect((await stat(join(codexHome, toolsPath))).isFile()).toBe(true);
});

test.each([
  ["torn", "{"],
  ["of another version", { schema_version: 2, server_info: serverInfo }],
])("a server info file that is %s is ignored, and the tools are not", async (_what, content) => {
  const codexHome = await temporaryFolder();
  await put(codexHome, infoPath, content);
  await put(codexHome, toolsPath, { schema_version: 4, tools: [named("a")] });
  const cache = new AppsCache({ codexHome });
  expect(await cache.serverInfo(key)).toBeUndefined();
  expect(await cache.tools(key)).toEqual([named("a")]);
});

test("a file of more than 32 MiB is ignored", async () => {
  const codexHome = await temporaryFolder();
  await put(codexHome, toolsPath, JSON.stringify({ schema_version: 4, tools: [] }));
  const cache = new AppsCache({ codexHome });
  expect(await cache.tools(key)).toEqual([]);
  await writeFile(
    join(codexHome, toolsPath),
    `${JSON.stringify({ schema_version: 4, tools: [] })}${" ".repeat(32 * 1024 * 1024)}`,
  );
  expect(await cache.tools(key)).toBeUndefined();
  await truncate(join(codexHome, toolsPath), 0);
});

test("reads the names that earlier versions wrote, and fills in what they left out", async () => {
  const codexHome = await temporaryFolder();
  await put(codexHome, toolsPath, {
    schema_version: 4,
    tools: [
      {
        server_name: "codex_apps",
        callable_name: "_send",
        callable_namespace: "codex_apps__gmail",
        connector_description: "Mail",
        tool: { name: "gmail_send", more: 1 },
        connector_id: "connector_openai_hidden",
      },
    ],
  });
  expect(await new AppsCache({ codexHome }).tools(key)).toEqual([
    toolInfo({
      tool_name: "_send",
      tool_namespace: "codex_apps__gmail",
      namespace_description: "Mail",
      tool: { name: "gmail_send", more: 1 },
      connector_id: "connector_openai_hidden",
    }),
  ]);
});

test("a file that cannot be written is reported, and the listing is good", async () => {
  const server = await startAppsServer();
  const home = await temporaryFolder();
  await writeFile(join(home, "cache"), "not a folder");
  const errors: unknown[] = [];
  const apps = await connect(server, { codexHome: home, onCacheError: (error) => errors.push(error) });
  expect(await apps.listTools()).toHaveLength(1);
  expect(errors).toMatchObject([{ code: "ENOTDIR" }, { code: "ENOTDIR" }]);
});

const names = (tools: readonly { readonly name: string }[]): readonly string[] =>
  tools.map(({ name }) => name);

/** A home in which the last session has left tools. */
async function visitedHome(): Promise<string> {
  const codexHome = await temporaryFolder();
  const path = await accountPath(codexHome);
  await put(codexHome, path, {
    schema_version: 4,
    tools: [toolInfo({ tool_name: "from_last_time", server_origin: "https://elsewhere.example" })],
  });
  return codexHome;
}

/** Where the tools of the agent of the tests are. */
async function accountPath(codexHome: string): Promise<string> {
  const cache = new AppsCache({ codexHome });
  const account = { account_id: "acct-1", chatgpt_user_id: "user-of-acct-1", is_workspace_account: false };
  await cache.store(account, cache.begin(), { tools: [], serverInfo: undefined });
  const { accountCachePath } = await import("@codex-ts/connectors");
  return accountCachePath("codex_apps_tools", account);
}

test("while it starts, the tools of the last time are listed at once", async () => {
  const server = await startAppsServer();
  answerWith(server, "initialize", stall);
  const apps = await connect(server, { codexHome: await visitedHome() });
  const [tool] = await apps.listTools();
  expect(tool).toMatchObject({ name: "from_last_time", info: { server_origin: server.origin } });
  expect(apps.status).toBe("starting");
});

test("an empty list of the last time is a list", async () => {
  const server = await startAppsServer();
  answerWith(server, "initialize", stall);
  const codexHome = await temporaryFolder();
  await accountPath(codexHome);
  const apps = await connect(server, { codexHome });
  expect(await apps.listTools()).toEqual([]);
});

test("when the start fails, the tools of the last time are listed", async () => {
  const server = await startAppsServer();
  answerWith(server, "initialize", status(400));
  const apps = await connect(server, { codexHome: await visitedHome() });
  await rejection(apps.ready());
  expect(apps.status).toBe("failed");
  expect(names(await apps.listTools())).toEqual(["from_last_time"]);
});

test("once it runs, what another process has listed is seen", async () => {
  const server = await startAppsServer();
  const codexHome = await temporaryFolder();
  const apps = await connect(server, { codexHome });
  await apps.ready();
  expect(names(await apps.listTools())).toEqual(["acct_1_find"]);
  const path = await accountPath(codexHome);
  await put(codexHome, path, { schema_version: 4, tools: [toolInfo({ tool_name: "from_outside" })] });
  expect(names(await apps.listTools())).toEqual(["from_outside"]);
  await put(codexHome, path, "{");
  expect(names(await apps.listTools())).toEqual(["acct_1_find"]);
});

test("listing again replaces what is kept; a failure leaves it", async () => {
  const server = await startAppsServer();
  const codexHome = await temporaryFolder();
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  const apps = await connect(server, { codexHome, auth });
  await apps.ready();
  server.tools.set("acct-1", [{ name: "another", inputSchema: { type: "object" } }]);
  expect(names(await apps.refreshTools())).toEqual(["another"]);
  expect(names(await apps.listTools())).toEqual(["another"]);

  answerWith(server, "tools/list", status(400), 1);
  expect((await rejection(apps.refreshTools())).kind).toBe("http");
  expect(names(await apps.listTools())).toEqual(["another"]);
});

test("what the server says of itself is live once it runs, and that of the last time before", async () => {
  const server = await startAppsServer();
  const codexHome = await temporaryFolder();
  const said = { ...serverInfo, title: "Apps", version: "1.2.3", description: "All apps" };
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  const first = await connect(server, { codexHome, auth });
  await first.ready();
  expect(await first.serverInfo()).toEqual(said);

  answerWith(server, "initialize", stall);
  const second = await connect(server, { codexHome, auth });
  expect(await second.serverInfo()).toEqual(said);
  const third = await connect(server, { codexHome: await temporaryFolder(), auth });
  expect(await third.serverInfo()).toBeUndefined();
});
