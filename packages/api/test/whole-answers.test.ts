import type { AuthProvider } from "@codex-ts/auth-provider";
import type { AttemptReport } from "@codex-ts/client";
import { expect, test } from "vitest";
import {
  type ApiClientOptions,
  type CallOptions,
  CompactClient,
  ImagesClient,
  MemoriesClient,
  ModelsClient,
  SearchClient,
} from "../src/index.js";
import { answerWith, startEndpointBackend } from "./support/endpoint-backend.js";

const message = { type: "message", role: "user", content: [] } as const;

/** A call of each client that is answered whole. */
const calls: readonly (readonly [
  name: string,
  path: string,
  call: (options: ApiClientOptions, more?: CallOptions) => Promise<unknown>,
])[] = [
  [
    "compact",
    "/responses/compact",
    (options, more) =>
      new CompactClient(options).compact({ model: "m", input: [message], parallel_tool_calls: true }, more),
  ],
  [
    "memories",
    "/memories/trace_summarize",
    (options, more) => new MemoriesClient(options).summarize({ model: "m", traces: [] }, more),
  ],
  [
    "models",
    "/models",
    (options, more) => new ModelsClient(options).list({ clientVersion: "1.0.0", ...more }),
  ],
  [
    "image generation",
    "/images/generations",
    (options, more) => new ImagesClient(options).generate({ model: "m", prompt: "p" }, more),
  ],
  [
    "image edit",
    "/images/edits",
    (options, more) =>
      new ImagesClient(options).edit({ model: "m", prompt: "p", images: [{ image_url: "data:," }] }, more),
  ],
  [
    "search",
    "/alpha/search",
    (options, more) => new SearchClient(options).search({ id: "s", model: "m" }, more),
  ],
];

test.each(calls)(
  "%s: headers of the call replace the provider's, those of the credential replace both",
  async (_name, _path, call) => {
    const { backend, options } = await startEndpointBackend();
    const provider = {
      ...options.provider,
      headers: { "x-a": "provider", "x-b": "provider", authorization: "Bearer provider" },
    };
    await call({ ...options, provider }, { headers: { "X-B": "call", authorization: "Bearer call" } });
    expect(backend.requests[0]).toMatchObject({
      status: 200,
      headers: { "x-a": "provider", "x-b": "call", authorization: "Bearer sk-test" },
    });
  },
);

test.each(calls)(
  "%s: is tried again as the provider says, and each attempt is reported",
  async (_name, path, call) => {
    const { backend, options } = await startEndpointBackend();
    const reports: Partial<AttemptReport>[] = [];
    const provider = {
      ...options.provider,
      retry: { maxAttempts: 2, baseDelayMs: 1, on429: false, on5xx: true, onTransport: true },
    };
    backend.fault({ kind: "status", status: 502, path });
    backend.fault({ kind: "reset", path });
    await call({
      ...options,
      provider,
      telemetry: { onRequest: ({ attempt, status }) => reports.push({ attempt, status }) },
    });
    expect(reports).toEqual([
      { attempt: 0, status: 502 },
      { attempt: 1, status: undefined },
      { attempt: 2, status: 200 },
    ]);
  },
);

test.each(calls)("%s: a refusal is an error with its status, id and body", async (_name, path, call) => {
  const { backend, options } = await startEndpointBackend();
  backend.fault({ kind: "status", status: 403, path, body: "no", headers: { "x-request-id": "req_9" } });
  await expect(call(options)).rejects.toMatchObject({
    kind: "transport",
    status: 403,
    requestId: "req_9",
    cause: { kind: "http", body: "no" },
  });
});

test.each(calls)("%s: a 401 is recovered from", async (_name, path, call) => {
  const { backend, options } = await startEndpointBackend();
  const auth: AuthProvider = { ...options.auth, recover: async ({ round }) => round === 0 };
  backend.fault({ kind: "unauthorized", path });
  await call({ ...options, auth });
  expect(backend.requests.map(({ status }) => status)).toEqual([401, 200]);
});

test.each(calls)("%s: a web page is no answer, whatever its status", async (_name, path, call) => {
  const { backend, options } = await startEndpointBackend();
  for (const status of [200, 403]) {
    backend.fault({ kind: "html", status, path });
    await expect(call(options)).rejects.toMatchObject({ kind: "transport", code: "html_answer", status });
  }
});

test.each(calls)("%s: what is not JSON, not UTF-8 or not whole is no answer", async (_name, path, call) => {
  const { backend, options } = await startEndpointBackend();
  answerWith(backend, path, '{"secret text');
  await expect(call(options)).rejects.toMatchObject({
    kind: "stream",
    code: "invalid_answer",
    message: expect.stringMatching(/(^|: )the answer is not JSON$/),
  });
  answerWith(backend, path, Buffer.from([0x7b, 0xff, 0x7d]));
  await expect(call(options)).rejects.toMatchObject({
    kind: "stream",
    message: expect.stringMatching(/(^|: )the answer is not UTF-8$/),
  });
  backend.fault({ kind: "cut", afterBytes: 3, path });
  await expect(call(options)).rejects.toMatchObject({ kind: "transport", cause: { kind: "network" } });
});

test.each(calls)("%s: the limit for an attempt ends it", async (_name, path, call) => {
  const { backend, options } = await startEndpointBackend();
  backend.fault({ kind: "stall", path });
  await expect(call(options, { timeoutMs: 30 })).rejects.toMatchObject({
    kind: "transport",
    code: "request_timeout",
  });
});

test.each(calls)("%s: the signal ends it at once", async (_name, path, call) => {
  const { backend, options } = await startEndpointBackend();
  backend.fault({ kind: "stall_headers", path });
  const controller = new AbortController();
  const failed = expect(call(options, { signal: controller.signal })).rejects.toMatchObject({
    kind: "aborted",
    cause: "enough",
  });
  const [request] = await backend.waitForRequests(1);
  controller.abort("enough");
  await failed;
  expect(await request?.outcome).toBe("aborted");
});

test.each(calls)("%s: a limit that is none is refused, and nothing is sent", async (_name, _path, call) => {
  const { backend, options } = await startEndpointBackend();
  await expect(call(options, { timeoutMs: -1 })).rejects.toThrow(
    new TypeError('"timeoutMs" must be a non-negative number of milliseconds'),
  );
  expect(backend.requests).toHaveLength(0);
});
