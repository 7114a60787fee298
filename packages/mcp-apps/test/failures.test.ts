import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { McpAppsErrorKind } from "../src/index.js";
import { type AppsServer, type Fault, startAppsServer } from "./support/apps-server.js";
import { connect, rejection } from "./support/connected.js";
import { answerWith, events, htmlPage, lost, stall, status } from "./support/faults.js";

const tool = { namespace: "codex_apps", name: "acct_1_find" };
const json = { "content-type": "application/json" };
const slow = { timeout: 50_000, interval: 5 };
type Respond = Parameters<typeof answerWith>[2];

const result = (call: Parameters<Fault>[0], text = "done"): string =>
  JSON.stringify({ jsonrpc: "2.0", id: call.message.id, result: { content: [{ type: "text", text }] } });

/** All connections are given back once nothing is under way. */
async function expectNoLeak(server: AppsServer): Promise<void> {
  await vi.waitFor(() => expect(server.openSockets).toBe(0), slow);
}

test.each<[string, Respond, McpAppsErrorKind]>([
  ["a web page with a refusal", htmlPage, "html"],
  ["a web page in place of an answer", status(200, "<html></html>", { "content-type": "text/html" }), "html"],
  ["401 for ever", status(401, "{}", json), "unauthorized"],
  [
    "403 with a scope challenge",
    status(403, "", { "www-authenticate": 'Bearer error="insufficient_scope", scope="x"' }),
    "insufficient_scope",
  ],
  [
    "403 with a scope challenge in a later header",
    status(403, "", { "www-authenticate": ['Basic realm="a"', 'Bearer error="insufficient_scope"'] }),
    "insufficient_scope",
  ],
  ["403 without one", status(403, "no"), "http"],
  ["500", status(500, "broken"), "http"],
  [
    "a JSON-RPC error with a status",
    status(400, '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}}', json),
    "rpc",
  ],
  [
    "500 with a JSON-RPC error",
    status(500, '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"x"}}', json),
    "http",
  ],
  ["acceptance without an answer", status(202), "invalid_answer"],
  ["text", status(200, "hello", { "content-type": "text/plain" }), "invalid_answer"],
  ["no type at all", status(200, "hello"), "invalid_answer"],
  ["broken JSON", status(200, '{"jsonrpc":', json), "invalid_answer"],
  ["JSON of another request", status(200, '{"jsonrpc":"2.0","id":"?","result":{}}', json), "invalid_answer"],
  [
    "a result of another shape",
    (response, call) =>
      status(
        200,
        JSON.stringify({ jsonrpc: "2.0", id: call.message.id, result: { content: 7 } }),
        json,
      )(response),
    "invalid_answer",
  ],
  ["a lost connection", lost, "network"],
  ["a stream that ends before its result", events(": hello\n\n", "end"), "stream_cut"],
  ["a stream that is cut before its result", events(": hello\n\n", "cut"), "stream_cut"],
  ["a stream that is cut within its result", events('data: {"jsonrpc":"2.0","id', "cut"), "stream_cut"],
])("a call that meets %s fails with its kind, and leaks nothing", async (_what, respond, kind) => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  answerWith(server, "tools/call", respond);

  const error = await rejection(apps.callTool(tool));

  expect(error.kind).toBe(kind);
  expect(server.received("tools/call")).toHaveLength(1);
  await apps.close();
});

test.each<[string, Respond, McpAppsErrorKind]>([
  ["a web page", htmlPage, "html"],
  ["401 for ever", status(401, "{}", json), "unauthorized"],
  ["404", status(404, "nothing here"), "http"],
  ["a stream that ends", events(": hello\n\n", "end"), "stream_cut"],
])(
  "a start that meets %s fails with its kind, and is tried again when asked",
  async (_what, respond, kind) => {
    const server = await startAppsServer();
    answerWith(server, "initialize", respond, kind === "stream_cut" ? 3 : 1);
    const apps = await connect(server);

    const error = await rejection(apps.ready());

    expect(error.kind).toBe(kind);
    expect(apps.status).toBe("failed");
    await apps.ready();
    expect(apps.status).toBe("ready");
  },
);

test.each(["initialize", "notifications/initialized", "tools/list"])(
  "a server that stalls at %s is given up after the start-up limit",
  async (method) => {
    const server = await startAppsServer();
    answerWith(server, method, stall);
    const apps = await connect(server, {}, { startupTimeoutMs: 100 });

    const error = await rejection(apps.listTools());

    expect(error.kind).toBe("timeout");
    expect(error.message).toBe("timed out handshaking with MCP server after 0.1s");
    await apps.close();
  },
);

test.each<[string, Respond]>([
  ["without an answer", stall],
  ["within a stream", events(": hello\n\n", "open")],
  ["within JSON", (response) => void response.writeHead(200, json).write("{")],
])("a call that stalls %s ends with the limit, and gives its connection back", async (_what, respond) => {
  const server = await startAppsServer();
  const apps = await connect(server, {}, { toolTimeoutMs: 100 });
  await apps.ready();
  const gone = new Promise((resolve) =>
    answerWith(server, "tools/call", (response, call) => {
      response.once("close", resolve);
      respond(response, call);
    }),
  );

  const error = await rejection(apps.callTool(tool));

  expect(error.kind).toBe("timeout");
  expect(error.message).toContain("tool call failed for `codex_apps/acct-1_find`");
  await gone;
  await vi.waitFor(() => expect(server.received("notifications/cancelled")).toHaveLength(1), slow);
});

test("the caller's signal ends a call at once, and the server is told", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  const controller = new AbortController();
  answerWith(server, "tools/call", () => controller.abort(new Error("enough")));

  const error = await rejection(apps.callTool(tool, {}, { signal: controller.signal }));

  expect(error.kind).toBe("aborted");
  expect(error.cause).toEqual(new Error("enough"));
  await vi.waitFor(() => expect(server.received("notifications/cancelled")).toHaveLength(1), slow);
  expect((await rejection(apps.listTools({ signal: controller.signal }))).kind).toBe("aborted");
});

test("a stream that stays open after the result does not keep the connection", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  const gone = new Promise((resolve) =>
    answerWith(server, "tools/call", (response, call) => {
      response.once("close", resolve);
      events(`data: ${result(call)}\n\n`, "open")(response);
    }),
  );
  expect((await apps.callTool(tool)).content[0]).toMatchObject({ text: "done" });
  await gone;
});

test("an answer to what wants none does not keep the connection", async () => {
  const server = await startAppsServer();
  const gone = new Promise((resolve) =>
    answerWith(server, "notifications/initialized", (response) => {
      response.once("close", resolve);
      events(": hello\n\n", "open")(response);
    }),
  );
  const apps = await connect(server);
  await apps.ready();
  await gone;
  expect(await apps.listTools()).toHaveLength(1);
});

test("a result whose last empty line is missing is delivered", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  answerWith(server, "tools/call", (response, call) => events(`data: ${result(call)}`, "end")(response));
  expect((await apps.callTool(tool)).content[0]).toMatchObject({ text: "done" });
});

test("a stream with numbered events is taken up again where it was cut", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  let pending = "";
  answerWith(server, "tools/call", (response, call) => {
    pending = result(call, "resumed");
    events("id: 7\ndata: \n\n", "cut")(response);
  });
  server.faults.push((call, response) => {
    if (call.headers["last-event-id"] !== "7") return false;
    events(`id: 8\ndata: ${pending}\n\n`, "end")(response);
    return true;
  });

  expect((await apps.callTool(tool)).content[0]).toMatchObject({ text: "resumed" });

  const [resumption] = server.calls.filter(({ headers }) => headers["last-event-id"] !== undefined);
  expect(resumption).toMatchObject({
    method: "GET",
    account: "acct-1",
    headers: { accept: "text/event-stream" },
  });
  expect(resumption?.headers["mcp-session-id"]).toBeDefined();
});

test("a stream that cannot be taken up again fails after the third try", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  answerWith(server, "tools/call", events("id: 7\ndata: \n\n", "cut"));
  server.faults.push((call, response) => {
    if (call.headers["last-event-id"] === undefined) return false;
    lost(response);
    return true;
  });
  const error = await rejection(apps.callTool(tool));
  expect(error.kind).toBe("stream_cut");
  expect(error.cause).toBeDefined();
  expect(server.calls.filter(({ headers }) => headers["last-event-id"] !== undefined)).toHaveLength(2);
});

test("a tool that says itself that it failed is an answer", async () => {
  const server = await startAppsServer();
  const failed = { content: [{ type: "from_the_future", x: 1 }], isError: true, more: 2 };
  answerWith(server, "tools/call", (response, { message: { id } }) =>
    status(200, JSON.stringify({ jsonrpc: "2.0", id, result: failed }), json)(response),
  );
  const apps = await connect(server);
  expect(await apps.callTool(tool)).toEqual(failed);
});

test("an error of the server comes with its code, and its text cannot forge lines of a log", async () => {
  const server = await startAppsServer();
  server.onCall = () => Promise.reject(Object.assign(new Error("bad\nline"), { code: -32_042 }));
  const apps = await connect(server);
  const error = await rejection(apps.callTool(tool));
  expect(error).toMatchObject({ kind: "rpc", rpcCode: -32_042 });
  expect(error.message).toContain('"bad\\nline"');
});

test.each([301, 302, 303, 307, 308])(
  "a redirect with %i to another server gets neither login nor call",
  async (code) => {
    const seen: unknown[] = [];
    const foreign = createServer(async (request, response) => {
      const { authorization, "chatgpt-account-id": account, "mcp-session-id": session } = request.headers;
      seen.push(authorization, account, session, (await request.toArray()).at(0));
      response.end();
    });
    foreign.listen(0, "127.0.0.1");
    await once(foreign, "listening");
    onTestFinished(() => void foreign.close());
    const location = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/backend-api/ps/mcp`;
    const server = await startAppsServer();
    const apps = await connect(server);
    await apps.ready();
    answerWith(server, "tools/call", status(code, "", { location }));

    expect((await rejection(apps.callTool(tool))).kind).toBe("origin");
    expect(seen.filter((fact) => fact !== undefined)).toEqual([]);
  },
);

test("a redirect of the event stream to another server gets no login, and what it says is not heard", async () => {
  const seen: (string | undefined)[] = [];
  const changed: unknown[] = [];
  const foreign = createServer((request, response) => {
    seen.push(request.headers.authorization, String(request.headers["mcp-session-id"]));
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n');
    response.once("close", () => closed());
  });
  let closed: () => void = () => {};
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  foreign.listen(0, "127.0.0.1");
  await once(foreign, "listening");
  onTestFinished(() => void foreign.close());
  const server = await startAppsServer();
  const location = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`;
  answerWith(server, "GET", status(307, "", { location }));
  const apps = await connect(server, { onToolsChanged: () => changed.push(1) });
  await apps.ready();
  await isClosed;
  expect(seen).toEqual([undefined, "undefined"]);
  expect(changed).toEqual([]);
});

test("closing ends everything that is under way", async () => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  answerWith(server, "tools/call", events(": hello\n\n", "open"));
  const calling = rejection(apps.callTool(tool));
  await vi.waitFor(() => expect(server.received("tools/call")).toHaveLength(1), slow);

  await apps.close();

  expect((await calling).kind).toBe("closed");
  expect((await rejection(apps.listTools())).kind).toBe("closed");
  expect(server.asked.at(-1)).toBe("DELETE");
  await apps.close();
});

test.each(["initialize", "notifications/initialized", "tools/list"])(
  "closing while %s stalls ends a listing that waits, without any limit",
  async (method) => {
    const server = await startAppsServer();
    answerWith(server, method, stall);
    const apps = await connect(server, {}, { startupTimeoutMs: 0 });
    const listing = rejection(apps.listTools());
    await vi.waitFor(() => expect(server.received(method)).toHaveLength(1), slow);
    await apps.close();
    expect((await listing).kind).toBe("closed");
  },
);

test.each<[string, Respond]>([
  ["405", status(405)],
  ["500", status(500)],
  ["nothing", lost],
])("closing does not mind a DELETE that is answered by %s", async (_what, respond) => {
  const server = await startAppsServer();
  const apps = await connect(server);
  await apps.ready();
  answerWith(server, "DELETE", respond);
  await apps.close();
  expect(server.asked.filter((call) => call === "DELETE")).toHaveLength(1);
});

test("a server without a stream of its own is none to complain about", async () => {
  const server = await startAppsServer();
  answerWith(server, "GET", status(405));
  const apps = await connect(server);
  expect(await apps.listTools()).toHaveLength(1);
  await apps.callTool(tool);
  expect(server.asked.filter((call) => call === "GET")).toHaveLength(1);
});

test("the stream of the server is opened anew when it breaks off", async () => {
  const server = await startAppsServer();
  answerWith(server, "GET", events("id: a1\ndata: \n\n", "cut"), 1);
  const isOpen = new Promise<string | undefined>((resolve) =>
    server.faults.push(({ headers }) => {
      if (headers["last-event-id"] !== undefined) resolve(String(headers["last-event-id"]));
      return false;
    }),
  );
  const apps = await connect(server);
  await apps.ready();
  expect(await isOpen).toBe("a1");
});

test("tells when the server says that its tools have changed", async () => {
  const server = await startAppsServer();
  const changed = new Promise<void>((resolve) => {
    void connect(server, { onToolsChanged: resolve }).then(async (apps) => {
      await apps.ready();
      await vi.waitFor(() => expect(server.asked).toContain("GET"), slow);
      for (const session of server.sessions.values()) await session.server.sendToolListChanged();
    });
  });
  await changed;
});

test("gives all connections back", async () => {
  const server = await startAppsServer();
  const { createTransport } = await import("@codex-ts/client");
  const transport = createTransport({ env: {} });
  const apps = await connect(server, { transport });
  await apps.callTool(tool);
  await apps.close();
  await transport.close();
  await expectNoLeak(server);
});
