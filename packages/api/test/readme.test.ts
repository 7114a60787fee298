import { readFileSync } from "node:fs";
import { createTransport } from "@codex-ts/client";
import type { ResponseItem } from "@codex-ts/protocol";
import { startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import {
  CompactClient,
  FilesClient,
  ImagesClient,
  isRetryableUserError,
  MemoriesClient,
  ModelsClient,
  ResponsesClient,
  ResponsesWebSocketClient,
  SearchClient,
  toUserError,
} from "../src/index.js";
import { apiKeyAuth as auth } from "./support/api-key-auth.js";
import { ChatgptLogin } from "./support/chatgpt-login.js";
import { temporaryFile } from "./support/files-backend.js";
import { helloRequest } from "./support/requests.js";
import { sentMessages } from "./support/websocket-connection.js";

test("README example: one answer, as it is written", async () => {
  await using backend = await startBackend();
  backend.script("Hello there.");
  const baseUrl = backend.urls.openai;
  const written: string[] = [];
  const write = (text: string): number => written.push(text);

  await using transport = createTransport();
  const client = new ResponsesClient({ transport, provider: { name: "OpenAI", baseUrl }, auth });
  const stream = await client.stream({
    model: "gpt-5.5",
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Say hello." }] }],
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: { effort: "low" },
    store: false,
    stream: true,
    include: [],
  });
  for await (const event of stream) {
    if (event.type === "output_text_delta") write(event.delta);
  }
  const totalTokens = stream.usage?.total_tokens;

  expect(written.join("")).toBe("Hello there.");
  expect(totalTokens).toBeGreaterThan(0);
});

test("README example: two turns over a WebSocket, as it is written", async () => {
  await using backend = await startBackend();
  backend.script("Hello.", " Hello again.");
  const provider = { name: "OpenAI", baseUrl: backend.urls.openai };
  const [sessionId, threadId] = ["ses_1", "thr_1"];
  const written: string[] = [];
  const write = (text: string): number => written.push(text);
  await using transport = createTransport();
  const request = helloRequest;

  const webSockets = new ResponsesWebSocketClient({ transport, provider, auth });
  await using connection = await webSockets.connect({ sessionId, threadId });
  const input: ResponseItem[] = [];
  for (const text of ["Say hello.", "Say it again."]) {
    input.push({ type: "message", role: "user", content: [{ type: "input_text", text }] });
    for await (const event of await connection.stream({ ...request, input })) {
      if (event.type === "output_text_delta") write(event.delta);
      if (event.type === "output_item_done") input.push(event.item);
    }
  }

  expect(written.join("")).toBe("Hello. Hello again.");
  expect(sentMessages(backend)[1]).toMatchObject({
    previous_response_id: expect.any(String),
    input: [{ content: [{ text: "Say it again." }] }],
  });
});

test("README example: the clients that are answered whole, as it is written", async () => {
  await using backend = await startBackend();
  const provider = { name: "OpenAI", baseUrl: backend.urls.openai };
  const history = [{ type: "message", role: "user", content: [] }];
  const sessionId = "ses_1";

  await using transport = createTransport();
  const { models, etag } = await new ModelsClient({ transport, provider, auth }).list({
    clientVersion: "1.2.3",
  });

  const shorter = await new CompactClient({ transport, provider, auth }).compact({
    model: "gpt-5.5",
    input: history,
    parallel_tool_calls: true,
  });

  const [memory] = await new MemoriesClient({ transport, provider, auth }).summarize({
    model: "gpt-5.5",
    traces: [{ id: "t1", metadata: { source_path: "rollouts/a.jsonl" }, items: history }],
  });

  const images = new ImagesClient({ transport, provider, auth });
  const { data } = await images.generate({ model: "gpt-image-2", prompt: "A fox", size: "1024x1024" });
  const image_url = `data:image/png;base64,${data[0]?.b64_json}`;
  const edited = await images.edit({ model: "gpt-image-2", prompt: "Add a hat", images: [{ image_url }] });

  const found = await new SearchClient({ transport, provider, auth }).search({
    id: sessionId,
    model: "gpt-5.5",
    commands: { search_query: [{ q: "foxes", recency: 7 }] },
    settings: { allowed_callers: ["direct"], external_web_access: true },
  });

  expect(models.map(({ slug }) => slug)).toContain("gpt-5.5");
  expect(etag).toMatch(/^W\//);
  expect(shorter.map(({ type }) => type)).toEqual(["message", "compaction"]);
  expect(memory?.memory_summary).toBe("1 items");
  expect(edited.data).toHaveLength(1);
  expect(found.output).toContain("foxes");
});

test("README example: an upload, as it is written", async () => {
  await using backend = await startBackend();
  const chatgptUrl = backend.urls.chatgpt;
  const login = new ChatgptLogin();
  const path = await temporaryFile("notes.txt", "hello");
  const written: string[] = [];
  const write = (text: string): number => written.push(text);

  await using transport = createTransport();
  const files = new FilesClient({
    transport,
    provider: { name: "ChatGPT", baseUrl: chatgptUrl },
    auth: login,
  });
  const file = await files.upload(
    { path },
    {
      onProgress: ({ sentBytes, totalBytes }) => write(`${sentBytes} of ${totalBytes} bytes`),
    },
  );
  write(file.uri); // sediment://file_…

  expect(written).toEqual(["5 of 5 bytes", `sediment://${backend.files[0]?.id}`]);
});

test("README example: what to tell a user, as it is written", async () => {
  await using backend = await startBackend();
  await using transport = createTransport();
  const provider = { name: "OpenAI", baseUrl: backend.urls.openai };
  const client = new ResponsesClient({ transport, provider, auth });
  const request = helloRequest;
  const written: string[] = [];
  const write = (text: string): number => written.push(text);
  const pauses: number[] = [];
  const pause = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds);
  const ask = async (): Promise<void> => {
    try {
      await client.stream(request);
    } catch (error) {
      const failure = toUserError(error);
      write(failure.message); // You've hit your usage limit. … or try again at 2:05 PM.
      if (isRetryableUserError(failure)) await pause(failure.delayMs ?? 1000);
    }
  };

  backend.fault({ kind: "usage_limit", planType: "plus" });
  await ask();
  backend.fault({ kind: "status", status: 404 });
  await ask();

  expect(written[0]).toMatch(/^You've hit your usage limit\. Upgrade to Pro .* or try again at .*[AP]M\.$/);
  expect(written[1]).toMatch(/^unexpected status 404 Not Found: /);
  expect(pauses).toEqual([1000]);
});

test("the examples of the README are those that are run here", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const self = compressed(readFileSync(new URL(import.meta.url), "utf8"));
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const statements = examples.map((code) => code.replaceAll(/^import .*$/gm, ""));
  expect(statements.length).toBeGreaterThan(2);
  for (const code of statements) expect(self).toContain(compressed(code));
});

/** The formatter breaks lines of this file as it does not those of the README. */
function compressed(code: string): string {
  return code
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([({[\])}]) ?/g, "$1")
    .replaceAll(/,(?=[)}\]])/g, "")
    .trim();
}
