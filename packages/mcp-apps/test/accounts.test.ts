import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { expect, test } from "vitest";
import { connectCodexApps } from "../src/index.js";
import { startAppsServer } from "./support/apps-server.js";
import {
  addAgent,
  connect,
  openTransport,
  rejection,
  serverConfig,
  temporaryFolder,
} from "./support/connected.js";
import { answerWith, stall, status } from "./support/faults.js";
import { bearerLogin, SwitchableLogin } from "./support/logins.js";

const names = (tools: readonly { readonly name: string }[]): readonly string[] =>
  tools.map(({ name }) => name);

test("two Agent Identity accounts never share a cached tool list on disk", async () => {
  const server = await startAppsServer();
  const codexHome = await temporaryFolder();
  const first = await connect(server, { codexHome, auth: new SwitchableLogin(addAgent(server, "acct-1")) });
  await first.ready();
  const second = addAgent(server, "acct-2");
  // The second can only be told what is cached, for nothing is listed for it.
  answerWith(server, "initialize", status(400));

  const apps = await connect(server, { codexHome, auth: new SwitchableLogin(second) });
  expect((await rejection(apps.listTools())).kind).toBe("http");

  expect(await readdir(join(codexHome, "cache/codex_apps_tools"))).toHaveLength(1);
});

test("keeps a file for each of two Agent Identity accounts", async () => {
  const server = await startAppsServer();
  const codexHome = await temporaryFolder();
  for (const account of ["acct-1", "acct-2"]) {
    const apps = await connect(server, { codexHome, auth: new SwitchableLogin(addAgent(server, account)) });
    await apps.ready();
  }
  const folder = join(codexHome, "cache/codex_apps_tools");
  const texts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")),
  );
  expect(texts.map((text) => JSON.parse(text).tools[0].tool.name).sort()).toEqual([
    "acct-1_find",
    "acct-2_find",
  ]);
});

test("two Agent Identity accounts of one connection never share a list in memory", async () => {
  const server = await startAppsServer();
  const [first, second] = [addAgent(server, "acct-1"), addAgent(server, "acct-2")];
  const auth = new SwitchableLogin(first);
  const apps = await connect(server, { auth });
  expect(names(await apps.listTools())).toEqual(["acct_1_find"]);

  auth.snapshot = second;
  answerWith(server, "initialize", status(400), 1);
  expect((await rejection(apps.listTools())).kind).toBe("http");
  expect(names(await apps.listTools())).toEqual(["acct_2_find"]);

  // Back again, the first is shown what it was shown before, at once.
  auth.snapshot = first;
  answerWith(server, "initialize", stall, 1);
  expect(names(await apps.listTools())).toEqual(["acct_1_find"]);
  expect(apps.status).toBe("starting");
});

test.each<[string, AuthSnapshot["account"]]>([
  ["without an account id", { isFedramp: false, isWorkspace: false }],
  ["of a workspace without a user id", { accountId: "ws-1", isFedramp: false, isWorkspace: true }],
])("accounts %s cannot be told apart, and are not cached at all", async (_what, account) => {
  const server = await startAppsServer();
  const codexHome = await temporaryFolder();
  const auth = new SwitchableLogin({ ...addAgent(server, "acct-1"), account });
  const apps = await connect(server, { codexHome, auth });
  expect(names(await apps.listTools())).toEqual(["acct_1_find"]);
  expect(await readdir(codexHome)).toEqual([]);

  auth.snapshot = { ...addAgent(server, "acct-2"), account };
  answerWith(server, "initialize", status(400), 1);
  expect((await rejection(apps.listTools())).kind).toBe("http");
  expect(names(await apps.listTools())).toEqual(["acct_2_find"]);
});

test("after a change of the login the next call is signed by the new one, in a session of its own", async () => {
  const server = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(server, "acct-1", "find"));
  const apps = await connect(server, { auth });
  const [tool] = await apps.listTools();
  if (tool === undefined) throw new Error("there is no tool");
  await apps.callTool(tool);

  auth.snapshot = addAgent(server, "acct-2", "find");
  await apps.callTool(tool);

  const calls = server.received("tools/call");
  expect(calls.map(({ account }) => account)).toEqual(["acct-1", "acct-2"]);
  expect(new Set(calls.map(({ headers }) => headers["mcp-session-id"])).size).toBe(2);
  const sessions = new Map(server.calls.map(({ headers, account }) => [headers["mcp-session-id"], account]));
  for (const { headers, account } of server.calls)
    if (headers["mcp-session-id"] !== undefined)
      expect(account).toBe(sessions.get(headers["mcp-session-id"]));
});

test("a tool of the old account cannot be called by the new one", async () => {
  const server = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  const apps = await connect(server, { auth });
  const [tool] = await apps.listTools();
  auth.snapshot = addAgent(server, "acct-2");

  const error = await rejection(apps.callTool(tool ?? { namespace: "", name: "" }));

  expect(error.kind).toBe("unknown_tool");
  expect(server.received("tools/call")).toEqual([]);
});

test("a call does not go on in the name of another account when the login changes under it", async () => {
  const server = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  const apps = await connect(server, { auth });
  const [tool] = await apps.listTools();
  if (tool === undefined) throw new Error("there is no tool");
  // The 401 is recovered from by a login of another account.
  server.credentials.tokens.set("token-2", "acct-2");
  answerWith(server, "tools/call", status(401), 1);
  auth.onRejection = () => {
    auth.snapshot = bearerLogin("token-2", {
      account: { accountId: "acct-2", isFedramp: false, isWorkspace: false },
    });
    return true;
  };

  expect((await rejection(apps.callTool(tool))).kind).toBe("account_changed");
  expect(server.received("tools/call").map(({ account }) => account)).toEqual(["acct-1"]);
});

test("a list that was asked for under the old login is not shown to the new one", async () => {
  const server = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  const second = addAgent(server, "acct-2");
  answerWith(
    server,
    "tools/list",
    (response, call) => {
      // The login changes while the answer is on its way.
      auth.snapshot = second;
      const tools = [{ name: "secret_of_1", inputSchema: {} }];
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ jsonrpc: "2.0", id: call.message.id, result: { tools } }));
    },
    1,
  );
  const apps = await connect(server, { auth });
  expect(names(await apps.listTools())).toEqual(["acct_2_find"]);
});

test("after a logout nothing is shown and nothing sent", async () => {
  const server = await startAppsServer();
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  const apps = await connect(server, { auth });
  const [tool] = await apps.listTools();
  const before = server.calls.length;

  auth.snapshot = undefined;
  const kinds = [
    await rejection(apps.listTools()),
    await rejection(apps.callTool(tool ?? { namespace: "", name: "" })),
    await rejection(apps.refreshTools()),
    await rejection(apps.serverInfo()),
    await rejection(apps.ready()),
  ].map(({ kind }) => kind);

  expect(kinds).toEqual(kinds.map(() => "auth_required"));
  expect(server.calls.length).toBe(before);
});

test.each([
  ["no login", undefined],
  ["an API key", { ...bearerLogin("sk-test"), mode: "apikey", usesCodexBackend: false }],
])("refuses %s, and sends nothing", async (_what, snapshot) => {
  const server = await startAppsServer();
  const connecting = connectCodexApps({
    transport: openTransport(),
    auth: new SwitchableLogin(snapshot),
    server: serverConfig(server),
  });
  expect((await rejection(connecting)).kind).toBe("auth_required");
  expect(server.calls).toEqual([]);
});

test("every request is signed anew", async () => {
  const server = await startAppsServer();
  const agent = addAgent(server, "acct-1");
  let signatures = 0;
  const counting: AuthSnapshot = {
    ...agent,
    provider: {
      addAuthHeaders(headers) {
        signatures += 1;
        agent.provider.addAuthHeaders(headers);
      },
    },
  };
  const apps = await connect(server, { auth: new SwitchableLogin(counting) });
  const [tool] = await apps.listTools();
  if (tool === undefined) throw new Error("there is no tool");
  await apps.callTool(tool);
  await apps.close();
  expect(server.calls.every(({ account }) => account === "acct-1")).toBe(true);
  expect(signatures).toBeGreaterThanOrEqual(server.calls.length);
});

test("nothing is sent when signing fails", async () => {
  const server = await startAppsServer();
  const agent = addAgent(server, "acct-1");
  const auth = new SwitchableLogin(agent);
  const apps = await connect(server, { auth });
  const [tool] = await apps.listTools();
  if (tool === undefined) throw new Error("there is no tool");
  const before = server.calls.length;
  auth.snapshot = {
    ...agent,
    provider: {
      addAuthHeaders() {
        throw new Error("the key is gone: hunter2");
      },
    },
  };

  const error = await rejection(apps.callTool(tool));

  expect(error.kind).toBe("auth");
  expect(JSON.stringify([error, error.message, String(error.cause)])).not.toContain("hunter2");
  expect(server.calls.length).toBe(before);
});

test("a login that cannot be read is an error, and nothing is sent", async () => {
  const server = await startAppsServer();
  const auth = new SwitchableLogin(undefined);
  auth.current = () => Promise.reject(new Error("broken storage"));
  const connecting = connectCodexApps({ transport: openTransport(), auth, server: serverConfig(server) });
  expect((await rejection(connecting)).kind).toBe("auth");
  expect(server.calls).toEqual([]);
});

test("a 401 is recovered from by the login, and the request sent once more", async () => {
  const server = await startAppsServer();
  const agent = addAgent(server, "acct-1");
  server.credentials.tokens.set("new-token", "acct-1");
  const account = { accountId: "acct-1", userId: "user-of-acct-1", isFedramp: false, isWorkspace: false };
  const auth = new SwitchableLogin(bearerLogin("old-token", { account }));
  auth.onRejection = () => {
    auth.snapshot = bearerLogin("new-token", { account });
    return true;
  };
  expect(agent.account.accountId).toBe("acct-1");
  const apps = await connect(server, { auth });
  expect(await apps.listTools()).toHaveLength(1);
  expect(auth.rejections).toHaveLength(1);
});
