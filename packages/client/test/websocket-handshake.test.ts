import { type AuthProvider, unauthenticated } from "@codex-ts/auth-provider";
import { expect, onTestFinished, test } from "vitest";
import { createTransport, type TransportOptions, type WebSocketOptions } from "../src/index.js";
import { rejection } from "./support/rejection.js";
import { startTcpServer } from "./support/tcp-server.js";
import { startProxy } from "./support/test-proxy.js";
import { serverIdentity, tlsFixture } from "./support/tls-fixtures.js";
import {
  startWebSocketServer,
  type TestWebSocketServer,
  type WebSocketServerOptions,
} from "./support/websocket-server.js";

/** A login whose token counts the recoveries. */
class Login implements AuthProvider {
  rounds: number[] = [];

  addAuthHeaders(headers: Headers): void {
    headers.set("authorization", `Bearer token-number-${this.rounds.length}`);
  }

  async recover({ round }: { readonly round: number }): Promise<boolean> {
    this.rounds.push(round);
    return true;
  }
}

function transportOf(options: TransportOptions = {}) {
  const transport = createTransport({ env: {}, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

async function serverOf(options?: WebSocketServerOptions): Promise<TestWebSocketServer> {
  const server = await startWebSocketServer(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

test("introduces itself and signs, like a request that accepts nothing", async () => {
  const server = await serverOf({ headers: ["x-models-etag: abc"] });
  const transport = transportOf({
    identity: { originator: "tester", version: "1.2.3" },
    trace: () => ({ traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` }),
  });
  await using connection = await transport.connectWebSocket(
    { url: server.url, headers: { "x-own": "1", "User-Agent": "mine" } },
    { auth: new Login() },
  );

  expect(server.handshakes).toHaveLength(1);
  expect(server.handshakes[0]).toMatchObject({
    authorization: "Bearer token-number-0",
    originator: "tester",
    "user-agent": "mine",
    "x-own": "1",
    traceparent: expect.stringMatching(/^00-a+-b+-01$/),
    "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
  });
  expect(server.handshakes[0]).not.toHaveProperty("accept");
  expect(server.handshakes[0]).not.toHaveProperty("cookie");
  expect(connection.headers.get("x-models-etag")).toBe("abc");
  expect([connection.isOpen, connection.isCompressed, connection.url]).toEqual([true, true, server.url]);
});

test("takes an http URL for a ws URL, and shows no query", async () => {
  const server = await serverOf();
  const url = `${server.url.replace("ws:", "http:")}?api-key=secret#fragment`;
  await using connection = await transportOf().connectWebSocket({ url });
  expect(connection.url).toBe(server.url);
});

test.each([
  [false, true],
  [true, false],
])("goes without compression when one side wants none (server %s, client %s)", async (theirs, ours) => {
  const server = await serverOf({ perMessageDeflate: theirs });
  await using connection = await transportOf().connectWebSocket(
    { url: server.url },
    { perMessageDeflate: ours },
  );
  expect(connection.isCompressed).toBe(false);
  await connection.send("hello");
  expect(await connection.messages().next()).toEqual({ done: false, value: ["hello"] });
});

test.each([426, 401, 403, 500, 503, 200])(
  "refused with %i: an error with all of the answer",
  async (status) => {
    const body = '{"error":{"message":"no"}} Bearer token-number-0';
    const headers = { "x-request-id": "req_1", "retry-after": "7", "content-type": "application/json" };
    const server = await serverOf({ answer: () => ({ status, headers, body }) });
    const login = new Login();
    const auth: AuthProvider = { addAuthHeaders: (added) => login.addAuthHeaders(added) };
    const reports: unknown[] = [];

    const error = await rejection(
      transportOf().connectWebSocket(
        { url: server.url },
        {
          auth,
          telemetry: {
            onRequest: ({ attempt, method, status, url }) => reports.push({ attempt, method, status, url }),
          },
        },
      ),
    );

    expect(error).toMatchObject({
      kind: "http",
      status,
      requestId: "req_1",
      retryAfterMs: 7000,
      url: server.url,
    });
    expect(error.message).toContain(`GET ${server.url} answered ${status}`);
    expect(error.headers?.get("retry-after")).toBe("7");
    // The server echoes the credential, which must not get into logs.
    expect(error.body).toBe('{"error":{"message":"no"}} [redacted]');
    expect(reports).toEqual([{ attempt: 0, method: "GET", status, url: server.url }]);
    await server.allClosed();
  },
);

test("recovers from a 401 and shakes hands once more, with fresh headers", async () => {
  const server = await serverOf({
    answer: ({ authorization }) =>
      authorization === "Bearer token-number-2" ? undefined : { status: 401, body: "who?" },
  });
  const login = new Login();
  const reports: unknown[] = [];
  await using connection = await transportOf().connectWebSocket(
    { url: server.url },
    { auth: login, telemetry: { onRecovery: (report) => reports.push(report) } },
  );
  expect(connection.isOpen).toBe(true);
  expect(login.rounds).toEqual([0, 1]);
  expect(reports).toEqual([
    { attempt: 0, round: 0, recovered: true },
    { attempt: 0, round: 1, recovered: true },
  ]);
});

test("the limit for connecting does not count while the credential is renewed", async () => {
  const server = await serverOf({
    answer: ({ authorization }) => (authorization === "Bearer renewed" ? undefined : { status: 401 }),
  });
  let token = "old";
  const auth: AuthProvider = {
    addAuthHeaders: (headers) => headers.set("authorization", `Bearer ${token}`),
    async recover() {
      await new Promise((resolve) => setTimeout(resolve, 600));
      token = "renewed";
      return true;
    },
  };
  await using connection = await transportOf().connectWebSocket(
    { url: server.url },
    { auth, connectTimeoutMs: 500 },
  );
  expect(connection.isOpen).toBe(true);
});

test("gives up after three rounds of recovery", async () => {
  const server = await serverOf({ answer: () => ({ status: 401 }) });
  const error = await rejection(transportOf().connectWebSocket({ url: server.url }, { auth: new Login() }));
  expect(error).toMatchObject({ kind: "http", status: 401 });
  expect(server.handshakes).toHaveLength(4);
});

test("never follows a redirect", async () => {
  const other = await serverOf();
  const server = await serverOf({ answer: () => ({ status: 307, headers: { location: other.url } }) });
  const error = await rejection(transportOf().connectWebSocket({ url: server.url }, { auth: new Login() }));
  expect(error).toMatchObject({ kind: "http", status: 307 });
  expect(error.headers?.get("location")).toBe(other.url);
  expect(other.handshakes).toHaveLength(0);
});

test("sends nothing when the credential fails", async () => {
  const server = await serverOf();
  const auth: AuthProvider = {
    addAuthHeaders() {},
    applyAuth: () => Promise.reject(new Error("no key")),
  };
  const error = await rejection(transportOf().connectWebSocket({ url: server.url }, { auth }));
  expect(error).toMatchObject({ kind: "build", code: "auth" });
  expect(server.openSockets).toBe(0);
  expect(server.handshakes).toHaveLength(0);
});

test("a signer sees the handshake as a GET over http, and may send it elsewhere", async () => {
  const server = await serverOf();
  const seen: unknown[] = [];
  const auth: AuthProvider = {
    addAuthHeaders() {},
    applyAuth(request) {
      seen.push([request.method, request.url, request.body]);
      request.url = `${request.url}?signature=abcdefgh`;
      return request;
    },
  };
  const paths: string[] = [];
  const signed = await serverOf({
    answer(_headers, path) {
      paths.push(path);
      return undefined;
    },
  });
  await using connection = await transportOf().connectWebSocket({ url: signed.url }, { auth });
  expect(seen).toEqual([["GET", signed.url.replace("ws:", "http:"), undefined]]);
  expect(paths).toEqual(["/v1/responses?signature=abcdefgh"]);
  expect([connection.isOpen, server.handshakes.length]).toEqual([true, 0]);
});

test.each(["nonsense", "ftp://host/", "ws://user:password@host/"])("refuses the URL %s", async (url) => {
  const error = await rejection(transportOf().connectWebSocket({ url }));
  expect(error).toMatchObject({ kind: "build", code: "invalid_url" });
  expect(error.message).not.toContain("password@");
});

test.each([
  ["connectTimeoutMs", { connectTimeoutMs: -1 }],
  ["pingIntervalMs", { pingIntervalMs: 0.5 }],
  ["pingTimeoutMs", { pingTimeoutMs: -1 }],
  ["binaryMessages", { binaryMessages: "keep" as "skip" }],
  ["maxMessageBytes", { maxMessageBytes: 0 }],
])("refuses a wrong %s", async (name, options) => {
  await expect(transportOf().connectWebSocket({ url: "ws://localhost" }, options)).rejects.toThrow(
    new RegExp(`"${name}" must be`),
  );
});

test("a server that never answers: the limit ends it, and no socket is left", async () => {
  const server = await serverOf({ answer: () => "silence" });
  const error = await rejection(
    transportOf().connectWebSocket({ url: server.url }, { connectTimeoutMs: 30 }),
  );
  expect(error).toMatchObject({ kind: "timeout", code: "connect_timeout" });
  expect(error.message).toContain('"connectTimeoutMs" of 30 ms elapsed before the WebSocket was open');
  await server.allClosed();
});

test("a server that never finishes its refusal: the limit counts", async () => {
  await using server = await startTcpServer((socket) => {
    socket.write("HTTP/1.1 500 Oops\r\ncontent-length: 10\r\n\r\nhalf");
  });
  const url = `ws://127.0.0.1:${server.port}/`;
  const error = await rejection(transportOf().connectWebSocket({ url }, { connectTimeoutMs: 40 }));
  expect(error).toMatchObject({ kind: "timeout", code: "connect_timeout" });
  await server.allClosed();
});

test.each<[string, (controller: AbortController) => WebSocketOptions]>([
  [
    "before",
    (controller) => {
      controller.abort(new Error("enough"));
      return { signal: controller.signal };
    },
  ],
  [
    "during the handshake",
    (controller) => {
      setTimeout(() => controller.abort(new Error("enough")), 20);
      return { signal: controller.signal };
    },
  ],
  [
    "while the credential is made",
    (controller) => ({
      signal: controller.signal,
      auth: {
        addAuthHeaders() {},
        applyAuth: () => {
          controller.abort(new Error("enough"));
          return new Promise(() => {});
        },
      },
    }),
  ],
])("aborted %s", async (_when, optionsFor) => {
  const server = await serverOf({ answer: () => "silence" });
  const controller = new AbortController();
  const error = await rejection(transportOf().connectWebSocket({ url: server.url }, optionsFor(controller)));
  expect(error).toMatchObject({ kind: "aborted", cause: new Error("enough") });
  await server.allClosed();
});

test("closing the transport ends a handshake under way", async () => {
  const server = await serverOf({ answer: () => "silence" });
  const transport = transportOf();
  const connecting = rejection(transport.connectWebSocket({ url: server.url }));
  await expect.poll(() => server.handshakes.length).toBe(1);
  await transport.close();
  expect(await connecting).toMatchObject({ kind: "aborted", code: "closed" });
  await server.allClosed();
  expect(await rejection(transport.connectWebSocket({ url: server.url }))).toMatchObject({ kind: "build" });
});

test("an open connection does not heed the signal any more", async () => {
  const server = await serverOf();
  const controller = new AbortController();
  await using connection = await transportOf().connectWebSocket(
    { url: server.url },
    { signal: controller.signal },
  );
  controller.abort();
  await connection.send("still here");
  expect(await connection.messages().next()).toEqual({ done: false, value: ["still here"] });
});

test.each([
  ["nobody listens", undefined, { kind: "network", code: "connect_failed" }],
  ["closed at once", "", { kind: "network" }],
  ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", { kind: "network" }],
  [
    "a wrong key",
    "HTTP/1.1 101 OK\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: no\r\n\r\n",
    { kind: "network", code: "websocket_handshake" },
  ],
])("%s: a network error, and no socket is left", async (_case, answer, expected) => {
  const server = await startTcpServer((socket) => {
    socket.once("data", () => (answer === "" ? socket.destroy() : socket.write(answer ?? "")));
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const url = `ws://127.0.0.1:${server.port}/`;
  if (answer === undefined) await server[Symbol.asyncDispose]();
  const error = await rejection(transportOf().connectWebSocket({ url }));
  expect(error).toMatchObject(expected);
  if (answer !== undefined) await server.allClosed();
});

test("trusts the certificates that requests trust, and no others", async () => {
  const server = await serverOf({ tls: serverIdentity("company") });
  const error = await rejection(transportOf().connectWebSocket({ url: server.url }));
  expect(error).toMatchObject({ kind: "network", code: "connect_failed" });
  const env = { CODEX_CA_CERTIFICATE: tlsFixture("company-ca.pem") };
  await using connection = await transportOf({ env }).connectWebSocket({ url: server.url });
  await connection.send("secret");
  expect(await connection.messages().next()).toEqual({ done: false, value: ["secret"] });
});

test.each([false, true])("goes through the proxy's tunnel (TLS: %s)", async (isTls) => {
  const server = await serverOf(isTls ? { tls: serverIdentity("company") } : {});
  const authorization = `Basic ${Buffer.from("user:pass").toString("base64")}`;
  await using proxy = await startProxy({ authorization });
  const env = {
    CODEX_CA_CERTIFICATE: tlsFixture("company-ca.pem"),
    [isTls ? "HTTPS_PROXY" : "HTTP_PROXY"]: `http://user:pass@${proxy.address}`,
  };
  await using connection = await transportOf({ env }).connectWebSocket(
    { url: server.url.replace("127.0.0.1", "secure.test") },
    { auth: new Login() },
  );
  await connection.send("through");
  expect(await connection.messages().next()).toEqual({ done: false, value: ["through"] });
  expect(proxy.lines).toEqual([`CONNECT secure.test:${server.port}`]);
  expect(server.handshakes[0]).not.toHaveProperty("proxy-authorization");
});

test("a proxy that wants a password: an error that shows none", async () => {
  const server = await serverOf();
  await using proxy = await startProxy({ authorization: "Basic wanted" });
  const env = { HTTP_PROXY: `http://user:secret-pass@${proxy.address}` };
  const url = server.url.replace("127.0.0.1", "plain.test");
  const error = await rejection(transportOf({ env }).connectWebSocket({ url }));
  expect(error).toMatchObject({ kind: "network", code: "proxy_407" });
  expect(error.message).not.toContain("secret-pass");
});

test("a proxy that never answers: the limit ends it, and no socket is left", async () => {
  await using proxy = await startTcpServer();
  const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
  const connected = proxy.connected();
  const connecting = rejection(
    transportOf({ env }).connectWebSocket({ url: "ws://plain.test/" }, { connectTimeoutMs: 100 }),
  );
  await connected;
  expect(await connecting).toMatchObject({ kind: "timeout", code: "connect_timeout" });
  await proxy.allClosed();
});

test("a transport with a dispatcher of the caller's says that it cannot", async () => {
  const { Agent } = await import("undici");
  const dispatcher = new Agent();
  const error = await rejection(
    transportOf({ dispatcher }).connectWebSocket({ url: "ws://127.0.0.1/" }, { auth: unauthenticated }),
  );
  expect(error).toMatchObject({ kind: "build" });
});
