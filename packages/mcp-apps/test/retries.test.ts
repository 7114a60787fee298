import { expect, test } from "vitest";
import { startAppsServer } from "./support/apps-server.js";
import { addAgent, connect, rejection } from "./support/connected.js";
import { answerWith, events, lost, status } from "./support/faults.js";
import { SwitchableLogin } from "./support/logins.js";

const tool = { namespace: "codex_apps", name: "acct_1_find" };
const rpcError = '{"jsonrpc":"2.0","id":0,"error":{"code":-32603,"message":"x"}}';
const json = { "content-type": "application/json" };

const failures: readonly (readonly [string, Parameters<typeof answerWith>[2]])[] = [
  ["a lost answer", lost],
  ["408", status(408)],
  ["429", status(429)],
  ["500", status(500)],
  ["502 with a page", status(502, "<html></html>", { "content-type": "text/html" })],
  ["503", status(503)],
  ["504", status(504)],
  ["500 with a JSON-RPC error", status(500, rpcError, json)],
];
const methods = ["initialize", "notifications/initialized", "tools/list"];

test.each(methods)("%s is sent again, and signed again, after whatever may pass", async (method) => {
  const outcomes = failures.map(async ([what, respond]) => {
    const server = await startAppsServer();
    answerWith(server, method, respond, 1);
    const apps = await connect(server);
    const { length } = await apps.listTools();
    return [what, length, ...server.received(method).map(({ account }) => account)];
  });
  expect(await Promise.all(outcomes)).toEqual(failures.map(([what]) => [what, 1, "acct-1", "acct-1"]));
});

test.each([
  ["a stream that is cut", events(": hello\n\n", "cut")],
  ["a stream that ends", events(": hello\n\n", "end")],
] as const)("initialize and tools/list are sent again after %s", async (_what, respond) => {
  const server = await startAppsServer();
  for (const method of ["initialize", "tools/list"]) answerWith(server, method, respond, 1);
  const apps = await connect(server);
  expect(await apps.listTools()).toHaveLength(1);
  expect(server.received("tools/list")).toHaveLength(2);
});

test("there are three tries, a quarter of a second and a second apart", async () => {
  const server = await startAppsServer();
  const times: number[] = [];
  answerWith(server, "initialize", (response) => {
    times.push(performance.now());
    status(503)(response);
  });
  const apps = await connect(server);
  expect(await rejection(apps.ready())).toMatchObject({ kind: "http", status: 503 });
  const [first = 0, second = 0, third = 0] = times;
  expect(times).toHaveLength(3);
  // A timer may be early by a millisecond.
  expect(second - first).toBeGreaterThan(245);
  expect(third - second).toBeGreaterThan(995);
});

test("a call is not sent again, whatever happens", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  for (const [, respond] of failures) {
    answerWith(server, "tools/call", respond, 1);
    await rejection(apps.callTool(tool));
  }
  expect(server.received("tools/call")).toHaveLength(failures.length);
});

test("initialize is not sent again after what will not pass", async () => {
  const statuses = [400, 401, 403, 404, 409, 501];
  const server = await startAppsServer();
  for (const code of statuses) answerWith(server, "initialize", status(code), 1);
  const auth = new SwitchableLogin(addAgent(server, "acct-1"));
  for (const code of statuses) {
    const apps = await connect(server, { auth });
    expect((await rejection(apps.ready())).status).toBe(code);
  }
  expect(server.received("initialize")).toHaveLength(statuses.length);
});

test.each([
  ["11", 1],
  ["0", 2],
])("a pause of %s s that the server asks for means %i tries", async (retryAfter, tries) => {
  const server = await startAppsServer();
  answerWith(server, "initialize", status(429, "", { "retry-after": retryAfter }), 1);
  const apps = await connect(server);
  const outcome = await apps.ready().catch((error: unknown) => error);
  expect(server.received("initialize")).toHaveLength(tries);
  if (tries === 1) expect(outcome).toMatchObject({ kind: "http", status: 429, retryAfterMs: 11_000 });
});

test("tries end with the start-up limit", async () => {
  const server = await startAppsServer();
  answerWith(server, "initialize", status(503));
  const apps = await connect(server, {}, { startupTimeoutMs: 100 });
  expect((await rejection(apps.ready())).kind).toBe("timeout");
  expect(server.received("initialize").length).toBeLessThan(3);
});

test("a session that the server has forgotten is replaced, and the call repeated once", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  server.sessions.clear();

  await apps.callTool(tool);

  expect(server.received("tools/call")).toHaveLength(2);
  expect(server.received("initialize")).toHaveLength(2);
  expect(server.received("tools/list")).toHaveLength(1);
});

test("a second 404 is final, and a later call works", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  answerWith(server, "tools/call", status(404), 2);

  expect((await rejection(apps.callTool(tool))).kind).toBe("session_expired");
  expect(server.received("tools/call")).toHaveLength(2);
  await apps.callTool(tool);
});

test("listing again replaces a forgotten session as well", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  server.sessions.clear();
  expect(await apps.refreshTools()).toHaveLength(1);
  expect(server.received("initialize")).toHaveLength(2);
});

test("the initialize of a replacement is tried again, too", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  server.sessions.clear();
  answerWith(server, "initialize", status(503), 1);
  await apps.callTool(tool);
  expect(server.received("initialize")).toHaveLength(3);
});

test("many calls that find the session forgotten share one replacement", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  server.sessions.clear();
  await Promise.all(Array.from({ length: 20 }, () => apps.callTool(tool)));
  expect(server.received("initialize")).toHaveLength(2);
});

test.each([401, 500])("%i does not replace the session", async (code) => {
  const server = await startAppsServer();
  const apps = await connect(server, { auth: new SwitchableLogin(addAgent(server, "acct-1")) });
  await apps.ready();
  answerWith(server, "tools/call", status(code));
  await rejection(apps.callTool(tool));
  expect(server.received("initialize")).toHaveLength(1);
});
