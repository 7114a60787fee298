import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answer, type Backend, startBackend } from "../src/index.js";
import { errorCode, payloads, postResponses, turn } from "./support/post.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend({ clock: () => 1_800_000_000_000 });
});
afterEach(() => backend.close());

const types = (stream: string): unknown[] => payloads(stream).map(({ type }) => type);

test("echoes the last user text in the backend's sequence of events", async () => {
  const stream = await (await postResponses(backend, turn("one two"))).text();
  expect(types(stream)).toEqual([
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
  ]);
  const events = payloads(stream);
  expect(events.slice(4, 6).map(({ delta }) => delta)).toEqual(["one ", "two"]);
  expect(events[8]).toMatchObject({
    item: { role: "assistant", content: [{ type: "output_text", text: "one two" }] },
  });
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
});

test("names each event as its payload does", async () => {
  const stream = await (await postResponses(backend)).text();
  const names = [...stream.matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
  expect(names).toEqual(types(stream));
});

test("ends with an estimate of the usage that adds up", async () => {
  const stream = await (await postResponses(backend, turn("12345678"))).text();
  const response = payloads(stream).at(-1)?.["response"] as { usage: Record<string, number> } | undefined;
  const usage = response?.usage ?? {};
  expect(usage).toMatchObject({
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 2,
    output_tokens_details: { reasoning_tokens: 0 },
  });
  expect(usage["input_tokens"]).toBeGreaterThan(0);
  expect(usage["total_tokens"]).toBe((usage["input_tokens"] ?? 0) + 2);
});

test.each([
  ["text content", [{ role: "user", content: "plain" }], "plain"],
  [
    "several parts",
    [{ role: "user", content: [{ text: "a" }, { image_url: "x" }, null, { text: "b" }] }],
    "ab",
  ],
  [
    "later items of others",
    [
      { role: "user", content: "mine" },
      { role: "assistant", content: "not" },
    ],
    "mine",
  ],
  ["nothing to echo", [null, { role: "user" }, "text"], ""],
])("echoes %s", async (_name, input, expected) => {
  const stream = await (await postResponses(backend, { ...turn(""), input })).text();
  expect(payloads(stream).find(({ type }) => type === "response.output_text.done")).toMatchObject({
    text: expected,
  });
});

test("gives the headers of a session", async () => {
  const { headers } = await postResponses(backend);
  expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(headers.get("openai-model")).toBe("gpt-5.5");
  expect(headers.get("x-codex-primary-used-percent")).toBe("12.5");
  expect(headers.get("x-codex-primary-window-minutes")).toBe("300");
  expect(headers.get("x-codex-primary-reset-at")).toBe(String(1_800_000_000 + 10_800));
  expect(headers.get("x-codex-secondary-window-minutes")).toBe("10080");
  const models = await fetch(`${backend.urls.openai}/models?client_version=1.2.3`, {
    headers: { authorization: "Bearer sk-test" },
  });
  expect(headers.get("x-models-etag")).toBe(models.headers.get("etag"));
});

test("gives other rate limits, or none", async () => {
  await using silent = await startBackend({ rateLimitHeaders: {} });
  const { headers } = await postResponses(silent);
  expect([...headers.keys()].filter((name) => name.startsWith("x-codex-"))).toEqual([]);
});

test("counts reasoning as output", async () => {
  backend.script({ reasoning: "1234", text: "12345678" });
  const [completed] = payloads(await (await postResponses(backend)).text()).slice(-1);
  expect(completed).toMatchObject({
    response: { usage: { output_tokens: 3, output_tokens_details: { reasoning_tokens: 1 } } },
  });
});

test("puts a reasoning summary before the text, and items after it", async () => {
  const item = { type: "function_call", call_id: "call_1", name: "shell", arguments: "{}" };
  backend.script({ reasoning: "so so", text: "hi", items: [item], usage: { input_tokens: 1 } });
  const events = payloads(await (await postResponses(backend)).text());
  const done = events.filter(({ type }) => type === "response.output_item.done");
  expect(done).toMatchObject([
    { output_index: 0, item: { type: "reasoning", summary: [{ type: "summary_text", text: "so so" }] } },
    { output_index: 1, item: { type: "message" } },
    { output_index: 2, item },
  ]);
  const deltas = events.filter(({ type }) => type === "response.reasoning_summary_text.delta");
  expect(deltas.map(({ delta }) => delta)).toEqual(["so ", "so"]);
  expect(events.at(-1)).toMatchObject({ response: { usage: { input_tokens: 1 } } });
});

test("adds no text of its own to items", async () => {
  backend.script({ items: [{ type: "web_search_call" }] });
  const events = payloads(await (await postResponses(backend)).text());
  expect(events.filter(({ type }) => type === "response.output_item.done")).toHaveLength(1);
});

test("sends events and frames as they are", async () => {
  backend.script({ events: [{ type: "x.y", a: 1 }, { b: 2 }] }, { frames: ["data: 1\r\r", ":c"] });
  expect(await (await postResponses(backend)).text()).toBe(
    'event: x.y\ndata: {"type":"x.y","a":1}\n\ndata: {"b":2}\n\n',
  );
  expect(await (await postResponses(backend)).text()).toBe("data: 1\r\r:c");
});

test.each<[string, Answer, number, string, string]>([
  ["a body as it is", { body: "{}" }, 200, "application/json", "{}"],
  ["bytes", { body: new Uint8Array([65, 66]), headers: { "content-type": "x/y" } }, 200, "x/y", "AB"],
  ["a status with a body", { status: 404, body: "no" }, 404, "application/json", "no"],
])("answers %s", async (_name, answer, status, type, body) => {
  backend.script(answer);
  const response = await postResponses(backend);
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe(type);
  expect(await response.text()).toBe(body);
});

test("answers a status with an error, and the headers given", async () => {
  backend.script({ status: 429, headers: { "retry-after": "3" } });
  const response = await postResponses(backend);
  expect(response.headers.get("retry-after")).toBe("3");
  expect(await errorCode(response)).toBe("testkit");
});

test("asks functions, also those that answer later", async () => {
  backend.script(async (request) => () => `from ${request.path}`);
  expect(await (await postResponses(backend)).text()).toContain('"text":"from /v1/responses"');
});

test("shows the failure of a function as an error answer", async () => {
  backend.script(() => {
    throw new Error("my mistake");
  });
  const response = await postResponses(backend);
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ error: { code: "testkit_failure", message: "my mistake" } });
});

test("waits before the headers and between events", async () => {
  backend.script({ frames: ["data: 1\n\n", "data: 2\n\n"], delayMs: 30, chunkDelayMs: 30 });
  const start = performance.now();
  const response = await postResponses(backend);
  const atHeaders = performance.now() - start;
  const reader = response.body?.getReader();
  const first = Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(first).toBe("data: 1\n\n");
  await reader?.read();
  expect(atHeaders).toBeGreaterThanOrEqual(25);
  expect(performance.now() - start).toBeGreaterThanOrEqual(50);
});

test.each([
  ["{", "invalid_json"],
  ["[]", "invalid_json"],
  ['"text"', "invalid_json"],
  ["null", "invalid_json"],
  [{ ...turn("x"), model: "" }, "invalid_request_body"],
  [{ ...turn("x"), model: 5 }, "invalid_request_body"],
  [{ ...turn("x"), input: "text" }, "invalid_request_body"],
  [{ ...turn("x"), stream: false }, "invalid_request_body"],
  [{ model: "m", input: [] }, "invalid_request_body"],
])("answers 400 to the body %j", async (body, code) => {
  const response = await postResponses(backend, body);
  expect(response.status).toBe(400);
  expect(await errorCode(response)).toBe(code);
});

test("names the member that is wrong", async () => {
  const response = await postResponses(backend, { ...turn("x"), input: {} });
  expect(await response.json()).toEqual({
    error: {
      message: "'input' must be an array of items",
      type: "invalid_request_error",
      param: "input",
      code: "invalid_request_body",
    },
  });
});

test("answers 400 to another content type", async () => {
  const response = await postResponses(backend, turn("x"), { headers: { "content-type": "text/plain" } });
  expect(await errorCode(response)).toBe("invalid_content_type");
});
