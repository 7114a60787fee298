import type { ResponseItem } from "@codex-ts/protocol";
import { describe, expect, test } from "vitest";
import { completed, created, messageEvents } from "./support/answers.js";
import { frames, readAll, startWorld, testModel } from "./support/world.js";

function said(text: string): ResponseItem {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}

function metadataOf(frame: Record<string, unknown> | undefined): Record<string, string> {
  return frame?.["client_metadata"] as Record<string, string>;
}

test("shakes hands once, and sends what is new", async () => {
  const { backend, client } = await startWorld({ originator: "my_agent" });
  const input: ResponseItem[] = [];
  for (const text of ["one", "two", "three"]) {
    input.push(said(text));
    const { items } = await client.turn().stream({ input }).result();
    input.push(...items);
  }
  expect(backend.webSockets).toHaveLength(1);
  expect(frames(backend).map(({ input: sent }) => (sent as object[]).length)).toEqual([1, 1, 1]);
  const ids = frames(backend).map((frame) => frame["previous_response_id"]);
  expect(ids).toEqual([undefined, expect.stringMatching(/^resp_/), expect.stringMatching(/^resp_/)]);
  const { headers } = backend.requests[0] ?? { headers: {} };
  expect(headers).toMatchObject({
    "openai-beta": "responses_websockets=2026-02-06",
    "x-client-request-id": client.threadId,
    "session-id": client.sessionId,
    "thread-id": client.threadId,
    "x-codex-window-id": `${client.threadId}:0`,
    "x-codex-beta-features": "remote_compaction_v2",
    "x-codex-turn-metadata": expect.stringContaining('"request_kind":"turn"'),
    originator: "my_agent",
    "user-agent": expect.stringMatching(/^my_agent\//),
  });
  for (const name of [
    "accept",
    "content-type",
    "x-codex-turn-state",
    "x-openai-internal-codex-responses-lite",
  ])
    expect(headers).not.toHaveProperty(name);
});

test("is named in what each message says of itself", async () => {
  const { backend, client } = await startWorld({ installationId: "inst", clock: () => 1_782_345_678_901 });
  const turn = client.turn();
  await readAll(turn.stream("go"));
  const [frame] = frames(backend);
  const metadata = metadataOf(frame);
  expect(metadata).toMatchObject({
    "x-codex-installation-id": "inst",
    turn_id: turn.id,
    "x-codex-ws-stream-request-start-ms": "1782345678901",
  });
  expect(JSON.parse(metadata["x-codex-turn-metadata"] ?? "")).toMatchObject({
    turn_id: turn.id,
    request_kind: "turn",
  });
  expect(frame).not.toHaveProperty("trace");
  expect(frame?.["input"]).toEqual([expect.not.objectContaining({ id: expect.anything() })]);
});

test("each message carries the trace of its own moment", async () => {
  let span = 0;
  const trace = () => ({
    traceparent: `00-${"a".repeat(32)}-000000000000000${++span}-01`,
    tracestate: `n=${span}`,
  });
  const { backend, client } = await startWorld({ trace });
  await readAll(client.turn().stream("one"));
  await readAll(client.turn().stream("two"));
  const traces = frames(backend).map((frame) => metadataOf(frame)["ws_request_header_traceparent"]);
  expect(new Set(traces).size).toBe(2);
  expect(metadataOf(frames(backend)[0])["ws_request_header_tracestate"]).toMatch(/^n=/);
});

test("a trace that cannot be had breaks nothing", async () => {
  const { client } = await startWorld({
    trace: () => {
      throw new Error("no tracer");
    },
  });
  expect((await client.turn().stream("one").result()).text).toBe("one");
});

test.each([
  ["instructions", { instructions: "Other." }],
  ["tools", { tools: [{ type: "function", name: "f" }] }],
])("changed %s are sent with everything, over the same connection", async (_name, change) => {
  const { backend, client } = await startWorld();
  const input: ResponseItem[] = [said("one")];
  input.push(...(await client.turn().stream({ input }).result()).items, said("two"));
  await client
    .turn()
    .stream({ input, ...change })
    .result();
  expect(frames(backend)[1]).not.toHaveProperty("previous_response_id");
  expect(frames(backend)[1]?.["input"]).toHaveLength(3);
  expect(backend.webSockets).toHaveLength(1);
});

test("a changed tier is sent with everything, over the same connection", async () => {
  const model = testModel({ service_tiers: [{ id: "priority", name: "Fast", description: "" }] });
  const { backend, client } = await startWorld({ model });
  const input: ResponseItem[] = [said("one")];
  input.push(...(await client.turn().stream({ input }).result()).items, said("two"));
  await client.turn({ serviceTier: "fast" }).stream({ input }).result();
  expect(frames(backend)[1]).toMatchObject({ service_tier: "priority" });
  expect(frames(backend)[1]).not.toHaveProperty("previous_response_id");
});

test("a lite model is told so in the messages that are for it", async () => {
  const { backend, client } = await startWorld();
  const lite = testModel({ use_responses_lite: true });
  await readAll(client.turn().stream("one"));
  await readAll(client.turn({ model: lite }).stream("two"));
  await readAll(client.turn().stream("three"));
  const flag = "ws_request_header_x_openai_internal_codex_responses_lite";
  expect(frames(backend).map((frame) => metadataOf(frame)[flag])).toEqual([undefined, "true", undefined]);
  expect(frames(backend)[1]).toMatchObject({
    reasoning: { context: "all_turns" },
    parallel_tool_calls: false,
  });
  expect(frames(backend)[1]).not.toHaveProperty("tools");
  expect(frames(backend)[1]).not.toHaveProperty("previous_response_id");
  expect(backend.webSockets).toHaveLength(1);
});

describe("turn state", () => {
  const state = (value: string): object => ({
    type: "response.metadata",
    headers: { "x-codex-turn-state": value },
  });
  const answer = (value: string) => ({
    events: [created(), state(value), ...messageEvents("m", "ok"), completed()],
  });

  test("is sent back within the turn, the first value for good, and forgotten after it", async () => {
    const { backend, client } = await startWorld();
    backend.script(answer("ts-1"), answer("ts-2"), "three", "four");
    const turn = client.turn();
    for (const text of ["one", "two", "three"]) await readAll(turn.stream(text));
    await readAll(client.turn().stream("four"));
    const states = frames(backend).map((frame) => metadataOf(frame)["x-codex-turn-state"]);
    expect(states).toEqual([undefined, "ts-1", "ts-1", undefined]);
    expect(backend.webSockets).toHaveLength(1);
  });

  test("survives the retry of a stream", async () => {
    const { backend, client } = await startWorld();
    backend.script({ events: [created(), state("ts-1")] }, "done");
    await readAll(client.turn().stream("go"));
    expect(metadataOf(frames(backend)[1])["x-codex-turn-state"]).toBe("ts-1");
  });

  test("goes over HTTP as a header", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    backend.script(
      { headers: { "x-codex-turn-state": "ts-1" } },
      { headers: { "x-codex-turn-state": "ts-2" } },
    );
    const turn = client.turn();
    for (const text of ["one", "two", "three"]) await readAll(turn.stream(text));
    await readAll(client.turn().stream("four"));
    const states = backend.requests.map(({ headers }) => headers["x-codex-turn-state"]);
    expect(states).toEqual([undefined, "ts-1", "ts-1", undefined]);
    const ids = backend.requests.map(
      (request) => metadataOf(request.json() as Record<string, unknown>)["turn_id"],
    );
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
  });
});

describe("prewarm", () => {
  const prompt = { instructions: "Be brief.", tools: [{ type: "function", name: "f" }] };

  test("prepares the connection, the request and the state of the first turn", async () => {
    const { backend, client } = await startWorld();
    void client.prewarm(prompt);
    await readAll(client.turn().stream({ ...prompt, input: "hello" }));
    const [warm, first] = frames(backend);
    expect(warm).toMatchObject({ ...prompt, generate: false, input: [] });
    expect(JSON.parse(metadataOf(warm)["x-codex-turn-metadata"] ?? "")).toMatchObject({
      request_kind: "prewarm",
      window_id: metadataOf(warm)["x-codex-window-id"],
    });
    expect(first).toMatchObject({ ...prompt, previous_response_id: expect.any(String) });
    expect(first).not.toHaveProperty("generate");
    expect(backend.webSockets).toHaveLength(1);
    expect(client.usage.last?.total_tokens).toBeGreaterThan(0);
  });

  test("costs nothing of what the session has cost", async () => {
    const { client } = await startWorld();
    expect(await client.prewarm(prompt)).toBe("ready");
    expect(client.usage).toMatchObject({ last: null, total: { total_tokens: 0 } });
  });

  test("that fails does no harm, and costs no retry", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 0 } });
    backend.fault({ kind: "cut", afterBytes: 0 });
    expect(await client.prewarm(prompt)).toBe("failed");
    expect((await client.turn().stream("hello").result()).text).toBe("hello");
    expect(backend.webSockets).toHaveLength(2);
  });

  test("finds out that the server speaks HTTP only", async () => {
    const { backend, client } = await startWorld({ backend: { webSocket: false } });
    expect(await client.prewarm(prompt)).toBe("skipped");
    await readAll(client.turn().stream("hello"));
    expect(backend.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  test("is not waited for longer than a connection may take", async () => {
    const { backend, client } = await startWorld({ facts: { websocketConnectTimeoutMs: 150 } });
    backend.fault({ kind: "stall", afterBytes: 0 });
    const status = client.prewarm(prompt);
    expect((await client.turn().stream("hello").result()).text).toBe("hello");
    expect(await status).toBe("timed_out");
  });

  test("waiting for it can be given up with the turn", async () => {
    const { backend, client } = await startWorld();
    backend.fault({ kind: "stall", afterBytes: 0 });
    void client.prewarm(prompt);
    const giveUp = new AbortController();
    const read = readAll(client.turn().stream("hello", { signal: giveUp.signal }));
    setTimeout(() => giveUp.abort(), 20);
    await expect(read).rejects.toMatchObject({ kind: "turn_aborted" });
  });

  test("preconnect only opens a connection", async () => {
    const { backend, client } = await startWorld();
    expect(await client.preconnect()).toBe("ready");
    expect(frames(backend)).toEqual([]);
    expect(backend.requests[0]?.headers).toMatchObject({ "x-codex-window-id": `${client.threadId}:0` });
    expect(backend.requests[0]?.headers).not.toHaveProperty("x-codex-turn-metadata");
    expect(await client.preconnect()).toBe("ready");
    await readAll(client.turn().stream("hello"));
    expect(backend.webSockets).toHaveLength(1);
  });

  test("without WebSockets nothing is sent", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    expect([await client.prewarm(prompt), await client.preconnect()]).toEqual(["skipped", "skipped"]);
    expect(backend.requests).toEqual([]);
  });
});

test.each([
  [undefined, "priority"],
  ["fast", undefined],
])("a tier that changes after the prewarm (%s, then %s) is sent with everything", async (before, after) => {
  const model = testModel({ service_tiers: [{ id: "priority", name: "Fast", description: "" }] });
  const { backend, client } = await startWorld({ model });
  await client.prewarm({}, { serviceTier: before });
  await readAll(client.turn({ serviceTier: after }).stream("hello"));
  const [warm, first] = frames(backend);
  expect([warm?.["service_tier"], first?.["service_tier"]]).toEqual([before && "priority", after]);
  expect(first).not.toHaveProperty("previous_response_id");
  expect(backend.webSockets).toHaveLength(1);
});

test("another conversation is sent with everything, over the same connection", async () => {
  const { backend, client } = await startWorld();
  await readAll(client.turn().stream({ input: [said("one")] }));
  await readAll(client.turn().stream({ input: [said("other"), said("two")] }));
  expect(frames(backend)[1]).not.toHaveProperty("previous_response_id");
  expect(backend.webSockets).toHaveLength(1);
});

test("what other providers note on items does not make them new", async () => {
  const { backend, client } = await startWorld({ facts: { name: "Other" } });
  const item = {
    type: "message",
    role: "assistant",
    id: "msg_1",
    content: [{ type: "output_text", text: "ok" }],
    internal_chat_message_metadata_passthrough: { turn_id: "theirs" },
  };
  backend.script({ items: [item] });
  const input: ResponseItem[] = [said("one")];
  input.push(...(await client.turn().stream({ input }).result()).items, said("two"));
  await readAll(client.turn().stream({ input }));
  expect(frames(backend)[1]).toMatchObject({
    previous_response_id: expect.any(String),
    input: [said("two")],
  });
});

test("tells at the start of each answer what the handshake said", async () => {
  const { client } = await startWorld({ backend: { webSocketHeaders: { "x-reasoning-included": "true" } } });
  for (const text of ["one", "two"]) {
    const events = await readAll(client.turn().stream(text));
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(["models_etag", "server_reasoning_included"]);
  }
});

test("two turns at once have a connection each, and one of them is kept", async () => {
  const { backend, client } = await startWorld();
  const texts = await Promise.all(
    ["one", "two"].map(async (text) => (await client.turn().stream(text).result()).text),
  );
  expect(texts).toEqual(["one", "two"]);
  expect(backend.webSockets).toHaveLength(2);
  await readAll(client.turn().stream("three"));
  expect(backend.webSockets).toHaveLength(2);
});

test("tells the server's timings if it was asked for them", async () => {
  const timings: object[] = [];
  const { backend, client } = await startWorld({
    timingMetrics: true,
    telemetry: { onWebSocketTimings: (report) => timings.push(report) },
  });
  const timing = { type: "responsesapi.websocket_timing", timing_metrics: { engine_service_total_ms: 7 } };
  backend.script({ events: [created(), timing, completed()] });
  await readAll(client.turn().stream("go"));
  expect(timings).toEqual([{ engine_service_total_ms: 7 }]);
  expect(backend.requests[0]?.headers).toMatchObject({ "x-responsesapi-include-timing-metrics": "true" });
});

test("does not ask for timings that nobody wants", async () => {
  const { backend, client } = await startWorld();
  await readAll(client.turn().stream("go"));
  expect(backend.requests[0]?.headers).not.toHaveProperty("x-responsesapi-include-timing-metrics");
});

test("gives the same events as HTTP does", async () => {
  const events = [created(), ...messageEvents("msg_1", "one two"), completed("resp_1", { usage: null })];
  const seen = await Promise.all(
    [true, false].map(async (webSocket) => {
      const { backend, client } = await startWorld({
        webSocket,
        backend: { webSocketHeaders: { "openai-model": "gpt-test" } },
      });
      backend.script({ events });
      return (await readAll(client.turn().stream("go"))).filter(({ type }) => type !== "rate_limits");
    }),
  );
  expect(seen[0]).toEqual(seen[1]);
});
