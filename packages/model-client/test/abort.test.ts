import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ModelClient, TurnEvent } from "../src/index.js";
import { completed, created, messageEvents } from "./support/answers.js";
import { frames, patient, readAll, readOutcome, startWorld } from "./support/world.js";

const text = "one two three four five six seven eight nine ten";
describe.each([true, false])("an abort (webSocket: %s)", (webSocket) => {
  test("at any moment ends the turn, and the next one works", async () => {
    const { backend, client } = await startWorld({ webSocket, retryBaseDelayMs: 20 });
    // Loading the HTTP stack blocks everything for a moment, timers included.
    await readAll(client.turn().stream("first"));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom("slow", "stall", "cut", "delay"),
        async (afterMs, way) => {
          backend.reset();
          if (way === "slow") backend.script({ text, chunkDelayMs: 5 });
          if (way === "delay") backend.script({ text, delayMs: 500 });
          if (way === "stall") backend.fault({ kind: "stall", afterBytes: 700 });
          if (way === "cut") backend.fault({ kind: "no_completed", times: 9 });
          const giveUp = new AbortController();
          let isAborted = false;
          // A timer of the same event loop, so that a busy machine is not taken for a slow client.
          const late = new Promise<"late">((resolve) => {
            giveUp.signal.addEventListener("abort", () => globalThis.setTimeout(resolve, 50, "late"));
          });
          const timer = globalThis.setTimeout(() => {
            isAborted = true;
            giveUp.abort(new Error("enough"));
          }, afterMs);
          const reading = readOutcome(client.turn().stream(text, { signal: giveUp.signal }));
          const outcome = await Promise.race([reading, late]);
          globalThis.clearTimeout(timer);
          if (isAborted) {
            expect(outcome).toMatchObject({
              error: { kind: "turn_aborted", cause: expect.objectContaining({ message: "enough" }) },
            });
          }
          backend.reset();
          // An echo: a script could be taken by a request that was given up on its way.
          expect((await client.turn().stream("and now?").result()).text).toBe("and now?");
        },
      ),
      { numRuns: 30 },
    );
  });

  test("before the turn sends nothing", async () => {
    const { backend, client } = await startWorld({ webSocket });
    const { events, error } = await readOutcome(client.turn().stream("go", { signal: AbortSignal.abort() }));
    expect([events, error]).toMatchObject([[], { kind: "turn_aborted" }]);
    expect(backend.requests).toEqual([]);
  });

  test("of the turn ends its streams, and does not touch another turn", async () => {
    const { backend, client } = await startWorld({ webSocket });
    backend.script({ text, chunkDelayMs: 5 }, { text, chunkDelayMs: 5 });
    const giveUp = new AbortController();
    const [first, second] = await Promise.all([
      readOutcome(client.turn({ signal: giveUp.signal }).stream("one")),
      readOutcome(client.turn().stream("two")),
      setTimeout(15).then(() => giveUp.abort()),
    ]);
    expect(first.error).toMatchObject({ kind: "turn_aborted" });
    expect(second.error).toBeUndefined();
  });

  test("in a pause before a retry ends the pause", async () => {
    const { backend, client } = await startWorld({ webSocket, retryBaseDelayMs: 60_000 });
    backend.fault({ kind: "no_completed" });
    const giveUp = new AbortController();
    const reading = readOutcome(client.turn().stream("go", { signal: giveUp.signal }));
    await backend.waitForRequests(webSocket ? 2 : 1);
    globalThis.setTimeout(() => giveUp.abort(), 20);
    expect((await reading).error).toMatchObject({ kind: "turn_aborted" });
  });

  test("leaves no listener on the signal, and neither does a turn that was completed", async () => {
    const { client } = await startWorld({ webSocket });
    const controller = new AbortController();
    const counted = countListeners(controller.signal);
    await readAll(client.turn({ signal: controller.signal }).stream("one"));
    expect(counted()).toBe(0);
  });

  test("leaving the loop ends the request, and the next turn sees none of its events", async () => {
    const { backend, client } = await startWorld({ webSocket });
    backend.script({ text, chunkDelayMs: 2 }, "other");
    for await (const { type } of client.turn().stream("one")) if (type === "output_text_delta") break;
    expect((await client.turn().stream("two").result()).text).toBe("other");
    const left = backend.requests.find(({ method }) => method !== "GET");
    await expect(left?.outcome).resolves.toBe("aborted");
  });
});

test("cancel ends a stream that somebody waits for, without an error", async () => {
  const { backend, client } = await startWorld();
  backend.fault({ kind: "stall" });
  const stream = client.turn().stream("go");
  const reading = readOutcome(stream);
  await backend.waitForRequests(2);
  stream.cancel();
  expect(await reading).toMatchObject({ events: [{ type: "models_etag" }], error: undefined });
  expect(await readAll(stream)).toEqual([]);
});

test("a stream that is never read sends nothing, and is held by nobody", async () => {
  const { backend, client } = await startWorld();
  const controller = new AbortController();
  const counted = countListeners(controller.signal);
  client.turn({ signal: controller.signal }).stream("go");
  client.turn().stream("go").cancel();
  await setTimeout(5);
  expect([backend.requests, counted()]).toEqual([[], 0]);
});

test("calls of next() that overlap are answered one after the other", async () => {
  const { client } = await startWorld();
  const stream = client.turn().stream("one two");
  const events: TurnEvent[] = [];
  for (;;) {
    const results = await Promise.all([stream.next(), stream.next(), stream.next()]);
    for (const { value } of results) if (value !== undefined) events.push(value);
    if (results.some(({ done }) => done)) break;
  }
  expect(events.flatMap((event) => (event.type === "output_text_delta" ? event.delta : [])).join("")).toBe(
    "one two",
  );
});

describe("closing the client", () => {
  test("ends what is under way, and whatever comes after it", async () => {
    const { backend, client } = await startWorld();
    backend.fault({ kind: "stall" });
    const reading = readOutcome(client.turn().stream("go"));
    await backend.waitForRequests(2);
    await client.close();
    expect((await reading).error).toMatchObject({ kind: "turn_aborted" });
    expect((await readOutcome(client.turn().stream("go"))).error).toMatchObject({ kind: "turn_aborted" });
    await expect(client.compact("go")).rejects.toMatchObject({ kind: "turn_aborted" });
    await client.close();
  });

  test("lets a connection go that waits", async () => {
    const { backend, client } = await startWorld();
    await readAll(client.turn().stream("go"));
    await client.close();
    expect(backend.webSockets[0]?.closed).toMatchObject({ code: 1000 });
    expect(backend.openSockets).toBe(0);
  });

  test("lets a connection go that is given back afterwards", async () => {
    const { backend, client } = await startWorld();
    await closedInTheMiddle(client);
    await expect.poll(() => backend.openSockets, patient).toBe(0);
  });
});

async function closedInTheMiddle(client: ModelClient): Promise<void> {
  const reading = readOutcome(client.turn().stream("go"));
  await setTimeout(2);
  await client.close();
  await reading;
}

test("an aborted answer over a WebSocket is not taken for the next one's", async () => {
  const { backend, client } = await startWorld();
  backend.script(
    { events: [created("a"), ...messageEvents("msg_old", text), completed("a")], chunkDelayMs: 3 },
    { events: [created("b"), ...messageEvents("msg_new", "new"), completed("b")] },
  );
  const giveUp = new AbortController();
  for await (const { type } of client.turn().stream("one")) if (type === "output_text_delta") break;
  giveUp.abort();
  const { items } = await client.turn().stream("two").result();
  expect(items).toMatchObject([{ id: "msg_new" }]);
  expect(frames(backend)).toHaveLength(2);
  expect(backend.webSockets).toHaveLength(2);
});

/** Counts what listens to a signal. */
function countListeners(signal: AbortSignal): () => number {
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners.add(args[1]);
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners.delete(args[1]);
    removeEventListener.apply(signal, args);
  };
  return () => listeners.size;
}
