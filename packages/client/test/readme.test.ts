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

test("README example: a WebSocket, message by message", async () => {
  await using backend = await startBackend();
  const baseUrl = backend.urls.openai;
  const model = "gpt-5.5";
  const input = [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] }];
  await using transport = createTransport();
  const auth: AuthProvider = {
    addAuthHeaders: (headers) => headers.set("authorization", "Bearer sk-test"),
  };

  const connection = await transport.connectWebSocket({ url: `${baseUrl}/responses` }, { auth });
  await connection.send(JSON.stringify({ type: "response.create", model, input }));
  for await (const texts of connection.messages()) {
    for (const text of texts) console.log(text);
    if (texts.some((text) => text.includes('"response.completed"'))) break;
  }
  await connection.close();

  expect(logged[0]).toMatch(/^\{"type":"response\.created"/);
  expect(logged.at(-1)).toMatch(/^\{"type":"response\.completed"/);
  expect(backend.webSockets[0]?.closed?.code).toBe(1000);
});
