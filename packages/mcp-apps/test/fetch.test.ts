import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, onTestFinished, test } from "vitest";
import { type CodexAppsHttpOptions, codexAppsServer, createCodexAppsFetch } from "../src/index.js";
import { type AppsServer, startAppsServer } from "./support/apps-server.js";
import { addAgent, openTransport, rejection, serverConfig } from "./support/connected.js";
import { answerWith, events, lost } from "./support/faults.js";
import { bearerLogin, SwitchableLogin } from "./support/logins.js";

function fetchFor(server: AppsServer, options: Partial<CodexAppsHttpOptions> = {}) {
  return createCodexAppsFetch({
    transport: openTransport(),
    auth: new SwitchableLogin(addAgent(server, "acct-1")),
    server: serverConfig(server),
    ...options,
  });
}

/** A client of the official SDK, as anybody would make it. */
async function connectClient(
  server: AppsServer,
  options: Partial<CodexAppsHttpOptions> = {},
): Promise<Client> {
  const client = new Client({ name: "somebody", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(serverConfig(server).url), {
    fetch: fetchFor(server, options),
  });
  onTestFinished(() => client.close());
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  return client;
}

const call = (client: Client) => client.callTool({ name: "find", arguments: {} }, CallToolResultSchema);
const initialize = { method: "POST", body: '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}' };

test("gives a client of the official SDK the login, on every request", async () => {
  const server = await startAppsServer();
  const client = await connectClient(server);
  expect((await client.listTools()).tools).toHaveLength(1);
  await call(client);
  await (client.transport as StreamableHTTPClientTransport).terminateSession();
  expect(server.calls.every(({ account }) => account === "acct-1")).toBe(true);
  expect(server.asked).toContain("DELETE");
});

test("sends what the Codex CLI sends", async () => {
  const server = await startAppsServer();
  const client = await connectClient(server);
  await client.listTools();
  for (const { headers } of server.calls)
    expect(headers).toMatchObject({
      "user-agent": "codex-mcp-client/1.2.3",
      "x-openai-product-sku": "codex",
      originator: "codex_ts",
      "chatgpt-account-id": "acct-1",
      accept: expect.stringContaining("text/event-stream"),
    });
});

test("signs with the newest login, whoever it is", async () => {
  const server = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  const client = await connectClient(server, { auth });
  auth.snapshot = addAgent(server, "acct-2");
  await call(client);
  expect(server.received("tools/call").map(({ account }) => account)).toEqual(["acct-2"]);
});

test("a stream that is cut is the answer to its request, so that no client waits for ever", async () => {
  const server = await startAppsServer();
  const client = await connectClient(server);
  answerWith(server, "tools/call", events(": hello\n\n", "cut"), 1);
  await expect(call(client)).rejects.toThrow("the answer of Codex Apps ended before its result");
  answerWith(server, "tools/call", lost, 1);
  await expect(call(client)).rejects.toMatchObject({ name: "McpAppsError", kind: "network" });
});

test.each(["https://chatgpt.com/backend-api/ps/mcp", "http://127.0.0.1:1/backend-api/ps/mcp"])(
  "sends nothing to %s, which is not its server",
  async (url) => {
    const server = await startAppsServer();
    const error = await rejection(fetchFor(server)(url, initialize));
    expect(error.kind).toBe("origin");
  },
);

test("sends nothing to a server that must not see the login", async () => {
  const server = await startAppsServer();
  const config = serverConfig(server, { allowedOrigins: ["https://relay.example"] });
  const error = await rejection(fetchFor(server, { server: config })(config.url, initialize));
  expect(error.kind).toBe("origin");
  expect(error.message).toContain('name it in "allowedOrigins"');
  expect(server.calls).toEqual([]);
});

test("does not believe a configuration that was changed on its way", async () => {
  const server = await startAppsServer();
  const { url } = serverConfig(server);
  const changed = { ...codexAppsServer(), url };
  const error = await rejection(fetchFor(server, { server: changed, allowAnonymous: true })(url, initialize));
  expect(error.kind).toBe("origin");
  expect(server.calls).toEqual([]);
});

test("sends no login to such a server when it may be spoken to without", async () => {
  const server = await startAppsServer();
  const config = serverConfig(server, { allowedOrigins: [] });
  const fetch = fetchFor(server, { server: config, allowAnonymous: true });
  expect((await rejection(fetch(config.url, initialize))).kind).toBe("unauthorized");
  expect(server.calls[0]?.headers).not.toHaveProperty("authorization");
  expect(server.calls[0]?.headers).not.toHaveProperty("chatgpt-account-id");
});

test.each([
  ["no login", undefined],
  ["an API key", { ...bearerLogin("sk-test"), usesCodexBackend: false }],
])("sends nothing with %s", async (_what, snapshot) => {
  const server = await startAppsServer();
  const { url } = serverConfig(server);
  const fetch = fetchFor(server, { auth: new SwitchableLogin(snapshot) });
  expect((await rejection(fetch(url, initialize))).kind).toBe("auth_required");
  expect(server.calls).toEqual([]);
});

test("a configured token takes the place of the login", async () => {
  const server = await startAppsServer();
  server.credentials.tokens.set("connector-token", "acct-9");
  const env = { CODEX_CONNECTORS_TOKEN: " connector-token " };
  const config = serverConfig(server, { env });
  const auth = new SwitchableLogin(undefined);
  expect(
    (await fetchFor(server, { server: config, env, auth })(config.url, initialize).catch(String)) instanceof
      Response,
  ).toBe(false);
  expect(server.calls.map(({ account }) => account)).toEqual(["acct-9"]);
});

test("a configured Authorization takes the place of the login", async () => {
  const server = await startAppsServer();
  server.credentials.tokens.set("configured", "acct-9");
  const config = serverConfig(server, { headers: { Authorization: "Bearer configured", "X-Other": "1" } });
  await fetchFor(server, { server: config })(config.url, initialize).catch(() => {});
  expect(server.calls[0]).toMatchObject({ account: "acct-9", headers: { "x-other": "1" } });
});

test.each([
  [undefined, "is not set"],
  ["", "is empty"],
  [" ", "is empty"],
  ["a\ufffdb", "contains invalid Unicode"],
])("a configured token of %j is an error, and nothing is sent", async (value, reason) => {
  const server = await startAppsServer();
  const config = serverConfig(server, { env: { CODEX_CONNECTORS_TOKEN: "set" } });
  const fetch = fetchFor(server, { server: config, env: { CODEX_CONNECTORS_TOKEN: value } });
  expect(await rejection(fetch(config.url, initialize))).toMatchObject({
    kind: "config",
    message: `Environment variable CODEX_CONNECTORS_TOKEN for MCP server 'codex_apps' ${reason}`,
  });
  expect(server.calls).toEqual([]);
});

test("an aborted request is an error of its own", async () => {
  const server = await startAppsServer();
  const error = await rejection(
    fetchFor(server)(serverConfig(server).url, { ...initialize, signal: AbortSignal.abort() }),
  );
  expect(error.kind).toBe("aborted");
});

test.each(["GET", "POST"])("whoever leaves the body of a %s frees its connection at once", async (method) => {
  const server = await startAppsServer();
  const gone = new Promise((resolve) =>
    server.faults.push((_call, response) => {
      response.once("close", resolve);
      events(": hello\n\n", "open")(response);
      return true;
    }),
  );
  const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call"}';
  const response = await fetchFor(server)(serverConfig(server).url, method === "GET" ? {} : { method, body });
  const reader = response.body?.getReader();
  const reading = reader?.read();
  await reader?.cancel();
  await gone;
  expect(await reading).toEqual({ done: true, value: undefined });
});

test("a header that cannot be sent is refused, and nothing is sent", async () => {
  const server = await startAppsServer();
  const config = serverConfig(server, { headers: { "x-bad": "a\nb" } });
  expect((await rejection(fetchFor(server, { server: config })(config.url, initialize))).kind).toBe("config");
  expect(server.calls).toEqual([]);
});
