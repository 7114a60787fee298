import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { Outbox } from "../src/outbox.js";
import { RemoteControlError } from "../src/remote-control-error.js";

const one = { clientId: "c", streamId: "1" };
const two = { clientId: "c", streamId: "2" };
const gone = new RemoteControlError("gone", { kind: "interrupted", code: "client_closed" });

test("takes nothing new in while too much is not acknowledged", async () => {
  const outbox = new Outbox(2);
  await outbox.send(one, "{}", undefined);
  await outbox.send(one, "{}", undefined);
  let isIn = false;
  const waiting = outbox.send(two, "{}", undefined).then(() => {
    isIn = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([isIn, outbox.isBlocked]).toEqual([false, true]);
  outbox.acknowledge(one, 1, undefined);
  await waiting;
  expect([outbox.unacknowledged, outbox.isBlocked]).toEqual([2, false]);
});

test("sends everything that is not acknowledged once more on the next connection", async () => {
  const outbox = new Outbox(10);
  for (const key of [one, two, one]) await outbox.send(key, "{}", undefined);
  expect(await next(outbox)).toEqual(["1:1", "2:1", "1:2"]);
  outbox.acknowledge(one, 1, undefined);
  outbox.restart();
  expect((await next(outbox)).sort()).toEqual(["1:2", "2:1"]);
});

test("what is acknowledged before it was sent again is not sent", async () => {
  const outbox = new Outbox(10);
  await outbox.send(one, "{}", undefined);
  await outbox.send(one, "{}", undefined);
  outbox.restart();
  outbox.acknowledge(one, 1, undefined);
  expect(await next(outbox)).toEqual(["1:2"]);
});

test("a message that is too large is refused, and its number is used up", async () => {
  const outbox = new Outbox(10);
  const text = JSON.stringify("x".repeat(100 * 1024 * 1024));
  await expect(outbox.send(one, text, undefined)).rejects.toMatchObject({ code: "message_too_large" });
  await outbox.send(one, "{}", undefined);
  expect(await next(outbox)).toEqual(["1:2"]);
});

test("parts of one message may exceed the limit", async () => {
  const outbox = new Outbox(2);
  await outbox.send(one, JSON.stringify("x".repeat(500_000)), undefined);
  expect(outbox.unacknowledged).toBe(5);
});

test("somebody who waits can give up, which leaves no listener", async () => {
  const outbox = new Outbox(1);
  await outbox.send(one, "{}", undefined);
  const { signal, abort } = controllerOf();
  const waiting = outbox.send(one, '{"second":1}', signal);
  abort(new Error("enough"));
  await expect(waiting).rejects.toMatchObject({ kind: "aborted", cause: new Error("enough") });
  expect(getEventListeners(signal, "abort")).toEqual([]);
  outbox.acknowledge(one, 1, undefined);
  await outbox.send(one, "{}", undefined);
  expect(await next(outbox)).toEqual(["1:2"]);
  await expect(outbox.send(one, "{}", signal)).rejects.toMatchObject({ kind: "aborted" });
});

test("a thousand pings that wait are one, and never hold up what comes in", async () => {
  const outbox = new Outbox(1);
  await outbox.send(one, "{}", undefined);
  for (let count = 0; count < 1000; count += 1) outbox.pong(one, "active");
  outbox.acknowledge(one, 1, undefined);
  expect(await next(outbox)).toEqual(["1:2"]);
});

test("a stream that has ended holds up nobody", async () => {
  const outbox = new Outbox(1);
  await outbox.send(one, "{}", undefined);
  const waiting = outbox.send(one, "{}", undefined);
  const other = outbox.send(two, "{}", undefined);
  outbox.forgetStream(one, gone);
  await expect(waiting).rejects.toBe(gone);
  await other;
  expect(await next(outbox)).toEqual(["2:1"]);
});

test("remembers the numbers of many streams, and not of any number of them", async () => {
  const outbox = new Outbox(1);
  for (let count = 0; count < 5000; count += 1) {
    const key = { clientId: "stranger", streamId: String(count) };
    outbox.pong(key, "unknown");
    outbox.acknowledge(key, 1, undefined);
  }
  outbox.pong({ clientId: "stranger", streamId: "4999" }, "unknown");
  outbox.acknowledge({ clientId: "stranger", streamId: "4999" }, 2, undefined);
  outbox.pong({ clientId: "stranger", streamId: "0" }, "unknown");
  expect(await next(outbox)).toEqual(["0:1"]);
});

test("whoever waits for something to send is woken, or told that it is over", async () => {
  const outbox = new Outbox(1);
  const { signal, abort } = controllerOf();
  const waiting = outbox.nextTexts(10, signal);
  abort();
  expect(await waiting).toEqual([]);
});

function controllerOf() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason?: unknown) => controller.abort(reason) };
}

async function next(outbox: Outbox): Promise<string[]> {
  const texts = await outbox.nextTexts(10_000_000, new AbortController().signal);
  return texts.map((text) => {
    const { stream_id, seq_id } = JSON.parse(text) as { stream_id: string; seq_id: number };
    return `${stream_id}:${seq_id}`;
  });
}
