import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";
import { errorCode } from "./support/post.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend({ clock: () => 1_800_000_000_000 });
});
afterEach(() => backend.close());

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${backend.urls.codex}${path}`, {
    method: "POST",
    headers: { authorization: "Bearer access-token-test", "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

test("compacts a conversation to what users said and one compaction", async () => {
  const said = { type: "message", role: "user", content: [] };
  const answered = { type: "message", role: "assistant", content: [] };
  const response = await post("/responses/compact", { model: "m", input: [said, answered] });
  expect(response.headers.get("x-codex-turn-state")).toMatch(/^turn-req_/);
  expect(await response.json()).toEqual({
    output: [
      said,
      { type: "compaction", encrypted_content: Buffer.from(JSON.stringify([answered])).toString("base64") },
    ],
  });
});

test("summarizes each trace", async () => {
  const traces = [{ id: "t1", metadata: { source_path: "a.jsonl" }, items: [1, 2] }];
  const response = await post("/memories/trace_summarize", { model: "m", traces });
  expect(await response.json()).toEqual({
    output: [{ trace_summary: "Trace t1 of a.jsonl has 2 items.", memory_summary: "2 items" }],
  });
});

test("makes as many images as asked for", async () => {
  const response = await post("/images/generations", { model: "m", prompt: "a fox", n: 2, quality: "high" });
  const { data, ...rest } = (await response.json()) as { data: { b64_json: string }[] };
  expect(data).toHaveLength(2);
  expect(
    Buffer.from(data[0]?.b64_json ?? "", "base64")
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");
  expect(rest).toEqual({
    created: 1_800_000_000,
    background: "opaque",
    quality: "high",
    size: "1024x1024",
    output_format: "png",
  });
});

test("edits images that are given by URL", async () => {
  const images = [{ image_url: "data:image/png;base64,AA==" }];
  const response = await post("/images/edits", { model: "m", prompt: "a hat", images });
  expect(await response.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
});

test("finds a page for each query", async () => {
  const commands = { search_query: [{ q: "foxes" }], time: [{ utc_offset: "+01:00" }] };
  const response = await post("/alpha/search", { id: "s", model: "m", commands });
  expect(await response.json()).toEqual({
    output: "Commands: search_query, time\nAbout foxes",
    encrypted_output: null,
    results: [{ ref_id: "turn0search0", title: "About foxes", url: "https://example.test/0" }],
  });
  const nothing = await post("/alpha/search", { id: "s", model: "m" });
  expect(await nothing.json()).toMatchObject({ output: "Commands: none" });
});

test.each([
  ["/responses/compact", { input: [] }, "model"],
  ["/responses/compact", { model: "m" }, "input"],
  ["/memories/trace_summarize", { model: "m" }, "traces"],
  ["/memories/trace_summarize", { model: "m", traces: [{}] }, "id"],
  ["/memories/trace_summarize", { model: "m", traces: [{ id: "t" }] }, "source_path"],
  ["/images/generations", { model: "m" }, "prompt"],
  ["/images/generations", { model: "m", prompt: "p", n: 11 }, "n"],
  ["/images/edits", { model: "m", prompt: "p", images: [] }, "images"],
  ["/images/edits", { model: "m", prompt: "p", images: [{}] }, "image_url"],
  ["/alpha/search", { model: "m" }, "id"],
  ["/alpha/search", { id: "s", model: "m", commands: { search_query: [{}] } }, "q"],
])("answers 400 to %s with %j, and names the member", async (path, body, param) => {
  const response = await post(path, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: "invalid_request_body", param } });
});

test.each([
  "/responses/compact",
  "/memories/trace_summarize",
  "/images/generations",
  "/images/edits",
  "/alpha/search",
])("%s wants a credential, and takes faults", async (path) => {
  const response = await post(path, {}, { authorization: "Bearer nobody" });
  expect([response.status, await errorCode(response)]).toEqual([401, "invalid_token"]);
  backend.fault({ kind: "status", status: 503, path });
  expect((await post(path, {})).status).toBe(503);
});
