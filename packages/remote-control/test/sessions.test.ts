import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { isRemoteControlError, type RemoteClient } from "../src/index.js";
import {
  initialize,
  nextClient,
  openSession,
  openWorld,
  readMessages,
  untilStatus,
} from "./support/world.js";

test("enrols, connects, and lets a client talk to the host", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { peer, client, server } = await openSession(world, control);
  expect(control.status).toMatchObject({ status: "connected", environmentId: server.environmentId });

  await client.send({ id: 0, result: { userAgent: "host" } });
  expect(await peer.waitFor(1)).toEqual([{ id: 0, result: { userAgent: "host" } }]);
  await peer.send({ method: "initialized" });
  await peer.send({ id: "x", method: "thread/start", params: { text: "dréi" } });
  expect(await readMessages(client, 2)).toEqual([
    { method: "initialized" },
    { id: "x", method: "thread/start", params: { text: "dréi" } },
  ]);
  expect(server.violations).toEqual([]);
});

test("answers pings, of strangers and of clients, and forgets a client that has gone", async () => {
  const world = await openWorld();
  const control = await world.start();
  const server = await world.backend.remoteControl.waitForServer();
  const peer = server.openClient();
  await peer.ping();
  expect(await peer.waitForPongs(1)).toEqual(["unknown"]);
  await peer.send({ method: "too/early" });
  const arriving = nextClient(control);
  await peer.send(initialize);
  const client = await arriving;
  await peer.ping();
  await peer.waitForPongs(2);
  await peer.close();
  await peer.ping();
  expect(await peer.waitForPongs(3)).toEqual(["unknown", "active", "unknown"]);
  expect([client.end, await readAll(client)]).toEqual(["client_closed", [initialize]]);
  expect(server.violations).toEqual([]);
});

test("a client that names no stream has its session too", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { peer, client, server } = await openSession(world, control, { streamId: null });
  await client.send({ id: 0, result: {} });
  await peer.waitFor(1);
  await peer.send({ method: "more" });
  expect(await readMessages(client, 1)).toEqual([{ method: "more" }]);
  expect(server.violations).toEqual([]);
});

test("messages of any size go through, in both directions", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { peer, client, server } = await openSession(world, control);
  const messages = [0, 1, 102_000, 153_600, 1_000_000, 5_000_000].map((size) => ({
    method: "m",
    params: { text: 'é"\\'.repeat(size / 5 + 1) },
  }));
  for (const message of messages) {
    await client.send(message);
    await peer.send(message);
  }
  expect(await readMessages(client, messages.length)).toEqual(messages);
  expect(await peer.waitFor(messages.length)).toEqual(messages);
  expect(server.violations).toEqual([]);
});

test("a reader that leaves its loop may go on, and there is one at a time", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { peer, client } = await openSession(world, control);
  for (const method of ["a", "b", "c"]) await peer.send({ method });
  expect(await readMessages(client, 1)).toEqual([{ method: "a" }]);
  const reader = client.messages();
  expect(() => client.messages()).toThrow(TypeError);
  expect((await reader.next()).value).toEqual({ method: "b" });
  await reader.next();
  const waiting = reader.next();
  await reader.return?.();
  expect((await waiting).done).toBe(true);
  await peer.send({ method: "d" });
  expect(await readMessages(client, 1)).toEqual([{ method: "d" }]);
});

test("readers heed their signal and leave no listener", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { client } = await openSession(world, control);
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = [client.messages({ signal }).next(), control.clients({ signal }).next()];
  controller.abort(new Error("enough"));
  for (const next of waiting)
    await expect(next).rejects.toMatchObject({ kind: "aborted", cause: new Error("enough") });
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(client.isOpen).toBe(true);
});

test.each([
  ["a number that JSON has not", { method: "m", params: 1n }],
  ["a circle", circle()],
  ["no message", undefined],
  ["a list", []],
])("refuses to send %s, and uses no number up", async (_name, message) => {
  const world = await openWorld();
  const control = await world.start();
  const { peer, client, server } = await openSession(world, control);
  await expect(client.send(message as { method: string })).rejects.toMatchObject({
    kind: "invalid_input",
    code: "message_unserializable",
  });
  await client.send({ method: "m" });
  await peer.waitFor(1);
  expect(server.violations).toEqual([]);
});

test("a session ends where it is declared to", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { peer, client } = await openSession(world, control);
  {
    await using session = client;
    await session.send({ method: "bye" });
  }
  await peer.waitFor(1);
  await peer.ping();
  expect(await peer.waitForPongs(1)).toEqual(["unknown"]);
  const error = await client.send({ method: "m" }).catch((reason: unknown) => reason);
  expect(isRemoteControlError(error) && error.code).toBe("client_closed");
});

test("a reader that answers each message never waits for itself", async () => {
  const world = await openWorld({
    limits: { unacknowledgedEnvelopes: 2, unreadMessages: 2, unreadBytes: 4096, handOverTimeoutMs: 0 },
  });
  const control = await world.start();
  const { peer, client } = await openSession(world, control);
  const count = 400;
  const params = { text: "x".repeat(20_000) };
  const echoing = (async () => {
    let left = count;
    for await (const message of client) {
      await client.send(message);
      left -= 1;
      if (left === 0) return;
    }
  })();
  for (let index = 0; index < count; index += 1) void peer.send({ method: String(index), params });
  await echoing;
  const received = await peer.waitFor(count);
  expect(received.map((message) => (message as { method: string }).method)).toEqual(
    Array.from({ length: count }, (_, index) => String(index)),
  );
});

test("a client that does not acknowledge slows the sender", async () => {
  const world = await openWorld({ limits: { unacknowledgedEnvelopes: 10 } });
  const control = await world.start();
  const { peer, client } = await openSession(world, control, { acknowledges: false });
  let sent = 0;
  const sending = (async () => {
    for (; sent < 30; sent += 1) await client.send({ method: String(sent) });
  })();
  await peer.waitFor(10);
  expect([await settled(() => sent), peer.received.length]).toEqual([10, 10]);
  peer.acknowledges = true;
  peer.acknowledge(10);
  await sending;
  expect(await peer.waitFor(30)).toHaveLength(30);
});

test("a reader that is slow slows the client", async () => {
  const world = await openWorld({ limits: { unreadMessages: 4, handOverTimeoutMs: 0 } });
  const control = await world.start();
  const { peer, client } = await openSession(world, control);
  let sent = 0;
  const params = { text: "x".repeat(90_000) };
  const sending = (async () => {
    for (; sent < 400; sent += 1) await peer.send({ method: String(sent), params });
  })();
  // 36 MB do not fit into the buffers of sockets, so most of it has to stay with the client.
  expect(await settled(() => sent)).toBeLessThan(200);
  const messages = await readMessages(client, 400);
  await sending;
  expect(messages.map((message) => "method" in message && message.method)).toEqual(
    Array.from({ length: 400 }, (_, index) => String(index)),
  );
});

test.each([
  ["whole messages", undefined],
  ["messages in parts", 10],
])(
  "a reader that stops for too long starts the connection anew, and loses no %s",
  async (_what, chunkBytes) => {
    const world = await openWorld({ limits: { unreadMessages: 2, handOverTimeoutMs: 40 } });
    const ends: unknown[] = [];
    const control = await world.start({
      telemetry: { onDisconnected: ({ error }) => ends.push(error?.kind) },
    });
    const { peer, client, server } = await openSession(world, control, { chunkBytes });
    for (let index = 0; index < 10; index += 1) void peer.send({ method: String(index) });
    await server.waitForConnections(3);
    const messages = await readMessages(client, 10);
    expect(messages).toEqual(Array.from({ length: 10 }, (_, index) => ({ method: String(index) })));
    expect(ends[0]).toBe("timed_out");
  },
);

test("several clients have their sessions at once, and only those of the host are told of", async () => {
  const world = await openWorld();
  const control = await world.start();
  const server = await world.backend.remoteControl.waitForServer();
  const peers = ["a", "b", "c"].map((clientId) => server.openClient({ clientId }));
  for (const peer of peers) await peer.send(initialize);
  const clients: RemoteClient[] = [];
  for await (const client of control.clients()) {
    clients.push(client);
    if (clients.length === peers.length) break;
  }
  await Promise.all(clients.map((client) => client.send({ method: client.clientId })));
  for (const peer of peers) expect(await peer.waitFor(1)).toEqual([{ method: peer.clientId }]);
});

test("switching off ends the sessions, and what a client then says is of no use", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { client, peer } = await openSession(world, control, { acknowledges: false });
  await client.send({ method: "old" });
  await control.disable({ ephemeral: true });
  await expect.poll(() => client.end).toBe("disabled");
  expect(await readAll(client)).toEqual([]);
  await control.enable({ ephemeral: true });
  await untilStatus(control, "connected");
  await peer.ping();
  expect(await peer.waitForPongs(1)).toEqual(["unknown"]);
});

test("the end of remote control ends everybody who reads", async () => {
  const world = await openWorld();
  const control = await world.start();
  const { client } = await openSession(world, control, { acknowledges: false });
  const reading = readAll(client);
  const waiting = control.clients().next();
  await control.close();
  expect([await reading, (await waiting).done, client.end]).toEqual([[], true, "disabled"]);
  await expect(client.send({ method: "m" })).rejects.toMatchObject({ code: "client_closed" });
  await control.close();
});

async function readAll(client: RemoteClient) {
  const messages: unknown[] = [];
  for await (const message of client) messages.push(message);
  return messages;
}

/** Waits until a number does not grow any more. */
async function settled(read: () => number): Promise<number> {
  for (let last = -1; ; last = read()) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (read() === last) return last;
  }
}

function circle(): object {
  const message: { method: string; params?: object } = { method: "m" };
  message.params = message;
  return message;
}
