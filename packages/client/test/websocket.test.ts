import { getEventListeners } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import type { WebSocket } from "ws";
import { createTransport, type WebSocketConnection, type WebSocketOptions } from "../src/index.js";
import { rejection } from "./support/rejection.js";
import { startWebSocketServer, type TestWebSocketServer } from "./support/websocket-server.js";

interface Pair {
  readonly connection: WebSocketConnection;
  /** The server's end. */
  readonly peer: WebSocket;
  readonly server: TestWebSocketServer;
  readonly transport: ReturnType<typeof createTransport>;
}

/** Opens a connection to a server that does nothing by itself. */
async function pairOf(options: WebSocketOptions = {}): Promise<Pair> {
  let peer: WebSocket | undefined;
  const server = await startWebSocketServer({
    onConnection: (webSocket) => {
      peer = webSocket;
      webSocket.on("error", () => {});
    },
  });
  const transport = createTransport({ env: {} });
  onTestFinished(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });
  const connection = await transport.connectWebSocket({ url: server.url }, options);
  if (peer === undefined) throw new Error("the server knows nothing of it");
  return { connection, peer, server, transport };
}

/** Waits until a figure has not changed for a while. */
async function settled(measure: () => number): Promise<number> {
  for (let last = Number.NaN; ; ) {
    const current = measure();
    if (current === last) return current;
    last = current;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function nextMessage(peer: WebSocket): Promise<string> {
  return new Promise((resolve) => peer.once("message", (data: Buffer) => resolve(data.toString())));
}

test("delivers what has arrived at once as one batch, in order", async () => {
  const { connection, peer } = await pairOf({ perMessageDeflate: false });
  const reader = connection.messages();
  const first = reader.next();
  for (const text of ["one", "two", "dréi"]) peer.send(text);
  const texts = [...((await first).value ?? [])];
  while (texts.length < 3) texts.push(...((await reader.next()).value ?? []));
  expect(texts).toEqual(["one", "two", "dréi"]);
});

test("sends text, and pings are answered", async () => {
  const { connection, peer } = await pairOf();
  const received = nextMessage(peer);
  await connection.send("hällo");
  expect(await received).toBe("hällo");
  const pong = new Promise((resolve) => peer.once("pong", (data: Buffer) => resolve(data.toString())));
  peer.ping("are you there");
  expect(await pong).toBe("are you there");
});

test("a slow reader slows the server", async () => {
  const { connection, peer } = await pairOf({ perMessageDeflate: false });
  const message = "x".repeat(256 * 1024);
  let flushed = 0;
  const sending = (async () => {
    for (; flushed < 400; flushed += 1) await new Promise((resolve) => peer.send(message, resolve));
  })();
  // 100 MB do not fit into the buffers of sockets, so most of it has to stay with the server.
  expect(await settled(() => flushed)).toBeLessThan(200);
  let read = 0;
  for await (const batch of connection.messages()) {
    read += batch.length;
    if (read === 400) break;
  }
  await sending;
  expect([read, flushed]).toEqual([400, 400]);
});

test("another reader goes on where the one before has left", async () => {
  const { connection, peer } = await pairOf();
  const first = connection.messages();
  expect(() => connection.messages()).toThrow("read already");
  await first.return?.();
  expect(await first.next()).toEqual({ done: true, value: undefined });
  peer.send("for the second");
  expect(await connection.messages().next()).toEqual({ done: false, value: ["for the second"] });
  expect(connection.isOpen).toBe(true);
});

test("leaving answers a reader that waits", async () => {
  const { connection } = await pairOf();
  const reader = connection.messages();
  const waiting = reader.next();
  await reader.return?.();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test("refuses a binary message, and drops the connection", async () => {
  const { connection, peer, server } = await pairOf();
  peer.send("fine");
  peer.send(Buffer.from([1, 2]));
  const reader = connection.messages();
  expect(await reader.next()).toEqual({ done: false, value: ["fine"] });
  expect(await rejection(reader.next())).toMatchObject({ kind: "network", code: "websocket_binary" });
  expect(connection.isOpen).toBe(false);
  await server.allClosed();
});

test.each([true, false])(
  "refuses a message that is too large (compressed: %s)",
  async (perMessageDeflate) => {
    const { connection, peer, server } = await pairOf({ maxMessageBytes: 1000, perMessageDeflate });
    peer.send("x".repeat(1000));
    const reader = connection.messages();
    expect((await reader.next()).value?.[0]).toHaveLength(1000);
    peer.send("x".repeat(1001));
    expect(await rejection(reader.next())).toMatchObject({ kind: "network", code: "websocket_oversize" });
    await server.allClosed();
  },
);

test("frames that are none end the connection", async () => {
  const { connection, peer, server } = await pairOf();
  const reader = connection.messages();
  // Reserved bits (RFC 6455 §5.2), from below the library.
  (peer as unknown as { _socket: NodeJS.WritableStream })._socket.write(Buffer.from([0xff, 0x00]));
  expect(await rejection(reader.next())).toMatchObject({ kind: "network", code: "websocket_protocol" });
  await server.allClosed();
});

test.each([
  [1000, "bye"],
  [1009, "message\ntoo big"],
  [1011, ""],
])("closed by the server with code %i", async (code, reason) => {
  const { connection, peer, server } = await pairOf();
  peer.send("last words");
  peer.close(code, reason);
  const reader = connection.messages();
  expect(await reader.next()).toEqual({ done: false, value: ["last words"] });
  const error = await rejection(reader.next());
  expect(error).toMatchObject({ kind: "network", code: "websocket_closed", closeCode: code });
  expect(error.message).toBe(
    `WebSocket ${server.url} was closed by the server with code ${code}${reason === "" ? "" : `: ${JSON.stringify(reason)}`}`,
  );
  expect(await reader.next()).toEqual({ done: true, value: undefined });
  expect([connection.isOpen, connection.failure]).toEqual([false, error]);
  await server.allClosed();
});

test("cut by the server", async () => {
  const { connection, peer } = await pairOf();
  peer.terminate();
  const error = await rejection(connection.messages().next());
  expect(error).toMatchObject({ kind: "network", code: "websocket_closed", closeCode: 1006 });
});

test("a connection that closes between two readers says so to the next, and to the sender", async () => {
  const { connection, peer } = await pairOf();
  peer.close(1001);
  await expect.poll(() => connection.isOpen).toBe(false);
  expect(await rejection(connection.send("too late"))).toMatchObject({
    kind: "network",
    code: "websocket_closed",
    cause: { closeCode: 1001 },
  });
  expect(await rejection(connection.messages().next())).toMatchObject({ closeCode: 1001 });
});

test("silence beyond the limit ends it; pings count as life, but not as messages", async () => {
  const { connection, peer, server } = await pairOf();
  const pings = setInterval(() => peer.ping(), 5);
  const idle = connection.messages({ idleTimeoutMs: 60, eventTimeoutMs: 0 });
  const waiting = rejection(idle.next());
  setTimeout(() => clearInterval(pings), 150);
  const startedAt = performance.now();
  expect(await waiting).toMatchObject({ kind: "timeout", code: "websocket_idle" });
  expect(performance.now() - startedAt).toBeGreaterThan(180);
  expect(connection.isOpen).toBe(false);
  await server.allClosed();
});

test.each([
  ["websocket_first_event", 0],
  ["websocket_event", 1],
])("no message in time: %s", async (code, messages) => {
  const { connection, peer } = await pairOf();
  const pings = setInterval(() => peer.ping(), 5);
  const reader = connection.messages({ eventTimeoutMs: 400 });
  for (let count = 0; count < messages; count += 1) {
    peer.send("a message");
    await reader.next();
  }
  expect(await rejection(reader.next())).toMatchObject({ kind: "timeout", code });
  clearInterval(pings);
});

test("no limit runs while nobody waits", async () => {
  const { connection, peer } = await pairOf();
  const reader = connection.messages({ idleTimeoutMs: 400 });
  peer.send("one");
  await reader.next();
  await new Promise((resolve) => setTimeout(resolve, 600));
  peer.send("two");
  expect(await reader.next()).toEqual({ done: false, value: ["two"] });
});

test.each([{ idleTimeoutMs: -1 }, { eventTimeoutMs: Number.NaN }, { firstEventTimeoutMs: -1 }])(
  "refuses the limit %o",
  async (limits) => {
    const { connection } = await pairOf();
    expect(() => connection.messages(limits)).toThrow(TypeError);
  },
);

test("closing tells the server, and ends a reader without an error", async () => {
  const { connection, peer, server } = await pairOf();
  const closed = new Promise((resolve) =>
    peer.once("close", (code, reason: Buffer) => resolve([code, reason.toString()])),
  );
  const waiting = connection.messages().next();
  await connection.close({ code: 3001, reason: "done" });
  expect(await closed).toEqual([3001, "done"]);
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect([connection.isOpen, connection.failure]).toEqual([false, undefined]);
  await connection.close();
  await server.allClosed();
});

test("closing gets through behind messages that nobody reads", { timeout: 20_000 }, async () => {
  const { connection, peer } = await pairOf({ perMessageDeflate: false });
  for (let count = 0; count < 100; count += 1) peer.send("x".repeat(64 * 1024));
  await settled(() => peer.bufferedAmount);
  const closed = new Promise((resolve) => peer.once("close", resolve));
  await connection.close({ timeoutMs: 60_000 });
  expect(await closed).toBe(1000);
});

test("a reader that leaves takes its timer with it", async () => {
  const { connection } = await pairOf();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const reader = connection.messages();
  const waiting = reader.next();
  const during = timers();
  await reader.return?.();
  await waiting;
  expect([during - before, timers() - before]).toEqual([1, 0]);
});

test("closing does not wait for ever", async () => {
  const { connection, peer, server } = await pairOf();
  peer.pause();
  await connection.close({ timeoutMs: 20 });
  expect(server.openSockets).toBeLessThanOrEqual(1);
  peer.resume();
  await server.allClosed();
});

test.each([{ code: 1001 }, { code: 2999.5 }, { reason: "ü".repeat(62) }, { timeoutMs: -1 }])(
  "refuses to close with %o",
  async (options) => {
    const { connection } = await pairOf();
    expect(() => connection.close(options)).toThrow(TypeError);
  },
);

test("terminating cuts it at once", async () => {
  const { connection, peer, server } = await pairOf();
  const closed = new Promise((resolve) => peer.once("close", resolve));
  const waiting = connection.messages().next();
  connection.terminate();
  connection.terminate();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await closed).toBe(1006);
  await server.allClosed();
});

test("closing the transport ends open connections", async () => {
  const { connection, server, transport } = await pairOf();
  const waiting = rejection(connection.messages().next());
  await transport.close();
  expect(await waiting).toMatchObject({ kind: "aborted", code: "closed" });
  await server.allClosed();
});

test("keeps the connection alive by pings, until one is not answered", async () => {
  const { connection, peer, server } = await pairOf({ pingIntervalMs: 20 });
  let pings = 0;
  peer.on("ping", () => {
    pings += 1;
    // From here on the server neither reads nor answers.
    if (pings === 3) peer.pause();
  });
  const error = await rejection(connection.messages().next());
  expect(error).toMatchObject({ kind: "timeout", code: "websocket_ping" });
  expect(pings).toBe(3);
  peer.resume();
  await server.allClosed();
});

test("skips binary messages if it is told to", async () => {
  const { connection, peer } = await pairOf({ binaryMessages: "skip" });
  peer.send(Buffer.from([1, 2, 3]));
  peer.send("text");
  expect(await connection.messages().next()).toEqual({ done: false, value: ["text"] });
});

test("a connection may miss as many pings as the limit has room for", async () => {
  const { connection, peer, server } = await pairOf({ pingIntervalMs: 20, pingTimeoutMs: 70 });
  let pings = 0;
  // It takes the pings in, and never answers one.
  peer.on("ping", () => {
    pings += 1;
  });
  peer.pong = () => {};
  expect(await rejection(connection.messages().next())).toMatchObject({ code: "websocket_ping" });
  await server.allClosed();
  expect(pings).toBe(4);
});

test("a slow reader is no dead server", async () => {
  const { connection, peer } = await pairOf({ pingIntervalMs: 10, perMessageDeflate: false });
  peer.send("x".repeat(64 * 1024));
  // Meanwhile nothing is read, not even the answers to pings.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(connection.isOpen).toBe(true);
  expect((await connection.messages().next()).value).toHaveLength(1);
});

test("a message that cannot be sent in time ends the connection", async () => {
  const { connection, peer, server } = await pairOf({ perMessageDeflate: false });
  peer.pause();
  const error = await rejection(connection.send("x".repeat(50_000_000), { timeoutMs: 50 }));
  expect(error).toMatchObject({ kind: "timeout", code: "websocket_send" });
  expect(connection.isOpen).toBe(false);
  peer.terminate();
  await server.allClosed();
});

test("a connection leaves no listener on the caller's signal", async () => {
  const controller = new AbortController();
  const { connection } = await pairOf({ signal: controller.signal });
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  await connection.close();
});
