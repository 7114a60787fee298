import type { AuthProvider } from "@codex-ts/auth-provider";
import { startBackend } from "@codex-ts/testkit";
import { afterEach, expect, test } from "vitest";
import { createTransport, decodeSse, defaultRetryPolicy } from "../src/index.js";

let logged: string[] = [];
afterEach(() => {
  logged = [];
});
const console = { log: (text: string) => logged.push(text) };

test("README example: a streamed answer, event by event", async () => {
  await using backend = await startBackend();
  const baseUrl = backend.urls.openai;
  const apiKey = "sk-test";
  const signal = AbortSignal.timeout(10_000);
  const model = "gpt-5.5";
  const input = [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] }];

  const transport = createTransport();
  const auth: AuthProvider = {
    addAuthHeaders: (headers) => headers.set("authorization", `Bearer ${apiKey}`),
  };
  const stream = await transport.stream(
    { method: "POST", url: `${baseUrl}/responses`, body: { json: { model, input, stream: true } } },
    { auth, retry: defaultRetryPolicy, signal },
  );
  for await (const { event, data } of decodeSse(stream.body)) console.log(`${event}: ${data}`);
  await transport.close();

  expect(logged[0]).toMatch(/^response\.created: \{/);
  expect(logged.at(-1)).toMatch(/^response\.completed: \{/);
  expect(backend.requests[0]?.auth).toMatchObject({ kind: "bearer" });
});
