import { describe, expect, test } from "vitest";
import type { FallbackReport, TurnEvent } from "../src/index.js";
import { frames, posts, readAll, readOutcome, startWorld } from "./support/world.js";

function warnings(events: readonly TurnEvent[]): string[] {
  return events.flatMap((event) => (event.type === "warning" ? event.message : []));
}

describe("a server that speaks HTTP only", () => {
  test("is asked over HTTP at once, quietly, and not over a WebSocket again", async () => {
    const fallbacks: FallbackReport[] = [];
    const { backend, client } = await startWorld({
      backend: { webSocket: false },
      facts: { streamMaxRetries: 0, requestMaxRetries: 0 },
      telemetry: { onFallback: (report) => fallbacks.push(report) },
    });
    for (const text of ["one", "two"]) {
      const events = await readAll(client.turn().stream(text));
      expect(events.map(({ type }) => type)).not.toContain("warning");
      expect(events.map(({ type }) => type)).not.toContain("reconnecting");
    }
    expect(backend.requests.map(({ method }) => method)).toEqual(["GET", "POST", "POST"]);
    expect(fallbacks).toEqual([{ reason: "upgrade_required", isForSession: true }]);
  });

  test.each([404, 405, 501])("says so by %i too, which is told", async (status) => {
    const { backend, client } = await startWorld();
    backend.fault({ kind: "status", status, over: "websocket" });
    const events = await readAll(client.turn().stream("one"));
    expect(warnings(events)).toHaveLength(1);
    await readAll(client.turn().stream("two"));
    expect(backend.requests.map(({ method }) => method)).toEqual(["GET", "POST", "POST"]);
  });
});

describe("when the tries over WebSockets are used up", () => {
  test("goes on over HTTP, and says so", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 2 } });
    backend.fault({ kind: "cut", afterBytes: 0, over: "websocket", times: 99 });
    const events = await readAll(client.turn().stream("hello"));
    expect(backend.webSockets).toHaveLength(3);
    expect(posts(backend)).toHaveLength(1);
    expect(events.flatMap((event) => (event.type === "reconnecting" ? event.message : []))).toEqual([
      "Reconnecting... 2/2",
    ]);
    expect(warnings(events)).toEqual([
      "Falling back from WebSockets to HTTPS transport. stream disconnected before completion: stream closed before response.completed",
    ]);
  });

  test("counts no prewarm that failed", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 2 } });
    backend.fault({ kind: "cut", afterBytes: 0, over: "websocket", times: 99 });
    void client.prewarm({});
    await readAll(client.turn().stream("hello"));
    expect([frames(backend).length, posts(backend).length]).toEqual([4, 1]);
  });

  test("has all retries again over HTTP", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 1, requestMaxRetries: 0 } });
    backend.fault({ kind: "no_completed", times: 99 });
    const { error } = await readOutcome(client.turn().stream("hello"));
    expect(error).toMatchObject({ kind: "stream" });
    expect([frames(backend).length, posts(backend).length]).toEqual([2, 2]);
  });

  test.each([403, 500])("so does a handshake that is refused with %i", async (status) => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 5 } });
    backend.fault({ kind: "status", status, over: "websocket", times: 99 });
    expect((await client.turn().stream("hello").result()).text).toBe("hello");
    expect(backend.requests.filter(({ method }) => method === "GET")).toHaveLength(6);
  });

  test.each(["html", "unauthorized", "reset", "rate_limit"] as const)(
    "a handshake that meets %s says nothing about the request",
    async (kind) => {
      const { backend, client } = await startWorld({ facts: { streamMaxRetries: 1 } });
      backend.fault({ kind, over: "websocket", times: 99 });
      expect((await client.turn().stream("hello").result()).text).toBe("hello");
    },
  );

  test("a used-up limit ends the turn at the handshake", async () => {
    const { backend, client } = await startWorld();
    backend.fault({ kind: "usage_limit", over: "websocket" });
    const { error } = await readOutcome(client.turn().stream("hello"));
    expect(error).toMatchObject({ kind: "usage_limit_reached" });
    expect(backend.requests).toHaveLength(1);
  });

  test("stays with HTTP for the rest of the turn only; the next one tries a WebSocket once", async () => {
    const fallbacks: FallbackReport[] = [];
    const { backend, client } = await startWorld({
      facts: { streamMaxRetries: 2 },
      telemetry: { onFallback: (report) => fallbacks.push(report) },
    });
    backend.fault({ kind: "cut", afterBytes: 0, over: "websocket", times: 4 });
    const turn = client.turn();
    await readAll(turn.stream("one"));
    await readAll(turn.stream("two"));
    expect([frames(backend).length, posts(backend).length]).toEqual([3, 2]);
    await readAll(client.turn().stream("three"));
    expect([frames(backend).length, posts(backend).length]).toEqual([4, 3]);
    await readAll(client.turn().stream("four"));
    expect([frames(backend).length, posts(backend).length]).toEqual([5, 3]);
    expect(fallbacks.map(({ isForSession }) => isForSession)).toEqual([false, false]);
  });

  test("an answer over a WebSocket makes up for it", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 1 } });
    const cut = { kind: "cut", afterBytes: 0, over: "websocket", times: 2 } as const;
    backend.fault(cut);
    await readAll(client.turn().stream("falls back"));
    await readAll(client.turn().stream("works"));
    // The first is that of a connection that has waited, which is not counted.
    backend.fault(cut);
    const events = await readAll(client.turn().stream("is tried again"));
    expect(warnings(events)).toEqual([]);
    expect(posts(backend)).toHaveLength(1);
  });

  test("after three such turns in a row the session stays with HTTP", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 1 } });
    backend.fault({ kind: "cut", afterBytes: 0, over: "websocket", times: 99 });
    for (let turn = 0; turn < 5; turn += 1) await readAll(client.turn().stream("go"));
    expect([frames(backend).length, posts(backend).length]).toEqual([2 + 1 + 1, 5]);
  });
});

test.each([
  [1009, "message_too_big"],
  [1008, "policy"],
] as const)("a close with code %i means HTTP at once, for the session", async (code, reason) => {
  const fallbacks: FallbackReport[] = [];
  const { backend, client } = await startWorld({
    telemetry: { onFallback: (report) => fallbacks.push(report) },
  });
  backend.fault({ kind: "close", code });
  const events = await readAll(client.turn().stream("one"));
  expect(warnings(events)).toHaveLength(1);
  await readAll(client.turn().stream("two"));
  expect([frames(backend).length, posts(backend).length]).toEqual([1, 2]);
  expect(fallbacks).toEqual([{ reason, isForSession: true }]);
});

test("any other close is tried again", async () => {
  const { backend, client } = await startWorld();
  backend.fault({ kind: "close", code: 1011 });
  await readAll(client.turn().stream("one"));
  expect([frames(backend).length, posts(backend).length]).toEqual([2, 0]);
});

test("providers that cannot do it are never asked for a WebSocket", async () => {
  const { backend, client } = await startWorld({ facts: { supportsWebsockets: false } });
  await readAll(client.turn().stream("one"));
  expect(backend.requests.map(({ method }) => method)).toEqual(["POST"]);
});
