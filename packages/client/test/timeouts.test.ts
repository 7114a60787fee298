import { expect, test } from "vitest";
import { createTransport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { startTcpServer } from "./support/tcp-server.js";
import { startServer } from "./support/test-server.js";

test("limits how long a connection may take, TLS included", async () => {
  await using silent = await startTcpServer();
  await using transport = createTransport({ connectTimeoutMs: 40 });
  const url = `https://127.0.0.1:${silent.port}/path?secret=1`;
  const error = await rejection(transport.execute({ method: "POST", url }));
  expect(error).toMatchObject({ kind: "timeout", code: "connect_timeout" });
  expect(error.message).toBe(
    `POST https://127.0.0.1:${silent.port}/path timed out: "connectTimeoutMs" of 40 ms elapsed before the connection was established`,
  );
  await silent.allClosed();
});

test.each(["execute", "stream"] as const)("limits how long %s waits for the head", async (operation) => {
  await using server = await startServer(() => {});
  await using transport = createTransport({ headersTimeoutMs: 40 });
  const error = await rejection(transport[operation]({ method: "GET", url: `${server.origin}/` }));
  expect(error).toMatchObject({ kind: "timeout", code: "headers_timeout" });
  expect(error.message).toBe(
    `GET ${server.origin}/ timed out: "headersTimeoutMs" of 40 ms elapsed before the head of the answer arrived`,
  );
  await server.allClosed();
});

test("the limit of an exchange wins over that of the transport", async () => {
  await using server = await startServer((_request, response) => setTimeout(() => response.end("late"), 80));
  await using transport = createTransport({ headersTimeoutMs: 20 });
  for (const headersTimeoutMs of [0, Number.POSITIVE_INFINITY, 60_000]) {
    const response = await transport.execute({ method: "GET", url: server.origin }, { headersTimeoutMs });
    expect(response.text()).toBe("late");
  }
});

test("limits a whole attempt, also while the body drips", async () => {
  await using server = await startServer((_request, response) => {
    const timer = setInterval(() => response.write("x"), 5);
    response.on("close", () => clearInterval(timer));
  });
  await using transport = createTransport();
  const error = await rejection(
    transport.execute({ method: "GET", url: `${server.origin}/`, timeoutMs: 60 }),
  );
  expect(error).toMatchObject({ kind: "timeout", code: "request_timeout" });
  expect(error.message).toBe(
    `GET ${server.origin}/ timed out: "timeoutMs" of 60 ms elapsed before the attempt was complete`,
  );
  await server.allClosed();
});

test("limits applying the credential as well", async () => {
  await using transport = createTransport();
  const auth = { addAuthHeaders() {}, applyAuth: () => new Promise<never>(() => {}) };
  const request = { method: "GET", url: "http://127.0.0.1:1/", timeoutMs: 30 };
  expect(await rejection(transport.execute(request, { auth }))).toMatchObject({ code: "request_timeout" });
});

test("each attempt has the whole limit", async () => {
  await using server = await startServer((_request, response) => {
    if (server.seen.length === 3) response.end("third");
  });
  await using transport = createTransport({ sleep: async () => {} });
  const retry = { maxAttempts: 2, baseDelayMs: 0, on429: false, on5xx: false, onTransport: true };
  const response = await transport.execute({ method: "GET", url: server.origin, timeoutMs: 200 }, { retry });
  expect(response.text()).toBe("third");
});

test("the limit of an attempt does not run on in the pause after it", async () => {
  await using server = await startServer((_request, response) => {
    response.writeHead(server.seen.length === 1 ? 500 : 200).end();
  });
  await using transport = createTransport({ random: () => 0.5 });
  const retry = { maxAttempts: 1, baseDelayMs: 300, on429: false, on5xx: true, onTransport: false };
  const response = await transport.execute({ method: "GET", url: server.origin, timeoutMs: 250 }, { retry });
  expect(response.status).toBe(200);
});

test("the limit of an attempt ends with the head of a stream", async () => {
  await using server = await startServer((_request, response) => {
    response.write("first ");
    setTimeout(() => response.end("last"), 400);
  });
  await using transport = createTransport();
  const stream = await transport.stream({ method: "GET", url: server.origin, timeoutMs: 250 });
  let text = "";
  for await (const chunk of stream.body) text += Buffer.from(chunk).toString();
  expect(text).toBe("first last");
});

test("limits the silence within a body that is read whole", async () => {
  await using server = await startServer((_request, response) => response.write("half"));
  await using transport = createTransport({ bodyTimeoutMs: 50 });
  const error = await rejection(transport.execute({ method: "GET", url: server.origin }));
  expect(error).toMatchObject({ kind: "timeout", code: "body_timeout" });
  await server.allClosed();
});

test("the body of an error does not keep a stream waiting for ever", { timeout: 20_000 }, async () => {
  await using server = await startServer((_request, response) => response.writeHead(500).write("half"));
  await using transport = createTransport();
  const error = await rejection(transport.stream({ method: "GET", url: server.origin, timeoutMs: 60 }));
  expect(error).toMatchObject({ kind: "http", status: 500 });
  expect(error.body).toBeUndefined();
  await server.allClosed();
});
