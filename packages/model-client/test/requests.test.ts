import type { ResponseItem } from "@codex-ts/protocol";
import { describe, expect, test } from "vitest";
import type { TurnOptions } from "../src/index.js";
import { agentLogin } from "./support/accounts.js";
import { TestLogin } from "./support/logins.js";
import {
  clientOf,
  frames,
  posts,
  readAll,
  startWorld,
  testModel,
  type WorldOptions,
} from "./support/world.js";

const T = "0199a000-0000-7000-8000-000000000001";
const turnId = "0199a000-0000-7000-8000-000000000002";
const I = "0f0f0f0f-0000-4000-8000-000000000000";
const startedAtMs = 1_782_345_678_901;
const identity = {
  threadId: T,
  installationId: I,
  threadSource: "user",
  sandbox: "seccomp",
  clock: () => startedAtMs,
} as const;

const turnMetadata = `{"installation_id":"${I}","session_id":"${T}","thread_id":"${T}","turn_id":"${turnId}","window_id":"${T}:0","request_kind":"turn","thread_source":"user","sandbox":"seccomp","turn_started_at_unix_ms":${startedAtMs}}`;

const body = {
  model: "gpt-test",
  instructions: "Be brief.",
  input: [
    {
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: "hello" }],
      internal_chat_message_metadata_passthrough: { turn_id: turnId },
    },
  ],
  tools: [{ type: "function", name: "f" }],
  tool_choice: "auto",
  parallel_tool_calls: true,
  reasoning: { effort: "medium" },
  store: false,
  stream: true,
  include: ["reasoning.encrypted_content"],
  prompt_cache_key: T,
  text: { verbosity: "low" },
  client_metadata: {
    "x-codex-installation-id": I,
    session_id: T,
    thread_id: T,
    "x-codex-window-id": `${T}:0`,
    turn_id: turnId,
    "x-codex-turn-metadata": turnMetadata,
  },
};

const prompt = { input: "hello", instructions: "Be brief.", tools: [{ type: "function", name: "f" }] };

const sharedHeaders = {
  version: "1.2.3",
  "x-codex-beta-features": "remote_compaction_v2",
  "x-codex-window-id": `${T}:0`,
  "x-codex-turn-metadata": turnMetadata,
  "x-client-request-id": T,
  "session-id": T,
  "thread-id": T,
  originator: "codex_ts",
  "user-agent": expect.stringMatching(/^codex_ts\//),
};
const httpHeaders = {
  ...sharedHeaders,
  accept: "text/event-stream",
  "content-type": "application/json",
  "content-length": expect.any(String),
  host: expect.any(String),
  connection: "keep-alive",
};

/** What one prompt becomes over HTTP. */
async function sentBody(options: WorldOptions = {}, turn: TurnOptions = {}, asked: object = prompt) {
  const { backend, client } = await startWorld({ webSocket: false, ...options });
  await readAll(client.turn(turn).stream(asked as typeof prompt));
  return { body: posts(backend)[0] ?? {}, headers: backend.requests[0]?.headers ?? {} };
}

describe("the samples", () => {
  test("(a) with an API key over HTTP", async () => {
    const { body: sent, headers } = await sentBody(identity, { turnId });
    expect(sent).toEqual(body);
    expect(headers).toEqual({ ...httpHeaders, authorization: "Bearer sk-test" });
  });

  test("(b) with a ChatGPT login over HTTP", async () => {
    const attestation = () => "attested";
    const { body: sent, headers } = await sentBody(
      { ...identity, auth: new TestLogin(), attestation, network: { env: {}, compressionMinBytes: 1 } },
      { turnId },
    );
    expect(sent).toEqual(body);
    expect(headers).toEqual({
      ...httpHeaders,
      authorization: "Bearer access-token-test",
      "chatgpt-account-id": "account-test",
      "x-oai-attestation": "attested",
      // Not of the sample, but of what is on the wire today.
      "x-codex-routing-hint": "model=gpt-test",
      ...(canCompress() ? { "content-encoding": "zstd" } : {}),
    });
  });

  test("(c) with an Agent Identity over HTTP", async () => {
    const { backend } = await startWorld();
    const client = clientOf(backend, {
      ...identity,
      auth: await agentLogin(backend),
      attestation: () => "attested",
      webSocket: false,
    });
    await readAll(client.turn({ turnId }).stream(prompt));
    const request = backend.requests.find(({ method }) => method === "POST");
    expect(request?.json()).toEqual(body);
    expect(request?.headers).toMatchObject({
      authorization: expect.stringMatching(/^AgentAssertion [\w-]+$/),
      "chatgpt-account-id": expect.any(String),
    });
    expect(request?.headers).not.toHaveProperty("x-oai-attestation");
  });

  test("(d) over a WebSocket, the prewarm first", async () => {
    const { backend, client } = await startWorld({ ...identity, sessionSource: "cli" });
    await client.prewarm({ instructions: prompt.instructions, tools: prompt.tools });
    await readAll(client.turn({ turnId }).stream(prompt));
    const [warm, first] = frames(backend);
    const startMs = { "x-codex-ws-stream-request-start-ms": String(startedAtMs) };
    expect(first).toEqual({
      type: "response.create",
      ...body,
      previous_response_id: expect.stringMatching(/^resp_/),
      client_metadata: { ...body.client_metadata, ...startMs },
    });
    const { turn_id: _, ...metadata } = body.client_metadata;
    expect(warm).toEqual({
      type: "response.create",
      ...body,
      input: [],
      generate: false,
      client_metadata: {
        ...metadata,
        ...startMs,
        "x-codex-turn-metadata": expect.stringContaining('"request_kind":"prewarm"'),
      },
    });
    expect(backend.requests[0]?.headers).toMatchObject({
      ...sharedHeaders,
      "x-codex-turn-metadata": expect.stringContaining('"request_kind":"prewarm"'),
      "openai-beta": "responses_websockets=2026-02-06",
      "sec-websocket-version": "13",
      "sec-websocket-extensions": expect.stringMatching(/^permessage-deflate/),
      authorization: "Bearer sk-test",
    });
  });
});

describe("how the model answers", () => {
  test.each([
    ["the default of the model", {}, { effort: "medium" }],
    ["an effort of the turn", { effort: "high" }, { effort: "high" }],
    ["an effort of one's own", { effort: "careful" }, { effort: "careful" }],
    ["ultra", { effort: "ultra" }, { effort: "max" }],
    ["a summary", { summary: "detailed" }, { effort: "medium", summary: "detailed" }],
    ["no summary", { summary: "none" }, { effort: "medium" }],
  ] as const)("%s", async (_name, turn, reasoning) => {
    expect((await sentBody({}, turn)).body["reasoning"]).toEqual(reasoning);
  });

  test("the turn wins over the client, and the client over the model", async () => {
    const options = {
      effort: "low",
      summary: "concise",
      model: testModel({ default_reasoning_summary: "auto" }),
    } as const;
    expect((await sentBody(options)).body["reasoning"]).toEqual({ effort: "low", summary: "concise" });
    expect((await sentBody(options, { summary: "none" })).body["reasoning"]).toEqual({ effort: "low" });
    expect((await sentBody({ model: options.model })).body["reasoning"]).toEqual({
      effort: "medium",
      summary: "auto",
    });
  });

  test("a model that cannot be told gets null, and nothing is asked to be included", async () => {
    const { body: sent } = await sentBody({
      model: testModel({ supports_reasoning_summaries: false }),
      effort: "high",
    });
    expect([sent["reasoning"], sent["include"]]).toEqual([null, []]);
  });

  test.each([
    ["of the client", { verbosity: "high" }, {}, { verbosity: "high" }],
    ["that the model cannot take", { verbosity: "high" }, { support_verbosity: false }, undefined],
    ["that nobody gives", {}, { default_verbosity: null }, undefined],
  ] as const)("a verbosity %s", async (_name, options, model, text) => {
    expect((await sentBody({ ...options, model: testModel(model) })).body["text"]).toEqual(text);
  });

  test.each([true, false])("a schema (strict: %s)", async (strict) => {
    const schema = { type: "object" };
    const { body: sent } = await sentBody(
      {},
      {},
      { ...prompt, outputSchema: schema, outputSchemaStrict: strict },
    );
    expect(sent["text"]).toEqual({
      verbosity: "low",
      format: { type: "json_schema", strict, schema, name: "codex_output_schema" },
    });
  });

  test.each([
    ["fast", "priority"],
    ["priority", "priority"],
    ["flex", "flex"],
    ["default", undefined],
    ["unheard-of", undefined],
    [undefined, undefined],
  ])("tier %s", async (serviceTier, sent) => {
    const tiers = ["priority", "flex"].map((id) => ({ id, name: id, description: "" }));
    const model = testModel({ service_tiers: tiers, default_service_tier: "flex" });
    expect((await sentBody({ model, serviceTier })).body["service_tier"]).toBe(sent);
  });

  test("a tier that the model does not have is left out", async () => {
    expect((await sentBody({ serviceTier: "fast" })).body).not.toHaveProperty("service_tier");
  });

  test("parallel calls are the model's affair, unless the prompt says no", async () => {
    expect(
      (await sentBody({}, {}, { ...prompt, parallelToolCalls: false })).body["parallel_tool_calls"],
    ).toBe(false);
    const model = testModel({ supports_parallel_tool_calls: false });
    expect((await sentBody({ model })).body["parallel_tool_calls"]).toBe(false);
  });

  test("a text alone is a prompt without tools and instructions", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    await readAll(client.turn().stream("hello"));
    expect(posts(backend)[0]).toMatchObject({ tools: [], input: [{ role: "user" }] });
    expect(posts(backend)[0]).not.toHaveProperty("instructions");
  });

  test("what is no prompt is refused at once", async () => {
    const { client } = await startWorld();
    expect(() => client.turn().stream({ input: 7 as never })).toThrow(TypeError);
  });
});

describe("a lite model", () => {
  const lite = testModel({ use_responses_lite: true });
  const image = { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "high" } as const;
  const { detail: _, ...plainImage } = image;

  test("gets tools and instructions within the input", async () => {
    const { body: sent, headers } = await sentBody({ model: lite });
    expect(sent).not.toHaveProperty("tools");
    expect(sent).not.toHaveProperty("instructions");
    expect(sent["input"]).toEqual([
      { type: "additional_tools", role: "developer", tools: prompt.tools },
      { type: "message", role: "developer", content: [{ type: "input_text", text: "Be brief." }] },
      expect.objectContaining({ role: "user" }),
    ]);
    expect(sent).toMatchObject({ parallel_tool_calls: false, reasoning: { context: "all_turns" } });
    expect(headers["x-openai-internal-codex-responses-lite"]).toBe("true");
  });

  test("gets images without their detail, and nobody else does", async () => {
    const input: ResponseItem[] = [
      { type: "message", role: "user", content: [image] },
      { type: "function_call_output", call_id: "a", output: [image] },
      { type: "custom_tool_call_output", call_id: "b", output: [image] },
    ];
    const { backend, client } = await startWorld({ webSocket: false, facts: { name: "Other" } });
    await readAll(client.turn({ model: lite }).stream({ input }));
    await readAll(client.turn().stream({ input }));
    const [first, second] = posts(backend).map((post) => JSON.stringify(post["input"]));
    expect(first).toContain(JSON.stringify(plainImage));
    expect(first).not.toContain("detail");
    expect(second?.match(/"detail":"high"/g)).toHaveLength(3);
    expect(JSON.stringify(input).match(/"detail":"high"/g)).toHaveLength(3);
  });

  test("is not told twice what it knows, also if items have ids", async () => {
    const { backend, client } = await startWorld({ model: lite, itemIds: true });
    const input: ResponseItem[] = [
      { type: "message", role: "user", content: [{ type: "input_text", text: "one" }] },
    ];
    const asked = () => ({ input, tools: [{ type: "function", name: "f" }], instructions: "Be brief." });
    input.push(...(await client.turn().stream(asked()).result()).items);
    await readAll(client.turn().stream(asked()));
    expect(frames(backend)[1]).toMatchObject({ previous_response_id: expect.any(String), input: [] });
  });

  test("without instructions gets no empty message", async () => {
    const { body: sent } = await sentBody({ model: lite }, {}, { input: "hello" });
    expect(sent["input"]).toMatchObject([{ type: "additional_tools", tools: [] }, { role: "user" }]);
  });
});

describe("items", () => {
  const user = (text: string): ResponseItem => ({
    type: "message",
    role: "user",
    content: [{ type: "input_text", text }],
  });

  test("keep the turn in which they came up", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    const input: ResponseItem[] = [user("one")];
    const first = client.turn();
    input.push(...(await first.stream({ input }).result()).items, user("two"));
    const second = client.turn();
    await readAll(second.stream({ input }));
    const [before, after] = posts(backend).map(({ input: sent }) => sent as object[]);
    expect(after?.slice(0, 1)).toEqual(before);
    expect(after).toMatchObject(
      [first.id, first.id, second.id].map((turn_id) => ({
        internal_chat_message_metadata_passthrough: { turn_id },
      })),
    );
    expect(input[0]).not.toHaveProperty("internal_chat_message_metadata_passthrough");
  });

  test("go to other providers without what clients note on them", async () => {
    const item = {
      ...user("one"),
      id: "msg_1",
      internal_chat_message_metadata_passthrough: { turn_id: "t" },
    };
    const { body: sent } = await sentBody({ facts: { name: "Other" } }, {}, { input: [item] });
    expect(sent["input"]).toEqual([user("one")]);
  });

  test("are sent without ids, also those of a type that nobody knows", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    const future = { type: "hologram", id: "holo_1", shape: "cube" };
    backend.script({ items: [future] });
    const { items } = await client.turn().stream("one").result();
    await readAll(client.turn().stream({ input: [...items, user("two")] }));
    expect(posts(backend)[1]).toMatchObject({ input: [{ type: "hologram", shape: "cube" }, {}] });
    expect(JSON.stringify(posts(backend)[1])).not.toContain("holo_1");
  });

  test("keep their ids if ids are wanted, and get one if they have none", async () => {
    const { backend, client } = await startWorld({ webSocket: false, itemIds: true });
    const input: ResponseItem[] = [user("one")];
    input.push(...(await client.turn().stream({ input }).result()).items);
    input.push({ type: "function_call_output", call_id: "c", output: "ok" });
    await readAll(client.turn().stream({ input }));
    const [first, second] = posts(backend).map(({ input: sent }) =>
      (sent as { id: string }[]).map(({ id }) => id),
    );
    expect(first).toEqual([
      expect.stringMatching(/^msg_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    ]);
    expect(second).toEqual([
      first?.[0],
      "id" in (input[1] ?? {}) && expect.stringMatching(/^msg_[0-9a-f]{32}$/),
      expect.stringMatching(/^fco_/),
    ]);
  });

  test("go to Azure with their ids, to be stored", async () => {
    const item = { ...user("one"), id: "msg_1" };
    const { body: sent } = await sentBody({ facts: { name: "azure" } }, {}, { input: [item, user("two")] });
    expect(sent).toMatchObject({ store: true, input: [{ id: "msg_1" }, {}] });
    expect((sent["input"] as object[])[1]).not.toHaveProperty("id");
  });
});

describe("what a session says of itself", () => {
  test.each([
    ["review", { subagent: "review" }, "review", undefined],
    ["compact", { subagent: "compact" }, "compact", undefined],
    ["memory_consolidation", { subagent: "memory_consolidation" }, "memory_consolidation", undefined],
    ["other", { subagent: { other: "my label" } }, "my label", undefined],
    [
      "thread_spawn",
      { subagent: { thread_spawn: { parent_thread_id: "P", depth: 1 } } },
      "collab_spawn",
      "P",
    ],
  ] as const)("a sub-agent of kind %s", async (kind, sessionSource, label, parent) => {
    const { body: sent, headers } = await sentBody({ ...identity, sessionSource });
    const metadata = sent["client_metadata"] as Record<string, string>;
    expect(headers).toMatchObject({ "x-openai-subagent": label, "x-codex-window-id": `${T}:0` });
    expect([headers["x-codex-parent-thread-id"], metadata["x-codex-parent-thread-id"]]).toEqual([
      parent,
      parent,
    ]);
    expect(metadata["x-openai-subagent"]).toBe(label);
    expect(headers).not.toHaveProperty("x-openai-memgen-request");
    const nested = JSON.parse(metadata["x-codex-turn-metadata"] ?? "");
    expect(nested).toMatchObject({ subagent_kind: kind, thread_id: metadata["thread_id"] });
    expect(nested.parent_thread_id).toBe(parent);
    expect(headers["x-codex-turn-metadata"]).toBe(metadata["x-codex-turn-metadata"]);
  });

  test("the session in which memories are put in order", async () => {
    const { headers } = await sentBody({
      sessionSource: { internal: "memory_consolidation" },
      originator: "mine",
    });
    expect(headers).toMatchObject({
      "x-openai-subagent": "memory_consolidation",
      "x-openai-memgen-request": "true",
      originator: "mine",
    });
  });

  test("a session that nobody else started says nothing of it", async () => {
    const { body: sent, headers } = await sentBody();
    expect(headers).not.toHaveProperty("x-openai-subagent");
    expect(JSON.stringify(sent)).not.toContain("subagent");
  });

  test("ids, features and the key of the cache as they are given", async () => {
    const { body: sent, headers } = await sentBody({
      threadId: "thread",
      sessionId: "session",
      parentThreadId: "parent",
      windowNumber: 3,
      betaFeatures: ["memories", "remote_compaction_v2"],
      promptCacheKey: "guardian:parent",
    });
    expect(headers).toMatchObject({
      "session-id": "session",
      "thread-id": "thread",
      "x-client-request-id": "thread",
      "x-codex-parent-thread-id": "parent",
      "x-codex-window-id": "thread:3",
      "x-codex-beta-features": "memories,remote_compaction_v2",
    });
    expect(sent["prompt_cache_key"]).toBe("guardian:parent");
  });

  test("the repositories that a turn works in, and when it began, with each of its requests", async () => {
    const { backend, client } = await startWorld({ webSocket: false });
    const workspaces = { "/repo": { latest_git_commit_hash: "abc", has_changes: true } };
    const turn = client.turn({ workspaces, startedAtMs: 7, metadata: { task: "t", turn_id: "forged" } });
    await readAll(turn.stream("one"));
    await readAll(turn.stream("two"));
    for (const { headers } of backend.requests) {
      expect(JSON.parse(String(headers["x-codex-turn-metadata"]))).toMatchObject({
        turn_id: turn.id,
        workspaces,
        turn_started_at_unix_ms: 7,
        task: "t",
      });
    }
    expect(JSON.stringify(posts(backend)[0]?.["client_metadata"])).not.toContain("forged");
  });

  test("no feature, no header", async () => {
    expect((await sentBody({ betaFeatures: [] })).headers).not.toHaveProperty("x-codex-beta-features");
  });

  test("a residency, through the introduction of its own transport", async () => {
    const { headers } = await sentBody({ identity: { residency: "us", originator: "app", version: "9" } });
    expect(headers).toMatchObject({
      "x-openai-internal-codex-residency": "us",
      originator: "app",
      "user-agent": expect.stringMatching(/^app\/9 /),
    });
  });

  test("attestation is never asked for with a login that does not attest", async () => {
    let asked = 0;
    const attestation = (): string => `${++asked}`;
    for (const implementation of ["v1", "v2"] as const) {
      const { backend, client } = await startWorld({ attestation });
      backend.script({ events: [] });
      await client.compact("x", { implementation }).catch(() => {});
    }
    expect((await sentBody({ attestation })).headers).not.toHaveProperty("x-oai-attestation");
    expect(asked).toBe(0);
  });

  test("attestation goes on the handshake, asked for once", async () => {
    let asked = 0;
    const { backend, client } = await startWorld({
      auth: new TestLogin(),
      attestation: async () => `value-${++asked}`,
    });
    await readAll(client.turn().stream("one"));
    await readAll(client.turn().stream("two"));
    expect(backend.requests[0]?.headers["x-oai-attestation"]).toBe("value-1");
    expect(asked).toBe(1);
  });
});

test.each([
  [{ windowNumber: -1 }],
  [{ retryBaseDelayMs: -1 }],
  [{ maxRetryAfterMs: Number.NaN }],
  [{ auth: " " }],
  [{ baseUrl: "http://localhost:1/v1", provider: "ollama" }],
])("options that cannot be are refused when the client is made: %o", async (options) => {
  await expect(startWorld(options)).rejects.toBeInstanceOf(TypeError);
});

function canCompress(): boolean {
  return "zstdCompress" in process.getBuiltinModule("node:zlib");
}
