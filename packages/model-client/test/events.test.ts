import type { SsePoll } from "@codex-ts/api";
import { describe, expect, test } from "vitest";
import type { StreamEndReport, StreamRetryReport, TurnEvent, WebSocketConnectReport } from "../src/index.js";
import { completed, created, messageEvents } from "./support/answers.js";
import { TestLogin } from "./support/logins.js";
import { frames, posts, readAll, readOutcome, startWorld, testModel } from "./support/world.js";

function ofType(events: readonly TurnEvent[], type: TurnEvent["type"]): TurnEvent[] {
  return events.filter((event) => event.type === type);
}

describe("another model than was asked", () => {
  test("is told once for each turn, with what may be done about it", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    const other = { headers: { "openai-model": "gpt-other" } };
    backend.script(other, other, other);
    const turn = client.turn();
    const events = [...(await readAll(turn.stream("one"))), ...(await readAll(turn.stream("two")))];
    expect(ofType(events, "model_rerouted")).toEqual([
      { type: "model_rerouted", from: "gpt-test", to: "gpt-other", reason: "high_risk_cyber_activity" },
    ]);
    expect(ofType(events, "warning")).toMatchObject([
      { reason: "model_rerouted", message: expect.stringContaining("https://chatgpt.com/cyber") },
    ]);
    expect(ofType(await readAll(client.turn().stream("three")), "warning")).toHaveLength(1);
  });

  test("is found in the headers within an event, too", async () => {
    const { backend, client } = await startWorld();
    backend.script({ events: [created("r", { headers: { "OpenAI-Model": "gpt-other" } }), completed()] });
    expect(ofType(await readAll(client.turn().stream("one")), "model_rerouted")).toHaveLength(1);
  });

  test("is not meant by another case, or by the name in a response", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    const named = [created("r", { model: "gpt-other" }), completed("r", { model: "gpt-other" })];
    backend.script({ headers: { "openai-model": "GPT-TEST" }, events: named });
    expect(ofType(await readAll(client.turn().stream("one")), "model_rerouted")).toEqual([]);
  });

  test("is no news from a provider that calls models what it likes", async () => {
    const { backend, client } = await startWorld({ facts: { name: "Other" }, webSocket: false });
    backend.script({ headers: { "openai-model": "deployment-7" } });
    const events = await readAll(client.turn().stream("one"));
    expect(ofType(events, "server_model")).toHaveLength(1);
    expect(ofType(events, "model_rerouted")).toEqual([]);
  });
});

test("a verification is told once for each turn, moderation each time", async () => {
  const { backend, client } = await startWorld();
  const metadata = {
    openai_verification_recommendation: ["trusted_access_for_cyber"],
    openai_chatgpt_moderation_metadata: { a: 1 },
  };
  const told = { type: "response.metadata", metadata };
  backend.script({ events: [created(), told, told, completed()] });
  const events = await readAll(client.turn().stream("one"));
  expect(ofType(events, "model_verifications")).toHaveLength(1);
  expect(ofType(events, "turn_moderation_metadata")).toHaveLength(2);
  expect(ofType(events, "warning")).toEqual([]);
});

test("an answer that is held back names the model that was asked", async () => {
  const { backend, client } = await startWorld({ webSocket: false });
  backend.script({
    headers: {
      "x-codex-safety-buffering-enabled": "true",
      "x-codex-safety-buffering-faster-model": "gpt-fast",
    },
    events: [{ ...created(), safety_buffering: { use_cases: ["cyber"], reasons: ["r"] } }, completed()],
  });
  expect(ofType(await readAll(client.turn().stream("one")), "safety_buffering")).toEqual([
    {
      type: "safety_buffering",
      model: "gpt-test",
      use_cases: ["cyber"],
      reasons: ["r"],
      show_buffering_ui: true,
      faster_model: "gpt-fast",
    },
  ]);
});

describe("what a session has cost", () => {
  test("is added up", async () => {
    const { backend, client } = await startWorld();
    const usage = (total: number): object => ({
      input_tokens: total - 1,
      input_tokens_details: { cached_tokens: 2 },
      output_tokens: 1,
      output_tokens_details: { reasoning_tokens: 1 },
      total_tokens: total,
    });
    backend.script({ usage: usage(10) }, { usage: usage(20) }, { events: [created(), completed()] });
    const stream = client.turn().stream("one");
    await readAll(stream);
    expect(stream).toMatchObject({
      usage: { total_tokens: 10 },
      responseId: expect.any(String),
      transport: "websocket",
    });
    await readAll(client.turn().stream("two"));
    await readAll(client.turn().stream("three"));
    expect(client.usage).toEqual({
      last: expect.objectContaining({ total_tokens: 20 }),
      total: {
        input_tokens: 28,
        cached_input_tokens: 4,
        output_tokens: 2,
        reasoning_output_tokens: 2,
        total_tokens: 30,
      },
    });
  });

  test("is nothing at first", async () => {
    const { client } = await startWorld();
    expect(client.usage).toMatchObject({ last: null, total: { total_tokens: 0 } });
    expect(client.rateLimits).toEqual([]);
  });
});

describe("rate limits", () => {
  test("are those of the newest answer, by family", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    backend.script(
      { headers: { "x-codex-primary-used-percent": "10", "x-codex-other-primary-used-percent": "5" } },
      { headers: { "x-codex-primary-used-percent": "20" } },
      "silent",
    );
    for (const text of ["one", "two", "three"]) await readAll(client.turn().stream(text));
    expect(client.rateLimits).toMatchObject([
      { limit_id: "codex", primary: { used_percent: 20 } },
      { limit_id: "codex_other", primary: { used_percent: 5 } },
    ]);
  });

  test("come in messages of a WebSocket", async () => {
    const { backend, client } = await startWorld();
    const limits = {
      type: "codex.rate_limits",
      plan_type: "plus",
      rate_limits: { primary: { used_percent: 42, window_minutes: 60, reset_at: 1_700_000_000 } },
      credits: { has_credits: true, unlimited: false, balance: "123" },
    };
    backend.script({ events: [created(), limits, completed()] });
    const events = await readAll(client.turn().stream("one"));
    const snapshot = {
      limit_id: "codex",
      plan_type: "plus",
      primary: { used_percent: 42, window_minutes: 60, resets_at: 1_700_000_000 },
      credits: { balance: "123" },
    };
    expect(ofType(events, "rate_limits")).toMatchObject([{ snapshot }]);
    expect(client.rateLimits).toMatchObject([snapshot]);
  });
});

describe("a newer list of models", () => {
  const lists = ({ requests }: { readonly requests: readonly { readonly path: string }[] }): number =>
    requests.filter(({ path }) => path.endsWith("/models")).length;

  test("is fetched once, without keeping the answer waiting", async () => {
    const { backend, client } = await startWorld({ auth: new TestLogin() });
    backend.fault({ kind: "stall_headers", path: /\/models$/ });
    const { text } = await client.turn().stream("one").result();
    expect(text).toBe("one");
    await backend.waitForRequests(1, { path: /\/models$/ });
    await client.turn().stream("two").result();
    expect(lists(backend)).toBe(1);
  });

  test("is not fetched if that is not wanted", async () => {
    const { backend, client } = await startWorld({ auth: new TestLogin(), refreshModels: false });
    await readAll(client.turn().stream("one"));
    await client.close();
    expect(lists(backend)).toBe(0);
  });

  test("names the model to take when nobody names one", async () => {
    const { backend, client } = await startWorld({ auth: new TestLogin(), model: undefined });
    await readAll(client.turn().stream("one"));
    expect(frames(backend)[0]?.["model"]).toBe("gpt-5.5");
    await readAll(client.turn({ model: "gpt-6.1-sol" }).stream("two"));
    expect(frames(backend)[1]?.["model"]).toBe("gpt-6.1-sol");
  });
});

describe("telemetry", () => {
  test("tells of handshakes, messages, retries and ends, and of no request over HTTP", async () => {
    const connects: WebSocketConnectReport[] = [];
    const retries: StreamRetryReport[] = [];
    const ends: StreamEndReport[] = [];
    const polls: SsePoll[] = [];
    const { backend, client } = await startWorld({
      telemetry: {
        onWebSocketConnect: (report) => connects.push(report),
        onStreamRetry: (report) => retries.push(report),
        onStreamEnd: (report) => ends.push(report),
        onWebSocketPoll: (poll) => polls.push(poll),
        onSsePoll: () => expect.unreachable(),
      },
      backend: { webSocketHeaders: { "x-request-id": "req_1" } },
    });
    await readAll(client.turn().stream("one"));
    backend.fault({ kind: "close", code: 1011 });
    await readAll(client.turn().stream("two"));
    expect(connects).toMatchObject([{ error: undefined }, { error: undefined }]);
    expect(retries).toMatchObject([
      { attempt: 0, delayMs: 0, transport: "websocket", error: { kind: "stream" } },
    ]);
    expect(ends).toMatchObject([
      { transport: "websocket", attempts: 1, requestId: "req_1", isConnectionReused: false },
      {
        transport: "websocket",
        attempts: 2,
        responseId: expect.stringMatching(/^resp_/),
        isConnectionReused: false,
      },
    ]);
    expect(polls.length).toBeGreaterThan(5);
  });

  test("that fails disturbs nothing", async () => {
    const broken = (): never => {
      throw new Error("hook");
    };
    const { backend, client } = await startWorld({
      telemetry: {
        onAccess: broken,
        onWebSocketConnect: broken,
        onStreamRetry: broken,
        onStreamEnd: async () => broken(),
        onFallback: broken,
        onPrewarm: broken,
        onWebSocketTimings: broken,
        onWebSocketPoll: broken,
      },
      facts: { streamMaxRetries: 1 },
    });
    await client.prewarm({});
    backend.fault({ kind: "cut", afterBytes: 0, over: "websocket", times: 9 });
    expect((await client.turn().stream("one").result()).text).toBe("one");
  });

  test("sees each attempt over HTTP, and events that nobody knows", async () => {
    const seen: unknown[] = [];
    const { backend, client } = await startWorld({
      webSocket: false,
      telemetry: {
        onRequest: ({ attempt, status }) => seen.push([attempt, status]),
        onUnknownEvent: ({ type }) => seen.push(type),
        onWebSocketTimings: () => {},
      },
    });
    backend.fault({ kind: "status", status: 500 });
    backend.script({ events: [created(), { type: "response.hologram" }, completed()] });
    await readAll(client.turn().stream("one"));
    expect(seen).toEqual([[0, 500], [1, 200], "response.hologram"]);
  });
});

describe("memories", () => {
  const trace = { id: "t1", metadata: { source_path: "a.jsonl" }, items: [{}, {}] };

  test("of nothing are nothing, and nothing is sent", async () => {
    const { backend, client } = await startWorld();
    expect(await client.summarizeMemories([])).toEqual([]);
    expect(backend.requests).toEqual([]);
  });

  test("are summarized one by one", async () => {
    const { backend, client } = await startWorld({
      sessionSource: { internal: "memory_consolidation" },
      originator: "mine",
    });
    const summaries = await client.summarizeMemories([trace], { effort: "ultra" });
    expect(summaries).toMatchObject([{ memory_summary: "2 items" }]);
    expect(backend.requests[0]?.json()).toEqual({
      model: "gpt-test",
      traces: [trace],
      reasoning: { effort: "max" },
    });
    expect(backend.requests[0]?.headers).toMatchObject({
      originator: "mine",
      "x-openai-subagent": "memory_consolidation",
      "x-openai-memgen-request": "true",
    });
  });

  test("that cannot be had are an error, and can be given up", async () => {
    const { backend, client } = await startWorld();
    backend.fault({ kind: "status", status: 400, path: /trace_summarize$/ });
    await expect(client.summarizeMemories([trace])).rejects.toMatchObject({ kind: "invalid_request" });
    await expect(client.summarizeMemories([trace], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: "turn_aborted",
    });
  });

  test("are found by a turn that belongs to no conversation, and is not tried again", async () => {
    const { backend, client } = await startWorld({
      webSocket: false,
      windowNumber: 4,
      auth: new TestLogin(),
      attestation: () => "a",
    });
    await readAll(client.turn({ kind: "memory" }).stream("what is worth it?"));
    const { headers } = backend.requests[0] ?? { headers: {} };
    expect(headers).toMatchObject({
      "x-codex-turn-metadata": expect.stringMatching(/^\{"request_kind":"memory"/),
      "x-codex-window-id": `${client.threadId}:0`,
    });
    for (const name of ["x-codex-beta-features", "x-oai-attestation"])
      expect(headers).not.toHaveProperty(name);
    backend.fault({ kind: "no_completed" });
    const { error } = await readOutcome(client.turn({ kind: "memory" }).stream("again"));
    expect(error).toMatchObject({ kind: "stream" });
    expect(posts(backend)).toHaveLength(2);
  });
});

test("keeps the ids of the last answer, for a report", async () => {
  const { backend, client } = await startWorld({ webSocket: false, model: testModel() });
  backend.script({
    headers: { "x-request-id": "req_9" },
    events: [created("resp_9"), ...messageEvents("m", "x"), completed("resp_9")],
  });
  const stream = client.turn().stream("one");
  await readAll(stream);
  expect([stream.requestId, stream.responseId]).toEqual(["req_9", "resp_9"]);
});
