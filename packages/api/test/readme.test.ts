import { createTransport } from "@codex-ts/client";
import { startBackend } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { ResponsesClient } from "../src/index.js";
import { apiKeyAuth as auth } from "./support/api-key-auth.js";

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
