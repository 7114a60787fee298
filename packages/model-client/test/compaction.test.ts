import type { ResponseItem } from "@codex-ts/protocol";
import { describe, expect, test } from "vitest";
import type { TurnNotice } from "../src/index.js";
import { callOutput, completed, created, failed, messageEvents } from "./support/answers.js";
import { TestLogin } from "./support/logins.js";
import { frames, posts, readAll, readOutcome, startWorld, testModel } from "./support/world.js";

const compaction = { type: "compaction", encrypted_content: "shorter" } as const;
const tools = [{ type: "function", name: "f" }];

function said(text: string, role = "user"): ResponseItem {
  return { type: "message", role, content: [{ type: role === "user" ? "input_text" : "output_text", text }] };
}

function done(item: object): object {
  return { type: "response.output_item.done", item };
}

function metadataOf(request: Record<string, unknown> | undefined): Record<string, unknown> {
  const metadata = request?.["client_metadata"] as Record<string, string>;
  return JSON.parse(metadata["x-codex-turn-metadata"] ?? "");
}

const conversation = [
  said("<environment_context>here</environment_context>"),
  said("rules", "developer"),
  said("first"),
  said("an answer", "assistant"),
  said("second"),
];

describe("by a response of the model", () => {
  test.each([true, false])(
    "keeps what the user said, and the compaction (webSocket: %s)",
    async (webSocket) => {
      const { backend, client } = await startWorld({ webSocket });
      const sent = () => (webSocket ? frames(backend) : posts(backend));
      await readAll(client.turn().stream({ input: conversation, tools }));
      backend.script({ events: [created(), ...messageEvents("m", "aside"), done(compaction), completed()] });
      const result = await client.compact({ input: conversation, tools });
      expect(result.implementation).toBe("responses_compaction_v2");
      expect(result.items).toEqual([said("first"), said("second"), compaction]);

      const [turn, compact] = sent();
      expect((compact?.["input"] as object[] | undefined)?.at(-1)).toEqual({ type: "compaction_trigger" });
      for (const name of ["tools", "reasoning", "text", "model", "prompt_cache_key", "instructions"])
        expect(compact?.[name]).toEqual(turn?.[name]);
      expect(metadataOf(compact)).toMatchObject({
        request_kind: "compaction",
        window_id: `${client.threadId}:0`,
        compaction: {
          trigger: "manual",
          reason: "user_requested",
          implementation: "responses_compaction_v2",
          phase: "standalone_turn",
          strategy: "memento",
        },
      });
      expect(metadataOf(compact)["turn_id"]).not.toBe(metadataOf(turn)["turn_id"]);

      await readAll(client.turn().stream({ input: [...result.items, said("third")], tools }));
      expect(metadataOf(sent().at(-1))).toMatchObject({
        request_kind: "turn",
        window_id: `${client.threadId}:1`,
      });
      expect(client.windowNumber).toBe(1);
    },
  );

  test("in the middle of a turn belongs to it, and sends its state", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    backend.script(
      { headers: { "x-codex-turn-state": "ts-1" } },
      { events: [done(compaction), completed()] },
    );
    const turn = client.turn();
    await readAll(turn.stream({ input: conversation }));
    await turn.compact({ input: conversation });
    await readAll(turn.stream({ input: conversation }));
    expect(backend.requests.map(({ headers }) => headers["x-codex-turn-state"])).toEqual([
      undefined,
      "ts-1",
      "ts-1",
    ]);
    expect(posts(backend).map((post) => metadataOf(post)["turn_id"])).toEqual([turn.id, turn.id, turn.id]);
    expect(metadataOf(posts(backend)[1])).toMatchObject({
      compaction: { trigger: "auto", reason: "context_limit", phase: "mid_turn" },
    });
  });

  test("over a WebSocket, the state of the turn goes on and later values are ignored", async () => {
    const { backend, client } = await startWorld();
    const state = (value: string) => ({
      type: "response.metadata",
      headers: { "x-codex-turn-state": value },
    });
    backend.script(
      { events: [created(), state("ts-1"), completed()] },
      { events: [state("ts-2"), done(compaction), completed()] },
    );
    const turn = client.turn();
    await readAll(turn.stream({ input: conversation }));
    const { items } = await turn.compact({ input: conversation });
    await readAll(turn.stream({ input: items }));
    const states = frames(backend).map(
      (frame) => (frame["client_metadata"] as Record<string, string>)["x-codex-turn-state"],
    );
    expect(states).toEqual([undefined, "ts-1", "ts-1"]);
    expect(backend.webSockets).toHaveLength(1);
  });

  test("sends ids of all items but the one that asks for it, if ids are sent", async () => {
    const { backend, client } = await startWorld({ itemIds: true, webSocket: false });
    backend.script("one", { events: [done(compaction), completed()] });
    const input = [...conversation];
    input.push(...(await client.turn().stream({ input }).result()).items);
    const { items } = await client.compact({ input });
    await readAll(client.turn().stream({ input: items }));
    for (const { input: sent } of posts(backend)) {
      for (const item of sent as { id?: string; type: string }[])
        expect(typeof item.id).toBe(item.type === "compaction_trigger" ? "undefined" : "string");
    }
  });

  test("asks again twice at most, and forgets what failed tries gave", async () => {
    const { backend, client } = await startWorld({ webSocket: false, facts: { requestMaxRetries: 0 } });
    const notices: TurnNotice[] = [];
    backend.fault({ kind: "status", status: 500 });
    backend.script(
      { events: [created(), done({ ...compaction, encrypted_content: "lost" })] },
      { events: [done(compaction), completed()] },
    );
    const { items } = await client.compact("hello", { onNotice: (notice) => notices.push(notice) });
    expect(items.at(-1)).toEqual(compaction);
    expect(posts(backend)).toHaveLength(3);
    expect(notices.map(({ type }) => type)).toEqual(["reconnecting", "reconnecting"]);

    backend.fault({ kind: "no_completed", times: 99 });
    await expect(client.compact("hello")).rejects.toMatchObject({ kind: "stream" });
    expect(posts(backend)).toHaveLength(6);
    expect(client.windowNumber).toBe(1);
  });

  test.each([
    [[], "got 0 from 0"],
    [[done(compaction), done(compaction)], "got 2 from 2"],
  ])("refuses any other number of compactions than one", async (events, text) => {
    const { backend, client } = await startWorld();
    backend.script({ events: [created(), ...events, completed()] });
    await expect(client.compact("hello")).rejects.toMatchObject({
      kind: "fatal",
      message: `Fatal error: remote compaction v2 expected exactly one compaction output item, ${text} output items`,
    });
    expect(client.windowNumber).toBe(0);
  });

  test("keeps 64,000 tokens of the newest messages", async () => {
    const { backend, client } = await startWorld();
    backend.script({ events: [done(compaction), completed()] });
    const long = (name: string): ResponseItem => said(name + "x".repeat(160_000 - 1));
    const { items } = await client.compact({ input: [long("a"), long("b"), long("c")] });
    const texts = items
      .slice(0, -1)
      .map((item) => (item.type === "message" ? JSON.stringify(item.content) : ""));
    expect(texts.map((text) => text.slice(0, 40).includes("bx"))).toEqual([true, false]);
    expect(texts[0]?.length).toBeLessThan(100_000);
    expect(texts[1]?.length).toBeGreaterThan(160_000);
  });

  test("sends no schema, and gives up outputs at the end that do not fit", async () => {
    const { backend, client } = await startWorld({ model: testModel({ context_window: 1000 }) });
    backend.script({ events: [done(compaction), completed()] });
    const output = { ...callOutput("c"), output: "y".repeat(8000) };
    await client.compact({ input: [said("go"), output], outputSchema: { type: "object" } });
    const [compact] = frames(backend);
    expect(compact?.["text"]).toEqual({ verbosity: "low" });
    expect(compact?.["input"]).toMatchObject([
      { role: "user" },
      { output: "Output exceeded the available model context and was truncated" },
      { type: "compaction_trigger" },
    ]);
    expect(output.output).toHaveLength(8000);
  });

  test("gives up as many outputs as it takes, the last first, and none in front of anything else", async () => {
    const { backend, client } = await startWorld({ model: testModel({ context_window: 300 }) });
    backend.script({ events: [done(compaction), completed()] });
    const output = (id: string, length: number) => ({ ...callOutput(id), output: id.repeat(length) });
    const search = {
      type: "tool_search_output",
      call_id: "s",
      status: "ok",
      execution: "client",
      tools: [{ a: "z".repeat(4000) }],
    } as const;
    await client.compact({ input: [output("a", 1000), said("go"), output("b", 4000), search] });
    const [, , second, third] = (frames(backend)[0]?.["input"] ?? []) as Record<string, unknown>[];
    expect(third?.["tools"]).toEqual([]);
    expect(second?.["output"]).toMatch(/^Output exceeded/);
    expect(JSON.stringify(frames(backend)[0])).toContain("a".repeat(1000));
  });

  test("can be given up", async () => {
    const { backend, client } = await startWorld();
    backend.fault({ kind: "stall" });
    const giveUp = new AbortController();
    const compacting = client.compact("hello", { signal: giveUp.signal });
    await backend.waitForRequests(2);
    giveUp.abort();
    await expect(compacting).rejects.toMatchObject({ kind: "turn_aborted" });
    expect((await client.turn().stream("hello").result()).text).toBe("hello");
  });
});

describe("by an endpoint of its own", () => {
  const v1 = { implementation: "v1" } as const;
  const tiers = testModel({ service_tiers: [{ id: "priority", name: "Fast", description: "" }] });

  test("says what a turn says, but for what only turns have", async () => {
    const { backend, client } = await startWorld({
      webSocket: false,
      installationId: "inst",
      model: tiers,
      serviceTier: "fast",
    });
    await readAll(client.turn().stream({ input: conversation, tools }));
    const { items, implementation } = await client.compact({ input: conversation, tools }, v1);
    expect(implementation).toBe("responses_compact");
    // Developer messages and what a client puts there are the caller's to add again.
    expect(items.map(({ type }) => type)).toEqual(["message", "message", "compaction"]);

    const request = backend.requests.at(-1);
    const [{ client_metadata, include, service_tier, store, stream, tool_choice, ...shared } = {}] =
      posts(backend);
    expect([service_tier, store, stream, tool_choice]).toEqual(["priority", false, true, "auto"]);
    expect(request?.json()).toEqual({ ...shared });
    expect(request?.headers).toMatchObject({
      "x-codex-installation-id": "inst",
      "x-codex-window-id": `${client.threadId}:0`,
      "session-id": client.sessionId,
      "thread-id": client.threadId,
      "x-codex-turn-metadata": expect.stringContaining('"implementation":"responses_compact"'),
    });
    expect(request?.headers).not.toHaveProperty("x-client-request-id");
    expect(request?.headers["accept"]).not.toBe("text/event-stream");
    expect(client.windowNumber).toBe(1);
  });

  test("sends the tier with a ChatGPT login", async () => {
    const { backend, client } = await startWorld({
      auth: new TestLogin(),
      model: tiers,
      serviceTier: "fast",
    });
    await client.compact("hello", v1);
    expect(backend.requests[0]?.json()).toMatchObject({ service_tier: "priority" });
    expect(backend.requests[0]?.headers).not.toHaveProperty("content-encoding");
    expect(backend.requests[0]?.headers["x-codex-routing-hint"]).toBe("model=gpt-test;tier=priority");
  });

  test("fills the state of its turn, which the first answer then gets", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    const turn = client.turn();
    await turn.compact("hello", { ...v1, phase: "pre_turn" });
    await readAll(turn.stream("hello"));
    expect(backend.requests[1]?.headers["x-codex-turn-state"]).toMatch(/^turn-/);
  });

  test("of nothing sends nothing", async () => {
    const { backend, client } = await startWorld();
    expect(await client.compact({ input: [] }, v1)).toMatchObject({ items: [] });
    expect(backend.requests).toEqual([]);
    expect(client.windowNumber).toBe(0);
  });

  test("an answer that cannot be read is an error, after one request", async () => {
    const { backend, client } = await startWorld();
    backend.fault({ kind: "status", status: 200, path: "/responses/compact", body: '{"output":"no"}' });
    await expect(client.compact("hello", v1)).rejects.toMatchObject({ kind: "stream" });
    expect(backend.requests).toHaveLength(1);
  });

  test("a lite model gets its tools within the input", async () => {
    const { backend, client } = await startWorld({ model: testModel({ use_responses_lite: true }) });
    await client.compact({ input: "hello", tools }, v1);
    expect(backend.requests[0]?.headers).toMatchObject({ "x-openai-internal-codex-responses-lite": "true" });
    expect(backend.requests[0]?.json()).toMatchObject({
      parallel_tool_calls: false,
      reasoning: { context: "all_turns" },
      input: [{ type: "additional_tools", tools }, { role: "user" }],
    });
  });
});

describe("by a summary", () => {
  const custom = { facts: { id: "custom", name: "Custom", supportsWebsockets: false } } as const;

  test("is what providers get that know nothing of compactions", async () => {
    const { backend, client } = await startWorld(custom);
    backend.script("All is well.");
    const notices: TurnNotice[] = [];
    const { items, implementation } = await client.compact(
      { input: conversation, tools, instructions: "Be brief." },
      { onNotice: (notice) => notices.push(notice) },
    );
    expect(implementation).toBe("responses");
    expect(items).toEqual([said("first"), said("second"), expect.objectContaining({ role: "user" })]);
    expect(JSON.stringify(items.at(-1))).toContain("All is well.");
    expect(notices).toMatchObject([{ type: "warning", reason: "compacted" }]);
    const [request] = posts(backend);
    expect(request).toMatchObject({ tools: [], parallel_tool_calls: false, instructions: "Be brief." });
    expect((request?.["input"] as object[] | undefined)?.length).toBe(conversation.length + 1);
    expect(metadataOf(request)).toMatchObject({ compaction: { implementation: "responses" } });
  });

  test("builds on the summary before, and takes words of the caller's", async () => {
    const { backend, client } = await startWorld(custom);
    backend.script("One.", "Two.");
    const first = await client.compact({ input: [said("a")] }, { localPrompt: "Sum up!" });
    expect(JSON.stringify(posts(backend)[0]?.["input"])).toContain("Sum up!");
    const second = await client.compact({ input: first.items });
    expect(JSON.stringify(second.items)).toContain("Two.");
    expect(JSON.stringify(second.items)).not.toContain("One.");
    expect(second.items).toHaveLength(2);
  });

  test("of a conversation that does not fit leaves out the oldest until it does", async () => {
    const { backend, client } = await startWorld(custom);
    const tooLong = { events: [failed("context_length_exceeded")] };
    backend.script(tooLong, tooLong, "Done.");
    await client.compact({ input: conversation });
    expect(posts(backend).map(({ input }) => (input as object[]).length)).toEqual([6, 5, 4]);
  });

  test("that does not come is an error", async () => {
    const { backend, client } = await startWorld(custom);
    backend.script({ events: [created(), completed()] });
    await expect(client.compact("hello")).rejects.toMatchObject({ kind: "fatal" });
  });

  test("a failure that is final is told at once", async () => {
    const { backend, client } = await startWorld(custom);
    backend.fault({ kind: "usage_limit" });
    await expect(client.compact("hello")).rejects.toMatchObject({ kind: "usage_limit_reached" });
    expect(posts(backend)).toHaveLength(1);
  });
});

test("an unknown window is no reason to give anything up", async () => {
  const { backend, client } = await startWorld({
    model: testModel({ context_window: undefined, max_context_window: undefined }),
  });
  backend.script({ events: [done(compaction), completed()] });
  await client.compact({ input: [said("go"), { ...callOutput("c"), output: "y".repeat(8000) }] });
  expect(JSON.stringify(frames(backend)[0])).toContain("yyyy");
});

test("a failed turn can be compacted and goes on", async () => {
  const { backend, client } = await startWorld();
  backend.script(
    { events: [failed("context_length_exceeded")] },
    { events: [done(compaction), completed()] },
  );
  expect((await readOutcome(client.turn().stream("hello"))).error).toMatchObject({
    kind: "context_window_exceeded",
  });
  const { items } = await client.compact("hello");
  expect(
    (
      await client
        .turn()
        .stream({ input: [...items, said("go on")] })
        .result()
    ).text,
  ).toBe("go on");
});
