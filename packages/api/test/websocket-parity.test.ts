import { createTransport } from "@codex-ts/client";
import { type AnswerParts, type Backend, startBackend } from "@codex-ts/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiError, ResponsesClient, ResponsesWebSocketClient } from "../src/index.js";
import { apiKeyAuth as auth } from "./support/api-key-auth.js";
import { helloRequest } from "./support/requests.js";
import { collectItems, isDelayed, readSseVectors } from "./support/sse-vector.js";

// What the head of each answer says over HTTP is said once over a WebSocket, so both heads say the same here.
const headers = { "openai-model": helloRequest.model, "x-reasoning-included": "1" };

let backend: Backend;
const transport = createTransport({ env: {} });
beforeAll(async () => {
  backend = await startBackend({ rateLimitHeaders: headers, webSocketHeaders: headers });
});
afterAll(async () => {
  await transport.close();
  await backend.close();
});

/** Plays one script over both transports. */
async function playTwice(answer: AnswerParts): Promise<readonly [http: unknown[], webSocket: unknown[]]> {
  backend.reset();
  const options = { transport, auth, provider: { name: "test", baseUrl: backend.urls.openai } };
  backend.script(answer, answer);
  const [model, limits, ...http] = await collectItems(
    await new ResponsesClient(options).stream(helloRequest),
  );
  // Over HTTP the head of each answer tells the limits, and over a WebSocket a message does when they change.
  expect(limits).toMatchObject({ event: { type: "rate_limits" } });
  await using connection = await new ResponsesWebSocketClient(options).connect();
  return [[model, ...http], await collectItems(await connection.stream(helloRequest))];
}

/** The words for a stream that broke off name the transport. Everything else has to be the same. */
function comparable(items: readonly unknown[]): unknown[] {
  return items.map((item) => {
    const { error } = item as { error?: ApiError };
    if (error === undefined) return item;
    const { kind, code, delayMs, serverCode, resetsAt, message } = error;
    return { kind, code, delayMs, serverCode, resetsAt, message: code === "closed_early" ? "" : message };
  });
}

test.each<[string, AnswerParts]>([
  ["a text", { text: "Hello there, both of you." }],
  ["reasoning and text", { reasoning: "Let me think about it.", text: "Yes." }],
  [
    "calls of tools",
    {
      items: [
        { type: "function_call", id: "fc_1", call_id: "c1", name: "shell", arguments: '{"a":1}' },
        { type: "custom_tool_call", id: "ct_1", call_id: "c2", name: "patch", input: "*** Begin" },
        { type: "of_tomorrow", anything: [1, { deep: true }] },
      ],
    },
  ],
])("a turn with %s gives the same events over both transports", async (_name, answer) => {
  // Ids are random, so the turn is made once and then sent as it is.
  const [first] = await playTwice(answer);
  const texts = backend.webSockets[0]?.messages.filter(({ from }) => from === "server") ?? [];
  const events = texts.map(({ text }) => JSON.parse(text) as object);
  const [http, webSocket] = await playTwice({ events });
  expect(webSocket).toStrictEqual(http);
  expect(http).toHaveLength(first.length);
  expect(http.at(-1)).toMatchObject({ event: { type: "completed" } });
});

const vectors = [...readSseVectors("responses-sse"), ...readSseVectors("responses-sse-later")].filter(
  ({ input }) =>
    Object.keys(input.headers).length === 0 &&
    input.after === "eof" &&
    input.chunks.every((chunk) => typeof chunk === "string" && !isDelayed(chunk)) &&
    !JSON.stringify(input.chunks).includes("codex.rate_limits"),
);

test.each(vectors.map((vector) => [vector.name, vector] as const))("vector %s", async (_name, { input }) => {
  // A tail without its blank line is dispatched over HTTP, and is no message over a WebSocket.
  const frames = [...(input.chunks as string[]), "\n\n"];
  const [http, webSocket] = await playTwice({ frames });
  expect(comparable(webSocket)).toStrictEqual(comparable(http));
});

test("most vectors are among them", () => {
  expect(vectors.length).toBeGreaterThan(40);
});
