import { expect, test } from "vitest";
import { startAppsServer } from "./support/apps-server.js";
import { addAgent, connect, rejection } from "./support/connected.js";
import { answerWith, status } from "./support/faults.js";
import { SwitchableLogin } from "./support/logins.js";

test.each([false, true])("lists and calls tools of a real server, JSON answers: %s", async (jsonAnswers) => {
  const server = await startAppsServer({ jsonAnswers });
  const apps = await connect(server);

  const tools = await apps.listTools();
  expect(tools).toMatchObject([
    {
      namespace: "codex_apps",
      name: "acct_1_find",
      description: "Finds in acct-1",
      namespaceDescription: "Use apps.",
      info: { tool: { name: "acct-1_find" }, server_origin: server.origin },
    },
  ]);
  const result = await apps.callTool(
    { namespace: "codex_apps", name: "acct_1_find" },
    { q: 1 },
    { callId: "call_1" },
  );
  expect(JSON.parse(String(result.content[0]?.["text"]))).toEqual({
    name: "acct-1_find",
    arguments: { q: 1 },
    _meta: { _codex_apps: { call_id: "call_1" } },
    account: "acct-1",
  });
  expect(apps.status).toBe("ready");
  await apps.close();

  expect(server.calls.map(({ account }) => account)).toEqual(server.calls.map(() => "acct-1"));
  expect(server.asked.filter((call) => call !== "GET")).toEqual([
    "POST initialize",
    "POST notifications/initialized",
    "POST tools/list",
    "POST tools/call",
    "DELETE",
  ]);
  expect(server.asked).toContain("GET");
});

test("introduces itself as the Codex CLI does, at the version of the protocol that the backend knows", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  expect(server.received("initialize")[0]?.message.params).toEqual({
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "codex-mcp-client", title: "Codex", version: "1.2.3" },
  });
  for (const { headers, message } of server.calls) {
    expect(headers).toMatchObject({
      "user-agent": "codex-mcp-client/1.2.3",
      "x-openai-product-sku": "codex",
      originator: "codex_ts",
      "chatgpt-account-id": "acct-1",
    });
    if (message.method !== "initialize") expect(headers["mcp-protocol-version"]).toBe("2025-06-18");
  }
});

/** Answers `tools/list` with pages, by the cursor that is asked for. */
function answerWithPages(
  server: Parameters<typeof answerWith>[0],
  pages: Readonly<Record<string, { readonly tools: readonly object[]; readonly nextCursor?: string }>>,
): void {
  answerWith(server, "tools/list", (response, { message: { id, params } }) => {
    const result = pages[String(params?.["cursor"] ?? "")];
    status(200, JSON.stringify({ jsonrpc: "2.0", id, result }), { "content-type": "application/json" })(
      response,
    );
  });
}

test("reads all pages of a list", async () => {
  const server = await startAppsServer();
  answerWithPages(server, {
    "": { tools: [{ name: "a" }], nextCursor: "2" },
    2: { tools: [{ name: "b", inputSchema: { type: "object" }, extra: { kept: true } }] },
  });
  const apps = await connect(server);
  const tools = await apps.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(tools[1]?.info.tool).toEqual({ name: "b", inputSchema: { type: "object" }, extra: { kept: true } });
});

test("does not read pages in a circle", async () => {
  const server = await startAppsServer();
  answerWithPages(server, { "": { tools: [], nextCursor: "2" }, 2: { tools: [], nextCursor: "2" } });
  const apps = await connect(server);
  expect((await rejection(apps.ready())).kind).toBe("invalid_answer");
});

test("a list with a tool that has no name is an error that says where", async () => {
  const server = await startAppsServer();
  answerWithPages(server, { "": { tools: [{ name: "a" }, { title: "b" }] } });
  const apps = await connect(server);
  const error = await rejection(apps.ready());
  expect(error.message).toMatch(/^Codex Apps answered tools\/list with something else: tools\.1\.name: /);
});

test("shows tools as configured: prefix, plugins, parallel calls, filters", async () => {
  const server = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  server.tools.set("acct-1", [
    { name: "find", inputSchema: {}, _meta: { connector_id: "c1" } },
    { name: "drop", inputSchema: {} },
  ]);
  const plugins = [{ displayName: "search", connectorIds: ["c1"] }];
  const apps = await connect(
    server,
    { auth, mcpPrefix: true, plugins },
    { disabledTools: ["drop"], supportsParallelToolCalls: true },
  );
  expect(await apps.listTools()).toMatchObject([
    {
      namespace: "mcp__codex_apps",
      name: "find",
      description: "This tool is part of plugin `search`.",
      supportsParallelToolCalls: true,
    },
  ]);
  await apps.callTool({ namespace: "mcp__codex_apps", name: "find" });
  expect(await rejection(apps.callTool({ namespace: "mcp__codex_apps", name: "drop" }))).toMatchObject({
    kind: "tool_disabled",
    message: "tool 'drop' is disabled for MCP server 'codex_apps'",
  });
  expect(await rejection(apps.callTool({ namespace: "codex_apps", name: "find\n" }))).toMatchObject({
    kind: "unknown_tool",
    message: "unknown tool 'codex_apps/find\\n' of MCP server 'codex_apps'",
  });
});

test("a disabled server is not connected to", async () => {
  const server = await startAppsServer();
  expect((await rejection(connect(server, {}, { enabled: false }))).kind).toBe("config");
  expect(server.calls).toEqual([]);
});

test("a redirect within the server is followed, and signed", async () => {
  const server = await startAppsServer();
  answerWith(server, "tools/call", status(307, "", { location: "/backend-api/wham/apps" }), 1);
  const apps = await connect(server);
  await apps.callTool({ namespace: "codex_apps", name: "acct_1_find" });
  expect(server.received("tools/call").map(({ path, account }) => [path, account])).toEqual([
    ["/backend-api/ps/mcp", "acct-1"],
    ["/backend-api/wham/apps", "acct-1"],
  ]);
});

test("speaks to the server of June as well", async () => {
  const server = await startAppsServer();
  const apps = await connect(server, {}, { endpoint: "apps" });
  expect(await apps.listTools()).toHaveLength(1);
  expect(new Set(server.calls.map(({ path }) => path))).toEqual(new Set(["/backend-api/wham/apps"]));
});

test("says what failed, and why", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  answerWith(server, "tools/list", status(400));
  answerWith(server, "tools/call", status(400));
  expect((await rejection(apps.refreshTools())).message).toMatch(
    /^failed to refresh tools for MCP server 'codex_apps': POST http:.*\/backend-api\/ps\/mcp answered 400 Bad Request$/,
  );
  expect((await rejection(apps.callTool({ namespace: "codex_apps", name: "acct_1_find" }))).message).toMatch(
    /^tool call failed for `codex_apps\/acct-1_find`: POST http:.* answered 400 Bad Request$/,
  );
});
