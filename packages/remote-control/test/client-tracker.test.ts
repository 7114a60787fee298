import { expect, test } from "vitest";
import { drain, messageOf, signOf, TrackerWorld } from "./support/tracker.js";

test("a ping of nobody, a session, a ping of somebody, and nobody again", async () => {
  const world = new TrackerWorld();
  await world.accept(signOf("ping", "s"));
  await world.accept(messageOf(1, "too/early"));
  await world.accept(messageOf(2, "initialize"));
  const client = await world.next();
  await world.accept(messageOf(3, "more"));
  await world.accept(signOf("ping", "s"));
  await client.send({ method: "hello" });
  expect(await drain(client)).toEqual(["initialize", "more"]);
  await world.accept(signOf("client_closed", "s"));
  await world.accept(signOf("ping", "s"));
  expect([client.isOpen, client.end]).toEqual([false, "client_closed"]);
  // What the client never got is given up with it.
  expect(await world.sent()).toMatchObject([{ type: "pong", status: "unknown", seq_id: 4 }]);
});

test("numbers what is sent on a stream from 1 on, answers to pings too", async () => {
  const world = new TrackerWorld();
  await world.accept(messageOf(1, "initialize"));
  const client = await world.next();
  await world.accept(signOf("ping", "s"));
  await client.send({ method: "m" });
  expect(await world.sent()).toMatchObject([
    { type: "pong", status: "active", seq_id: 1 },
    { type: "server_message", seq_id: 2 },
  ]);
});

test("what came before is dropped, also when it comes again after a disconnect", async () => {
  const world = new TrackerWorld();
  await world.accept(messageOf(1, "initialize"));
  for (const [seqId, method] of [
    [2, "a"],
    [2, "a"],
    [1, "b"],
    [3, "c"],
    [2, "a"],
  ] as const)
    await world.accept(messageOf(seqId, method));
  expect(await drain(await world.next())).toEqual(["initialize", "a", "c"]);
});

test("a client that begins anew on its stream is another one", async () => {
  const world = new TrackerWorld();
  await world.accept(messageOf(5, "initialize"));
  const before = await world.next();
  await world.accept(messageOf(1, "initialize"));
  const after = await world.next();
  await world.accept(messageOf(2, "more"));
  expect([before.end, after.isOpen]).toEqual(["replaced", true]);
  expect([await drain(before), await drain(after)]).toEqual([["initialize"], ["initialize", "more"]]);
});

test("a client may have several streams", async () => {
  const world = new TrackerWorld();
  await world.accept(messageOf(1, "initialize", { streamId: "one" }));
  await world.accept(messageOf(1, "initialize", { streamId: "two" }));
  const [one, two] = [await world.next(), await world.next()];
  expect([one.streamId, one.isOpen, two.streamId, two.isOpen]).toEqual(["one", true, "two", true]);
});

test("a client that names no stream gets one, and counts anew each time it begins", async () => {
  const world = new TrackerWorld();
  const unnamed = {};
  await world.accept(messageOf(9, "initialize", unnamed));
  const first = await world.next();
  await world.accept(messageOf(1, "a", unnamed));
  await world.accept(signOf("ping"));
  expect(await world.sent()).toMatchObject([{ type: "pong", status: "active", stream_id: first.streamId }]);
  await world.accept(messageOf(9, "initialize", unnamed));
  const second = await world.next();
  await world.accept(messageOf(1, "b", unnamed));
  expect(second.streamId).not.toBe(first.streamId);
  expect([await drain(first), await drain(second)]).toEqual([
    ["initialize", "a"],
    ["initialize", "b"],
  ]);
  await world.accept(signOf("client_closed"));
  expect(second.end).toBe("client_closed");
});

test("without a stream, strangers are ignored and their pings answered on a stream of their own", async () => {
  const world = new TrackerWorld();
  await world.accept(messageOf(1, "m", {}));
  await world.accept(signOf("client_closed"));
  await world.accept(signOf("ping"));
  expect(await world.sent()).toMatchObject([
    { type: "pong", status: "unknown", stream_id: expect.any(String) },
  ]);
});

test("a client that shows no life is closed, one that pings is not", async () => {
  const world = new TrackerWorld({ clientIdleTimeoutMs: 100 });
  await world.accept(messageOf(1, "initialize", { streamId: "silent" }));
  await world.accept(messageOf(1, "initialize", { streamId: "alive" }));
  const [silent, alive] = [await world.next(), await world.next()];
  world.now += 99;
  await world.accept(signOf("ping", "alive"));
  world.tracker.sweep();
  expect(silent.isOpen).toBe(true);
  world.now += 1;
  world.tracker.sweep();
  expect([silent.end, alive.isOpen]).toEqual(["idle", true]);
});

test("a message that nobody reads in time is refused, and counts as not received", async () => {
  const world = new TrackerWorld({ unreadMessages: 1 });
  await world.accept(messageOf(1, "initialize"));
  const client = await world.next();
  await expect(world.accept(messageOf(2, "more"))).rejects.toMatchObject({ kind: "timed_out" });
  expect(await drain(client)).toEqual(["initialize"]);
  await world.accept(messageOf(2, "more"));
  expect(await drain(client)).toEqual(["more"]);
});

test("a client that nobody takes in time is not there, and may try again", async () => {
  const world = new TrackerWorld({ waitingClients: 1 });
  await world.accept(messageOf(1, "initialize", { streamId: "one" }));
  await expect(world.accept(messageOf(1, "initialize", { streamId: "two" }))).rejects.toMatchObject({
    kind: "timed_out",
  });
  expect(world.tracker.isKnown({ clientId: "c", streamId: "two" })).toBe(false);
  await world.next();
  await world.accept(messageOf(1, "initialize", { streamId: "two" }));
  expect((await world.next()).streamId).toBe("two");
});

test("the end of a connection ends the waiting", async () => {
  const world = new TrackerWorld({ unreadMessages: 1, handOverTimeoutMs: 0 });
  await world.accept(messageOf(1, "initialize"));
  const waiting = world.accept(messageOf(2, "more"));
  world.ending.abort();
  await expect(waiting).rejects.toMatchObject({ kind: "interrupted" });
});

test("a message waits until the reader has made room", async () => {
  const world = new TrackerWorld({ unreadBytes: 100, handOverTimeoutMs: 0 });
  await world.accept(messageOf(1, "initialize"), 60);
  const client = await world.next();
  let isIn = false;
  const waiting = world.accept(messageOf(2, "more"), 60).then(() => {
    isIn = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isIn).toBe(false);
  const reader = client.messages();
  await reader.next();
  await waiting;
  expect(await reader.next()).toMatchObject({ value: { method: "more" } });
});

test("a client that goes while its messages wait is told of, and its reader still gets them", async () => {
  const world = new TrackerWorld({ unreadMessages: 1 });
  await world.accept(messageOf(1, "initialize"));
  await world.accept(signOf("client_closed", "s"));
  const client = await world.next();
  expect(client.end).toBe("client_closed");
  const messages: unknown[] = [];
  for await (const message of client) messages.push(message);
  expect(messages).toHaveLength(1);
});

test("a client that the host has closed is unknown, and still gets what was sent before", async () => {
  const world = new TrackerWorld({ clientIdleTimeoutMs: 100 });
  await world.accept(messageOf(1, "initialize"));
  const client = await world.next();
  await client.send({ method: "bye" });
  client.close();
  client.close();
  await world.accept(messageOf(2, "late"));
  await world.accept(signOf("ping", "s"));
  expect(await world.sent()).toMatchObject([
    { type: "server_message", message: { method: "bye" } },
    { type: "pong", status: "unknown" },
  ]);
  await expect(client.send({ method: "m" })).rejects.toMatchObject({ code: "client_closed" });
  expect((await client.messages().next()).done).toBe(true);
  // Nobody acknowledges it, and it must not take room for good.
  expect(world.outbox.unacknowledged).toBe(2);
  world.now += 101;
  world.tracker.sweep();
  expect(world.outbox.unacknowledged).toBe(0);
});

test("what strangers were answered does not take room for good either", async () => {
  const world = new TrackerWorld({ clientIdleTimeoutMs: 100 });
  await world.accept(signOf("ping", "stranger"));
  world.tracker.sweep();
  world.now += 101;
  world.tracker.sweep();
  expect(world.outbox.unacknowledged).toBe(0);
});

test("at the end all clients have gone, and whoever waits to send is told", async () => {
  const world = new TrackerWorld({ unacknowledgedEnvelopes: 1 });
  await world.accept(messageOf(1, "initialize"));
  const client = await world.next();
  await client.send({ method: "a" });
  const waiting = client.send({ method: "b" });
  world.tracker.endAll("disabled");
  await expect(waiting).rejects.toMatchObject({ kind: "interrupted", code: "client_closed" });
  expect([client.end, world.outbox.unacknowledged]).toEqual(["disabled", 0]);
});
