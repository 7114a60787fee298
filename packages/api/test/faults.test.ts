import { inspect } from "node:util";
import type { AuthProvider } from "@codex-ts/auth-provider";
import type { Fault } from "@codex-ts/testkit";
import { startBackend } from "@codex-ts/testkit";
import { expect, onTestFinished, test } from "vitest";
import { type ApiError, isApiError, type Provider } from "../src/index.js";
import { startBackendClient } from "./support/backend-client.js";
import { helloRequest } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";

/** Asks and reads to the end, with one thing going wrong. */
async function ask(fault: Fault, provider: Partial<Provider> = {}): Promise<unknown[]> {
  const { backend, client } = await startBackendClient({ provider });
  backend.script("one two three");
  backend.fault(fault);
  try {
    return await collectItems(await client.stream(helloRequest));
  } catch (error) {
    if (!isApiError(error)) throw error;
    return [{ error }];
  }
}

async function failure(fault: Fault, provider?: Partial<Provider>): Promise<ApiError> {
  const { error } = (await ask(fault, provider)).at(-1) as { error?: unknown };
  if (!isApiError(error)) throw new Error("nothing failed");
  return error;
}

interface TypedFailure {
  readonly name: string;
  readonly fault: Fault;
  readonly expected: object;
  readonly provider?: Partial<Provider>;
}

test.each<readonly [string, Fault]>([
  ["CRLF line ends", { kind: "crlf" }],
  ["single bytes", { kind: "byte_by_byte" }],
  ["a drip", { kind: "drip", bytes: 512, intervalMs: 1 }],
  ["compression that nobody asked for", { kind: "gzip" }],
  ["one event of a megabyte", { kind: "oversize", bytes: 1 << 20 }],
])("%s does no harm", async (_name, fault) => {
  const items = await ask(fault);
  expect(items.at(-1)).toMatchObject({ event: { type: "completed" } });
  const deltas = items.filter(
    (item) => (item as { event: { type: string } }).event.type === "output_text_delta",
  );
  expect(deltas.map((item) => (item as { event: { delta: string } }).event.delta).join("")).toBe(
    "one two three",
  );
});

test.each<TypedFailure>([
  {
    name: "a body without its end",
    fault: { kind: "no_completed" },
    expected: { kind: "stream", code: "closed_early", message: "stream closed before response.completed" },
  },
  {
    name: "a connection that is cut",
    fault: { kind: "cut", afterBytes: 400 },
    expected: { kind: "stream", message: expect.stringMatching(/^Transport error: network error: /) },
  },
  {
    name: "silence after the head",
    fault: { kind: "stall" },
    expected: { kind: "stream", code: "sse_idle", message: "idle timeout waiting for SSE" },
    provider: { streamIdleTimeoutMs: 60 },
  },
  {
    name: "silence in the middle",
    fault: { kind: "stall", afterBytes: 400 },
    expected: { kind: "stream", code: "sse_event", message: "idle timeout waiting for SSE" },
    provider: { streamEventTimeoutMs: 60 },
  },
  {
    name: "no first event",
    fault: { kind: "stall" },
    expected: { kind: "stream", code: "sse_first_event", message: "idle timeout waiting for SSE" },
    provider: { streamFirstEventTimeoutMs: 60 },
  },
  {
    name: "an event beyond the limit",
    fault: { kind: "oversize", bytes: 100_000 },
    expected: { kind: "stream", code: "sse_oversize", message: expect.stringContaining("65536 bytes") },
    provider: { streamMaxEventBytes: 65_536 },
  },
  {
    name: "a status that says no",
    fault: { kind: "status", status: 400, body: '{"error":{"message":"private text"}}' },
    expected: {
      kind: "transport",
      status: 400,
      message: expect.stringMatching(/^POST http\S+\/v1\/responses answered 400/),
    },
  },
  {
    name: "a credential that is refused",
    fault: { kind: "unauthorized" },
    expected: {
      kind: "transport",
      status: 401,
      message: expect.stringMatching(/answered 401 Unauthorized$/),
    },
  },
  {
    name: "a wait that is too long to wait for",
    fault: { kind: "rate_limit", retryAfter: "3600" },
    expected: { kind: "transport", status: 429, delayMs: 3_600_000 },
  },
  {
    name: "a plan that is used up",
    fault: { kind: "usage_limit", resetsAt: 1_900_000_000 },
    expected: {
      kind: "transport",
      status: 429,
      code: "usage_limit_reached",
      resetsAt: new Date(1_900_000_000_000),
    },
  },
  {
    name: "a challenge page",
    fault: { kind: "html" },
    expected: {
      kind: "transport",
      code: "html_answer",
      status: 403,
      message: expect.stringMatching(/ with an HTML page$/),
    },
  },
  {
    name: "a page where the stream should be",
    fault: { kind: "html", status: 200 },
    expected: {
      kind: "transport",
      code: "html_answer",
      status: 200,
      message: expect.stringMatching(/ with an HTML page$/),
    },
  },
  {
    name: "a reset connection",
    fault: { kind: "reset" },
    expected: { kind: "transport", cause: { kind: "network" } },
  },
])("$name is a typed error", async ({ fault, expected, provider }) => {
  const error = await failure(fault, provider);
  expect(error).toMatchObject({ name: "ApiError", ...expected });
  expect(error.message).not.toContain("private text");
  expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toContain("sk-test");
});

test("an answer that is refused names its request", async () => {
  const error = await failure({ kind: "status", status: 500, headers: { "x-request-id": "req_5" } });
  expect(error.requestId).toBe("req_5");
});

test("a page instead of a stream frees its connection", async () => {
  const { backend, client } = await startBackendClient();
  backend.script({ headers: { "content-type": "text/html" }, chunkDelayMs: 10_000 });

  await expect(client.stream(helloRequest)).rejects.toMatchObject({ code: "html_answer" });

  expect(await backend.requests[0]?.outcome).toBe("aborted");
});

test("a redirect to another origin does not take the credential along", async () => {
  const elsewhere = await startBackend({ requireAuth: false });
  onTestFinished(() => elsewhere.close());
  const { backend, client } = await startBackendClient();
  backend.fault({ kind: "redirect", to: `${elsewhere.urls.openai}/responses` });

  const stream = await client.stream(helloRequest).catch((error: ApiError) => error);
  if (!isApiError(stream)) await collectItems(stream);

  for (const { headers } of elsewhere.requests) expect(headers).not.toHaveProperty("authorization");
});

test("a 401 is recovered from before the stream is returned", async () => {
  let key = "sk-old";
  const auth: AuthProvider = {
    addAuthHeaders(headers) {
      headers.set("authorization", `Bearer ${key}`);
    },
    async recover() {
      key = "sk-test";
      return true;
    },
  };
  const { backend, client } = await startBackendClient({ auth });

  const items = await collectItems(await client.stream(helloRequest));

  expect(items.at(-1)).toMatchObject({ event: { type: "completed" } });
  expect(backend.requests.map(({ status }) => status)).toEqual([401, 200]);
});
