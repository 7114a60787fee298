import { getEventListeners } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { createTransport, decodeSse, decodeSseBatches, type SseEvent } from "../src/index.js";
import { chunked, ManualSource } from "./support/byte-sources.js";
import { startServer } from "./support/test-server.js";

afterEach(() => vi.useRealTimers());

/** Lets everything happen that is not waiting for time to pass. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** Starts to read, and has the reader wait for its first bytes. The clock is fake from then on. */
async function startReading(
  source: ManualSource,
  options: Parameters<typeof decodeSse>[1],
): Promise<{ iterator: AsyncIterableIterator<SseEvent>; first: Promise<unknown> }> {
  await import("eventsource-parser");
  vi.useFakeTimers();
  const iterator = decodeSse(source, options);
  const first = iterator.next().catch((error: unknown) => error);
  await source.reading();
  return { iterator, first };
}

test("ends after 300 seconds without a byte, by default", async () => {
  const { first } = await startReading(new ManualSource(), {});
  const settled = vi.fn();
  void first.then(settled);
  await vi.advanceTimersByTimeAsync(299_999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await first).toMatchObject({
    kind: "timeout",
    code: "sse_idle",
    message: "idle timeout waiting for SSE",
  });
});

test("lets comments keep an idle stream alive", async () => {
  const source = new ManualSource();
  const { first } = await startReading(source, { idleTimeoutMs: 100 });
  for (let ping = 0; ping < 5; ping++) {
    await vi.advanceTimersByTimeAsync(99);
    source.push(": ping\n\n");
    await settle();
  }
  await vi.advanceTimersByTimeAsync(99);
  source.push("data: 1\n\n");
  expect(await first).toMatchObject({ value: { data: "1" } });
});

test("ends an idle stream that had bytes after the limit, not before", async () => {
  const source = new ManualSource();
  const { first } = await startReading(source, { idleTimeoutMs: 100 });
  const settled = vi.fn();
  void first.then(settled);
  await vi.advanceTimersByTimeAsync(60);
  source.push(": ping\n\n");
  await vi.advanceTimersByTimeAsync(99);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await first).toMatchObject({ code: "sse_idle" });
});

test("does not let comments put off the limit for events", async () => {
  const source = new ManualSource();
  const { first } = await startReading(source, { eventTimeoutMs: 100 });
  for (let ping = 0; ping < 3; ping++) {
    await vi.advanceTimersByTimeAsync(30);
    source.push(": ping\n\n");
    await settle();
  }
  await vi.advanceTimersByTimeAsync(10);
  expect(await first).toMatchObject({ kind: "timeout", code: "sse_event" });
});

test("starts the limit for events anew at each event", async () => {
  const source = new ManualSource();
  const { iterator, first } = await startReading(source, { eventTimeoutMs: 100 });
  await vi.advanceTimersByTimeAsync(90);
  source.push("data: 1\n\n");
  await first;
  const second = iterator.next();
  await vi.advanceTimersByTimeAsync(90);
  source.push("data: 2\n\n");
  expect(await second).toMatchObject({ value: { data: "2" } });
  const third = iterator.next().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(100);
  expect(await third).toMatchObject({ code: "sse_event" });
});

test("gives the first event a limit of its own", async () => {
  const { first } = await startReading(new ManualSource(), { firstEventTimeoutMs: 50, eventTimeoutMs: 10 });
  const settled = vi.fn();
  void first.then(settled);
  await vi.advanceTimersByTimeAsync(49);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await first).toMatchObject({ kind: "timeout", code: "sse_first_event" });
});

test("applies the shorter limit of later events once the first has come", async () => {
  const source = new ManualSource();
  const { iterator, first } = await startReading(source, { firstEventTimeoutMs: 5_000, eventTimeoutMs: 10 });
  source.push("data: 1\n\n");
  await first;
  const second = iterator.next().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10);
  expect(await second).toMatchObject({ code: "sse_event" });
});

test("does not count the time that a consumer takes", async () => {
  const source = new ManualSource();
  const { iterator, first } = await startReading(source, { idleTimeoutMs: 100, eventTimeoutMs: 100 });
  source.push("data: 1\n\n");
  await first;
  await vi.advanceTimersByTimeAsync(10_000);
  const second = iterator.next();
  await vi.advanceTimersByTimeAsync(99);
  source.push("data: 2\n\n");
  expect(await second).toMatchObject({ value: { data: "2" } });
});

test("lets bytes behind an invalid one prove no life", async () => {
  const source = new ManualSource();
  const { first } = await startReading(source, { idleTimeoutMs: 100 });
  source.push("data: ");
  await settle();
  source.pushBytes(0xff);
  for (let ping = 0; ping < 4; ping++) {
    await vi.advanceTimersByTimeAsync(25);
    source.push(": ping\n\n");
    await settle();
  }
  expect(await first).toMatchObject({ code: "sse_idle" });
});

test.each([0, Number.POSITIVE_INFINITY])("waits without a limit when it is %d", async (idleTimeoutMs) => {
  const source = new ManualSource();
  const { first } = await startReading(source, { idleTimeoutMs });
  expect(vi.getTimerCount()).toBe(0);
  source.push("data: 1\n\n");
  expect(await first).toMatchObject({ value: { data: "1" } });
});

test("sets no timer anew for each chunk", async () => {
  const source = new ManualSource();
  const setTimer = vi.spyOn(globalThis, "setTimeout");
  const iterator = decodeSseBatches(source);
  for (let chunk = 0; chunk < 100; chunk++) source.push("data: 1\n\n");
  for (let chunk = 0; chunk < 100; chunk++) await iterator.next();
  expect(setTimer).toHaveBeenCalledOnce();
  setTimer.mockRestore();
  await iterator.return?.();
});

test("leaves neither timer nor listener behind, however it ends", async () => {
  await import("eventsource-parser");
  vi.useFakeTimers();
  const { signal } = new AbortController();
  const read = async (source: AsyncIterable<Uint8Array>, maxEventBytes?: number): Promise<void> => {
    for await (const { data } of decodeSse(source, { signal, eventTimeoutMs: 50, maxEventBytes })) {
      if (data === "break") break;
    }
  };
  await read(chunked("data: 1\n\n"));
  await read(chunked("data: break\n\n"));
  await expect(read(chunked("data: long\n\n"), 2)).rejects.toThrow();
  await expect(read(chunked(Uint8Array.of(0xff)))).rejects.toThrow();
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("closes the source at once when the loop is left", async () => {
  const source = new ManualSource();
  source.push("data: 1\n\ndata: 2\n\n");
  for await (const _ of decodeSse(source)) break;
  expect(source.closed).toBe(1);
});

test("answers return() at once while a chunk is being waited for that never comes", async () => {
  const source = new ManualSource();
  const iterator = decodeSse(source);
  const pending = iterator.next();
  await source.reading();
  const returned = iterator.return?.();
  expect(source.closed).toBe(1);
  expect(await returned).toEqual({ done: true, value: undefined });
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test("closes a source that was never read", async () => {
  const source = new ManualSource();
  await decodeSse(source).return?.();
  expect(source.closed).toBe(1);
});

test("closes the source on throw() and rejects with what was thrown", async () => {
  const source = new ManualSource();
  const iterator = decodeSseBatches(source);
  const thrown = new Error("enough");
  await expect(iterator.throw?.(thrown)).rejects.toBe(thrown);
  expect(source.closed).toBe(1);
});

test("an abort ends a waiting next() at once and closes the source", async () => {
  const controller = new AbortController();
  const source = new ManualSource();
  const iterator = decodeSse(source, { signal: controller.signal });
  const pending = iterator.next();
  await source.reading();
  controller.abort(new Error("enough"));
  expect(source.closed).toBe(1);
  await expect(pending).rejects.toMatchObject({ kind: "aborted", cause: { message: "enough" } });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test("an abort drops events that are not delivered yet", async () => {
  const controller = new AbortController();
  const iterator = decodeSse(chunked("data: 1\n\ndata: 2\n\n"), { signal: controller.signal });
  await iterator.next();
  controller.abort();
  await expect(iterator.next()).rejects.toMatchObject({ kind: "aborted" });
});

test("reads nothing when the signal has fired before", async () => {
  const source = new ManualSource();
  const iterator = decodeSse(source, { signal: AbortSignal.abort() });
  await expect(iterator.next()).rejects.toMatchObject({ kind: "aborted" });
  expect(source.asked).toBe(0);
  expect(source.closed).toBe(1);
});

test("reads nothing ahead of the consumer", async () => {
  const source = new ManualSource();
  const iterator = decodeSse(source);
  expect(source.asked).toBe(0);
  source.push("data: 1\n\ndata: 2\n\n");
  source.push("data: 3\n\n");
  await iterator.next();
  await iterator.next();
  await settle();
  expect(source.asked).toBe(1);
  await iterator.return?.();
});

test("answers calls of next() that overlap in order", async () => {
  const iterator = decodeSse(chunked("data: 1\n\n", "data: 2\n\ndata: 3\n\n"));
  const results = await Promise.all([1, 2, 3, 4].map(() => iterator.next()));
  expect(results.map(({ value }) => value?.data)).toEqual(["1", "2", "3", undefined]);
});

test("answers calls of next() for batches that overlap in order", async () => {
  const iterator = decodeSseBatches(chunked("data: 1\n\n", "data: 2\n\ndata: 3\n\n"));
  const results = await Promise.all([1, 2, 3].map(() => iterator.next()));
  expect(results.map(({ value }) => value?.length)).toEqual([1, 2, undefined]);
});

test("delivers nothing after return()", async () => {
  const iterator = decodeSse(chunked("data: 1\n\ndata: 2\n\n"));
  await iterator.next();
  await iterator.return?.();
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test("frees the socket of a stalled answer that is read by Node's own stream", async () => {
  const server = createServer((_, response) => response.write("data: 1\n\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const connectionClosed = new Promise((resolve) =>
    server.on("connection", (socket) => socket.on("close", resolve)),
  );
  const answer = await new Promise<IncomingMessage>((resolve) => {
    request({ port: (server.address() as AddressInfo).port }, resolve).end();
  });
  const iterator = decodeSse(answer, { idleTimeoutMs: 20 });
  await iterator.next();
  await expect(iterator.next()).rejects.toMatchObject({ code: "sse_idle" });
  await connectionClosed;
  server.close();
});

test("has no unhandled rejection when a closed source fails late", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  const failingToClose: AsyncIterator<Uint8Array> = {
    next: () => Promise.resolve({ done: true, value: undefined }),
    return: () => Promise.reject(new Error("late")),
  };
  const source = new Readable({ read() {} });
  const iterator = decodeSse(source);
  const pending = iterator.next();
  await sleep(5);
  await iterator.return?.();
  await pending;
  await sleep(5);
  await decodeSse({ [Symbol.asyncIterator]: () => failingToClose }).return?.();
  await sleep(5);
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
  expect(source.destroyed).toBe(true);
});

test("frees the connection of a stalled answer of the transport", async () => {
  await using server = await startServer((_, response) => void response.write("data: 1\n\n"));
  await using transport = createTransport();
  const { body } = await transport.stream({ method: "GET", url: server.origin });
  const iterator = decodeSse(body, { idleTimeoutMs: 20 });
  expect(await iterator.next()).toMatchObject({ value: { data: "1" } });
  await expect(iterator.next()).rejects.toMatchObject({ kind: "timeout", code: "sse_idle" });
  await server.allClosed();
  expect(server.openSockets).toBe(0);
});
