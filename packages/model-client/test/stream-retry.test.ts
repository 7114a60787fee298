import { isUserError, type UserError } from "@codex-ts/api";
import { describe, expect, test } from "vitest";
import type { TurnEvent } from "../src/index.js";
import { callEvents, callOutput, completed, created, failed, messageEvents } from "./support/answers.js";
import { shownText } from "./support/shown-text.js";
import { frames, posts, readAll, readOutcome, startWorld, testModel } from "./support/world.js";

const half = messageEvents("msg_1", "one two three").slice(0, 2);

function notices(events: readonly TurnEvent[]): string[] {
  return events.flatMap((event) => (event.type === "reconnecting" ? event.message : []));
}

function ofType(events: readonly TurnEvent[], type: TurnEvent["type"]): TurnEvent[] {
  return events.filter((event) => event.type === type);
}

describe("over http", () => {
  const http = { webSocket: false } as const;

  test("asks again when an answer is cut, and takes back what was not finished", async () => {
    const { backend, client } = await startWorld(http);
    backend.script({ events: [created(), ...half] }, "one two three");
    const events = await readAll(client.turn().stream("count"));
    expect(posts(backend)).toHaveLength(2);
    expect(notices(events)).toEqual(["Reconnecting... 1/5"]);
    expect(shownText(events)).toBe("one two three");
    const order = events.map(({ type }) => type);
    expect(order.slice(order.indexOf("reset"), order.indexOf("reset") + 2)).toEqual([
      "reset",
      "reconnecting",
    ]);
    expect(ofType(events, "completed")).toHaveLength(1);
  });

  test("sends finished items again as the last of the input, and gives each of them once", async () => {
    const { backend, client } = await startWorld(http);
    backend.script(
      { events: [created(), ...messageEvents("msg_1", "first"), ...half] },
      { events: [created(), ...messageEvents("msg_2", "second"), completed()] },
    );
    const stream = client.turn().stream("go");
    const events = await readAll(stream);
    expect(posts(backend)[1]).toMatchObject({
      input: [{ role: "user" }, { role: "assistant", content: [{ type: "output_text", text: "first" }] }],
    });
    expect(stream.items.map((item) => "id" in item && item.id)).toEqual(["msg_1", "msg_2"]);
    expect(ofType(events, "output_item_done")).toHaveLength(2);
    expect(shownText(events)).toBe("firstsecond");
  });

  test("says nothing of a reset when nothing was taken back", async () => {
    const { backend, client } = await startWorld(http);
    backend.script(
      { events: [created(), ...messageEvents("msg_1", "first")] },
      { events: [created(), completed()] },
    );
    expect(ofType(await readAll(client.turn().stream("go")), "reset")).toEqual([]);
  });

  test("gives up after the budget, with the last failure", async () => {
    const { backend, client } = await startWorld({ ...http, facts: { streamMaxRetries: 2 } });
    backend.fault({ kind: "no_completed", times: 9 });
    const { events, error } = await readOutcome(client.turn().stream("go"));
    expect(posts(backend)).toHaveLength(3);
    expect(notices(events)).toEqual(["Reconnecting... 1/2", "Reconnecting... 2/2"]);
    expect(error).toMatchObject({
      kind: "stream",
      message: "stream disconnected before completion: stream closed before response.completed",
    });
    expect(isUserError(error)).toBe(true);
  });

  test("a turn that failed does not keep the next one from working", async () => {
    const { backend, client } = await startWorld({ ...http, facts: { streamMaxRetries: 0 } });
    backend.fault({ kind: "no_completed" });
    await expect(client.turn().stream("go").result()).rejects.toMatchObject({ kind: "stream" });
    expect((await client.turn().stream("again").result()).text).toBe("again");
  });

  test.each([
    ["a status 502", { kind: "status", status: 502 }, 30, "unexpected_status"],
    [
      "a server without capacity",
      { kind: "status", status: 503, body: overloaded() },
      5,
      "server_overloaded",
    ],
    ["a reset connection", { kind: "reset" }, 30, "stream"],
    ["a 401 that nothing can be done about", { kind: "unauthorized" }, 6, "unexpected_status"],
    ["a bad request", { kind: "status", status: 400, body: "no" }, 1, "invalid_request"],
    ["a used-up limit", { kind: "usage_limit" }, 1, "usage_limit_reached"],
    ["a 429 that names no time", { kind: "rate_limit" }, 1, "retry_limit"],
    ["a challenge page", { kind: "html" }, 1, "html_challenge"],
    ["a not allowed policy", { kind: "status", status: 400, body: policy() }, 1, "cyber_policy"],
    ["a redirect to elsewhere", { kind: "redirect", to: "https://example.test/" }, 1, "unexpected_status"],
  ] as const)("meets %s as long as it makes sense", async (_name, fault, count, kind) => {
    const { backend, client } = await startWorld(http);
    backend.fault({ ...fault, times: 99 });
    const { error } = await readOutcome(client.turn().stream("go"));
    expect(posts(backend)).toHaveLength(count);
    expect((error as UserError).kind).toBe(kind);
  });

  test("waits as long as the message of a failed response asks for", async () => {
    const { backend, client } = await startWorld(http);
    backend.script({ events: [failed("rate_limit_exceeded", "Please try again in 120ms.")] }, "done");
    const events = await readAll(client.turn().stream("go"));
    expect(events.find(({ type }) => type === "reconnecting")).toMatchObject({ delayMs: 120, attempt: 1 });
    const [first, second] = backend.requests;
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(115);
  });

  test("does not wait longer than it is allowed to, and says how long it would have been", async () => {
    const { backend, client } = await startWorld({ ...http, maxRetryAfterMs: 1000 });
    backend.script({ events: [failed("rate_limit_exceeded", "Please try again in 20s.")] });
    const { error } = await readOutcome(client.turn().stream("go"));
    expect(error).toMatchObject({ kind: "stream", delayMs: 20_000 });
    expect(posts(backend)).toHaveLength(1);
  });

  test("waits for a Retry-After within the request", async () => {
    const { backend, client } = await startWorld(http);
    backend.fault({ kind: "rate_limit", retryAfter: "0", times: 2 });
    expect(notices(await readAll(client.turn().stream("go")))).toEqual([]);
    expect(posts(backend)).toHaveLength(3);
  });

  test.each([
    ["context_length_exceeded", "context_window_exceeded"],
    ["insufficient_quota", "quota_exceeded"],
    ["usage_not_included", "usage_not_included"],
    ["server_is_overloaded", "server_overloaded"],
    ["invalid_prompt", "invalid_request"],
    ["cyber_policy", "cyber_policy"],
    ["usage_limit_reached", "usage_limit_reached"],
  ])("a response that failed with %s is final", async (code, kind) => {
    const { backend, client } = await startWorld(http);
    backend.script({ events: [created(), failed(code)] });
    const { error } = await readOutcome(client.turn().stream("go"));
    expect((error as UserError).kind).toBe(kind);
    expect(posts(backend)).toHaveLength(1);
  });

  test("an incomplete response is asked for again, until the budget is used up", async () => {
    const { backend, client } = await startWorld({ ...http, facts: { streamMaxRetries: 1 } });
    const incomplete = {
      type: "response.incomplete",
      response: { incomplete_details: { reason: "content_filter" } },
    };
    backend.script({ events: [incomplete] }, { events: [incomplete] });
    const { error } = await readOutcome(client.turn().stream("go"));
    expect(error).toMatchObject({
      message: "stream disconnected before completion: Incomplete response returned, reason: content_filter",
    });
    expect(posts(backend)).toHaveLength(2);
  });

  test("asks again after silence", async () => {
    const { backend, client } = await startWorld({ ...http, facts: { streamIdleTimeoutMs: 60 } });
    backend.fault({ kind: "stall", afterBytes: 1 });
    expect(notices(await readAll(client.turn().stream("go")))).toHaveLength(1);
  });

  test("does not ask again for an event that is too large", async () => {
    const { backend, client } = await startWorld(http);
    backend.fault({ kind: "oversize", bytes: 2 ** 26 + 1 });
    const { error } = await readOutcome(client.turn().stream("go"));
    expect(error).toMatchObject({ kind: "stream", cause: { code: "sse_oversize" } });
    expect(posts(backend)).toHaveLength(1);
  });

  test("does not ask again with a request that cannot be written", async () => {
    const { backend, client } = await startWorld(http);
    const { error } = await readOutcome(client.turn().stream({ input: "go", tools: [{ size: 1n }] }));
    expect(error).toMatchObject({ kind: "stream", cause: { code: "invalid_body" } });
    expect(posts(backend)).toEqual([]);
  });

  test("marks the window as full when the conversation does not fit into it", async () => {
    const { backend, client } = await startWorld(http);
    backend.script({ events: [failed("context_length_exceeded")] });
    await readOutcome(client.turn().stream("go"));
    expect(client.usage).toMatchObject({ last: { total_tokens: 258_400 }, total: { total_tokens: 258_400 } });
  });

  test("tells the limits that a refusal carries before it tells of the refusal", async () => {
    const { backend, client } = await startWorld(http);
    backend.fault({
      kind: "status",
      status: 429,
      headers: { "x-codex-primary-used-percent": "100", "x-codex-primary-window-minutes": "300" },
      body: JSON.stringify({
        error: { type: "usage_limit_reached", plan_type: "pro", resets_at: 1_900_000_000 },
      }),
    });
    const { events, error } = await readOutcome(client.turn().stream("go"));
    expect(events).toMatchObject([
      { type: "rate_limits", snapshot: { limit_id: "codex", primary: { used_percent: 100 } } },
    ]);
    expect(error).toMatchObject({ kind: "usage_limit_reached" });
    expect(client.rateLimits).toMatchObject([{ primary: { used_percent: 100 } }]);
  });
});

describe("an answer that breaks off behind a call", () => {
  test("ends the stream so that the caller can answer it first", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    backend.script({ events: [created(), ...callEvents("call_1"), ...half] }, "thanks");
    const turn = client.turn();
    const prompt = { type: "message", role: "user", content: [{ type: "input_text", text: "go" }] } as const;
    const first = turn.stream({ input: [prompt] });
    const { events, error } = await readOutcome(first);
    expect(error).toBeUndefined();
    expect(events.slice(-2)).toMatchObject([
      { type: "reset" },
      { type: "interrupted", error: { kind: "stream" } },
    ]);
    expect(posts(backend)).toHaveLength(1);

    const second = await turn.stream({ input: [prompt, ...first.items, callOutput("call_1")] }).result();
    expect(second).toMatchObject({ text: "thanks", isInterrupted: false });
  });

  test("counts on, so that it comes to an end", async () => {
    const { backend, client } = await startWorld({ webSocket: false, facts: { streamMaxRetries: 2 } });
    let calls = 0;
    backend.script(
      ...Array.from({ length: 9 }, () => () => ({ events: [created(), ...callEvents(`c${calls++}`)] })),
    );
    const turn = client.turn();
    const outcomes: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { error } = await readOutcome(turn.stream("go"));
      outcomes.push(error === undefined ? "interrupted" : (error as UserError).kind);
    }
    expect(outcomes).toEqual(["interrupted", "interrupted", "stream"]);
    expect(await readOutcome(client.turn().stream("go"))).toMatchObject({ error: undefined });
  });

  test("does not stop for a call that the server answers itself", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    const item = {
      id: "ws_1",
      type: "web_search_call",
      status: "completed",
      action: { type: "search", query: "x" },
    };
    backend.script({ events: [created(), { type: "response.output_item.done", item }] }, "found");
    expect((await client.turn().stream("go").result()).text).toBe("found");
  });
});

describe("over a websocket", () => {
  test("says nothing of the first reconnection, and sends everything again", async () => {
    const { backend, client } = await startWorld();
    backend.script({ events: [created(), ...messageEvents("msg_1", "first"), ...half] }, "second");
    const events = await readAll(client.turn().stream("go"));
    expect(notices(events)).toEqual([]);
    expect(ofType(events, "reset")).toHaveLength(1);
    const [, again] = frames(backend);
    expect(again).not.toHaveProperty("previous_response_id");
    expect(again?.["input"]).toHaveLength(2);
    expect(shownText(events)).toBe("firstsecond");
    expect(backend.webSockets).toHaveLength(2);
  });

  test("opens a new connection at once when the server wants one", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 0 } });
    backend.fault({ kind: "error_event", status: 400, code: "websocket_connection_limit_reached" });
    const events = await readAll(client.turn().stream("go"));
    expect(events.map(({ type }) => type)).not.toContain("warning");
    expect(backend.webSockets).toHaveLength(2);
    expect(posts(backend)).toEqual([]);
  });

  test("does so again when an answer had begun meanwhile", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 0 } });
    const limit = { kind: "error_event", status: 400, code: "websocket_connection_limit_reached" } as const;
    backend.fault(limit);
    backend.fault({ ...limit, afterEvents: 2 });
    const events = await readAll(client.turn().stream("go"));
    expect(events.map(({ type }) => type)).not.toContain("warning");
    expect(backend.webSockets).toHaveLength(3);
  });

  test("does not do so for ever", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 1 } });
    backend.fault({
      kind: "error_event",
      status: 400,
      code: "websocket_connection_limit_reached",
      times: 99,
    });
    const events = await readAll(client.turn().stream("go"));
    expect(backend.webSockets).toHaveLength(3);
    expect(posts(backend)).toHaveLength(1);
    expect(ofType(events, "warning")).toHaveLength(1);
  });

  test("a used-up limit in a message is final", async () => {
    const { backend, client } = await startWorld();
    const body = JSON.stringify({ error: { type: "usage_limit_reached", resets_at: 1_900_000_000 } });
    backend.script({ status: 429, body, headers: { "x-codex-primary-used-percent": "100" } });
    const { events, error } = await readOutcome(client.turn().stream("go"));
    expect(error).toMatchObject({ kind: "usage_limit_reached" });
    expect(events.at(-1)).toMatchObject({
      type: "rate_limits",
      snapshot: { primary: { used_percent: 100 } },
    });
    expect(frames(backend)).toHaveLength(1);
  });

  test("a bad request in a message is final, and quotes what the server says", async () => {
    const { backend, client } = await startWorld();
    backend.script({ status: 400, body: JSON.stringify({ error: { message: "too many tools" } }) });
    const { error } = await readOutcome(client.turn().stream("go"));
    expect(error).toMatchObject({
      kind: "invalid_request",
      message: expect.stringContaining("too many tools"),
    });
  });

  test("waits for the Retry-After of a 429 in a message", async () => {
    const { backend, client } = await startWorld();
    backend.fault({ kind: "error_event", status: 429, headers: { "retry-after-ms": "80" } });
    await readAll(client.turn().stream("go"));
    const [first, second] = backend.requests.filter(({ method }) => method === "WEBSOCKET");
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(75);
  });

  test("an idle connection that the server has closed costs no retry", async () => {
    const { backend, client } = await startWorld({ facts: { streamMaxRetries: 0 } });
    await client.turn().stream("one").result();
    backend.fault({ kind: "cut", afterBytes: 0 });
    expect((await client.turn().stream("two").result()).text).toBe("two");
    expect(backend.webSockets).toHaveLength(2);
  });

  test("the error of a response ends the connection, and the next request is whole", async () => {
    const { backend, client } = await startWorld();
    const input = [{ type: "message", role: "user", content: [{ type: "input_text", text: "a" }] }] as const;
    await client.turn().stream({ input }).result();
    backend.script({ events: [failed("invalid_prompt")] });
    await readOutcome(client.turn().stream({ input }));
    await client.turn().stream({ input }).result();
    expect(backend.webSockets).toHaveLength(2);
    expect(frames(backend).at(-1)).not.toHaveProperty("previous_response_id");
  });
});

test("asks for what the model is, before each try", async () => {
  const { client } = await startWorld({ model: testModel({ slug: "other" }) });
  expect((await client.turn().stream("go").result()).text).toBe("go");
});

function overloaded(): string {
  return JSON.stringify({ error: { code: "server_is_overloaded" } });
}

function policy(): string {
  return JSON.stringify({ error: { code: "cyber_policy", message: "not this" } });
}
