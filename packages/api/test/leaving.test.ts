import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { isApiError, type ResponseStream } from "../src/index.js";
import { startBackendClient } from "./support/backend-client.js";
import { completed, frames } from "./support/frames.js";
import { helloRequest } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";

type Leave = (
  events: AsyncIterator<unknown, undefined>,
  stream: ResponseStream,
  controller: AbortController,
) => Promise<unknown>;

const ways: readonly (readonly [string, Leave])[] = [
  ["return()", async (events) => events.return?.()],
  ["throw()", async (events) => events.throw?.(new Error("mine")).catch(() => {})],
  ["cancel()", async (_events, stream) => stream.cancel()],
  ["an abort", async (_events, _stream, controller) => controller.abort()],
  [
    "an abort of a waiting reader",
    async (events, _stream, controller) => {
      const waiting = events.next();
      controller.abort();
      await waiting.catch(isApiError);
    },
  ],
  ["disposal", async (_events, stream) => stream[Symbol.asyncDispose]()],
];

// Created, in progress, an item, a part, two deltas: the points between them, and the one before the first read.
const points = [0, 1, 2, 4];

test.each(ways.flatMap(([name, leave]) => points.map((point) => [name, point, leave] as const)))(
  "%s after %i events ends the request and leaves nothing behind",
  async (_name, point, leave) => {
    const { backend, client } = await startBackendClient();
    backend.script("one two three");
    backend.fault({ kind: "stall", afterBytes: 2000 });
    const controller = new AbortController();
    const timers = pendingTimers();
    const stream = await client.stream(helloRequest, { signal: controller.signal });
    const events = stream[Symbol.asyncIterator]();
    for (let read = 0; read < point; read++) await events.next();

    await leave(events, stream, controller);

    expect(await backend.requests[0]?.outcome).toBe("aborted");
    await vi.waitFor(() => expect(backend.openSockets).toBe(0));
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    expect(pendingTimers()).toBe(timers);
  },
);

/** Timers that keep the process alive. */
function pendingTimers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}

test("a response that ended well gives its connection back", async () => {
  const { backend, client } = await startBackendClient();

  await collectItems(await client.stream(helloRequest));
  await collectItems(await client.stream(helloRequest));

  expect(backend.requests.map(({ localSocketId }) => localSocketId)).toEqual([1, 1]);
});

test("a terminal event ends the stream while the server keeps the connection open", async () => {
  const { backend, client } = await startBackendClient();
  backend.script({ frames: [frames(completed), ": and then\n\n"], chunkDelayMs: 60_000 });

  const items = await collectItems(await client.stream(helloRequest));

  expect(items.at(-1)).toMatchObject({ event: { type: "completed" } });
  expect(await backend.requests[0]?.outcome).toBe("aborted");
});

test("one signal may end many streams", async () => {
  const { backend, client } = await startBackendClient();
  backend.fault({ kind: "stall", times: 20 });
  const controller = new AbortController();
  const streams = await Promise.all(
    Array.from({ length: 20 }, () => client.stream(helloRequest, { signal: controller.signal })),
  );
  const reading = streams.map(collectItems);

  controller.abort();

  for (const items of await Promise.all(reading))
    expect(items.at(-1)).toMatchObject({ error: { kind: "aborted" } });
  await vi.waitFor(() => expect(backend.openSockets).toBe(0));
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
