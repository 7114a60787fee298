import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTransport, type Transport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { startTcpServer } from "./support/tcp-server.js";
import { startServer, type TestServer } from "./support/test-server.js";

let server: TestServer;
let transport: Transport;
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);

beforeEach(async () => {
  process.on("unhandledRejection", onRejection);
  server = await startServer(({ path }, response) => {
    if (path === "/stall") return;
    response.writeHead(200).write("data");
    if (path === "/end") response.end();
  });
  transport = createTransport();
});

afterEach(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
  process.off("unhandledRejection", onRejection);
  expect(rejections.splice(0)).toEqual([]);
});

/** Lets everything that is due happen. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}

function open(path = "/", signal?: AbortSignal) {
  return transport.stream({ method: "GET", url: server.origin + path }, { signal });
}

test("leaving at the head frees the socket", async () => {
  (await open()).cancel();
  await server.allClosed();
});

test("leaving by break frees the socket", async () => {
  const stream = await open();
  for await (const _chunk of stream.body) break;
  await server.allClosed();
});

test("leaving by throw frees the socket", async () => {
  const stream = await open();
  const failure = new Error("mine");
  const loop = async () => {
    for await (const _chunk of stream.body) throw failure;
  };
  await expect(loop()).rejects.toBe(failure);
  await server.allClosed();
});

test("leaving by return frees the socket and answers a reader that waits", async () => {
  const stream = await open();
  const body = stream.body[Symbol.asyncIterator]();
  await body.next();
  const waiting = body.next();
  await body.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await body.next()).toEqual({ done: true, value: undefined });
  await server.allClosed();
});

test("cancelling answers a reader that waits, and can be done twice", async () => {
  const stream = await open();
  const body = stream.body[Symbol.asyncIterator]();
  await body.next();
  const waiting = body.next();
  stream.cancel();
  stream.cancel();
  expect(await waiting).toEqual({ done: true, value: undefined });
  await server.allClosed();
});

test("aborting rejects a reader that waits, with the reason as the cause", async () => {
  const controller = new AbortController();
  const stream = await open("/", controller.signal);
  const body = stream.body[Symbol.asyncIterator]();
  await body.next();
  const waiting = rejection(body.next());
  const reason = new Error("enough");
  controller.abort(reason);
  expect(await waiting).toMatchObject({
    kind: "aborted",
    cause: reason,
    message: `GET ${server.origin}/ was aborted`,
  });
  expect(await body.next()).toEqual({ done: true, value: undefined });
  await server.allClosed();
});

test("aborting while nobody reads is seen by the next read", async () => {
  const controller = new AbortController();
  const stream = await open("/", controller.signal);
  controller.abort();
  await server.allClosed();
  await settle();
  const read = stream.body[Symbol.asyncIterator]().next();
  expect(await rejection(read as Promise<unknown>)).toMatchObject({ kind: "aborted" });
});

test("aborting before the head ends the request", async () => {
  const controller = new AbortController();
  const waiting = rejection(open("/stall", controller.signal));
  await server.received(1);
  controller.abort("why");
  expect(await waiting).toMatchObject({ kind: "aborted", cause: "why" });
  await server.allClosed();
});

test("aborting while connecting drops the connection", async () => {
  await using silent = await startTcpServer();
  const controller = new AbortController();
  const url = `https://127.0.0.1:${silent.port}/`;
  const waiting = rejection(transport.execute({ method: "GET", url }, { signal: controller.signal }));
  await silent.connected();
  controller.abort();
  expect(await waiting).toMatchObject({ kind: "aborted" });
  await silent.allClosed();
});

test("a signal that has fired sends nothing", async () => {
  const error = await rejection(open("/", AbortSignal.abort("before")));
  expect(error).toMatchObject({ kind: "aborted", cause: "before" });
  await settle();
  expect(server.seen).toHaveLength(0);
});

test("leaves no listener on the signal, however the exchange ends", async () => {
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...parameters: Parameters<typeof add>) => {
    listeners += 1;
    add(...parameters);
  };
  signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...parameters);
  };
  await transport.execute({ method: "GET", url: `${server.origin}/end` }, { signal });
  const read = await open("/end", signal);
  for await (const _chunk of read.body);
  const left = await open("/", signal);
  expect(listeners).toBe(1);
  await left.body[Symbol.asyncIterator]().return?.();
  await rejection(transport.execute({ method: "GET", url: "http://127.0.0.1:1/" }, { signal }));
  expect(listeners).toBe(0);
});

test("a stream that was read to its end gives its connection back", async () => {
  for (let round = 0; round < 2; round += 1) {
    const stream = await open("/end");
    for await (const _chunk of stream.body);
  }
  expect(server.seen.map(({ connection }) => connection)).toEqual([1, 1]);
});

test("a stream that is left while its end is on the way gives its connection back", async () => {
  const sockets: Socket[] = [];
  await using slow = await startTcpServer((socket) => {
    sockets.push(socket);
    socket.on("data", () =>
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\ndata\r\n"),
    );
  });
  for (let round = 0; round < 2; round += 1) {
    const stream = await transport.stream({ method: "GET", url: `http://127.0.0.1:${slow.port}/` });
    for await (const _chunk of stream.body) {
      sockets[0]?.write("0\r\n\r\n");
      break;
    }
  }
  expect(sockets).toHaveLength(1);
});

test("hands out all that one read of the socket brought at once", async () => {
  await using chatty = await startTcpServer((socket) => {
    socket.on("data", () => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      setTimeout(() => socket.write("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n"), 20);
    });
  });
  const stream = await transport.stream({ method: "GET", url: `http://127.0.0.1:${chatty.port}/` });
  const { value } = await stream.body[Symbol.asyncIterator]().next();
  expect(Buffer.from(value ?? []).toString()).toBe("abc");
  stream.cancel();
});

test("an abort between two requests of an exchange asks for no credential again", async () => {
  await using redirecting = await startServer((_request, response) => {
    response.writeHead(302, { location: "/other" }).end();
  });
  const controller = new AbortController();
  let asked = 0;
  const auth = {
    addAuthHeaders() {
      asked += 1;
    },
  };
  const telemetry = { onRedirect: () => controller.abort() };
  const options = { auth, telemetry, signal: controller.signal };
  const error = await rejection(transport.execute({ method: "GET", url: redirecting.origin }, options));
  expect(error).toMatchObject({ kind: "aborted" });
  expect(asked).toBe(1);
});

test("a server that breaks off is an error for the reader", async () => {
  await using broken = await startTcpServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\ndata\r\n");
    setTimeout(() => socket.destroy(), 20);
  });
  const stream = await transport.stream({ method: "GET", url: `http://127.0.0.1:${broken.port}/` });
  const body = stream.body[Symbol.asyncIterator]();
  expect(Buffer.from((await body.next()).value ?? []).toString()).toBe("data");
  expect(await rejection(body.next() as Promise<unknown>)).toMatchObject({ kind: "network" });
  expect(await body.next()).toEqual({ done: true, value: undefined });
});

test("a slow reader slows the server down", async () => {
  const chunk = Buffer.alloc(64 * 1024);
  let written = 0;
  await using fast = await startServer((_request, response) => {
    const write = () => {
      while (written < 64 * 1024 * 1024) {
        written += chunk.length;
        if (!response.write(chunk)) return;
      }
      response.end();
    };
    response.on("drain", write);
    write();
  });
  const stream = await transport.stream({ method: "GET", url: fast.origin });
  const body = stream.body[Symbol.asyncIterator]();
  await body.next();
  let before: number;
  do {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (written > before);
  expect(written).toBeLessThan(32 * 1024 * 1024);
  let received = 0;
  for await (const bytes of stream.body) received += bytes.byteLength;
  expect(received).toBeGreaterThan(63 * 1024 * 1024);
});

test("one read at a time", async () => {
  const stream = await open();
  const body = stream.body[Symbol.asyncIterator]();
  await body.next();
  const first = body.next();
  await expect(body.next()).rejects.toThrow(new TypeError("the body is being read already"));
  stream.cancel();
  await first;
});
