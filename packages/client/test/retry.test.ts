import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TransportError } from "../src/errors.js";
import type { ExchangeOptions } from "../src/request.js";
import { backoff, defaultRetryPolicy, noRetry, type RetryPolicy } from "../src/retry.js";
import { createTransport, type Transport } from "../src/transport.js";
import { readVectors } from "./support/read-vectors.js";
import { rejection } from "./support/rejection.js";
import { startServer, type TestServer } from "./support/test-server.js";

interface Outcome {
  readonly kind: "http" | "network" | "ok" | "timeout";
  readonly status?: number;
}

interface Vectors {
  readonly backoff: readonly {
    readonly base_ms: number;
    readonly attempt: number;
    readonly before_jitter_ms: number | string;
    readonly min_ms: number | string;
    readonly max_ms: number | string;
  }[];
  readonly fixed_jitter: readonly {
    readonly base_ms: number;
    readonly attempt: number;
    readonly jitter: number;
    readonly delay_ms: number;
  }[];
  readonly runs: readonly {
    readonly name: string;
    readonly input: {
      readonly policy: {
        readonly max_attempts: number;
        readonly base_delay_ms: number;
        readonly retry_429: boolean;
        readonly retry_5xx: boolean;
        readonly retry_transport: boolean;
      };
      readonly attempt_results: readonly Outcome[];
    };
    readonly expected: {
      readonly requests_sent: number;
      readonly sleeps_before_jitter_ms: readonly number[];
      readonly telemetry: readonly {
        readonly attempt: number;
        readonly status: number | null;
        readonly error: string | null;
      }[];
      readonly result: { readonly ok?: number; readonly error?: Outcome };
    };
  }[];
}

const vectors = readVectors<Vectors>("retry-backoff");
/** Gives a jitter of exactly one. */
const even = () => 0.5;

describe("backoff", () => {
  test.each(vectors.backoff)("of $base_ms ms, attempt $attempt, stays in its range", (vector) => {
    const policy = { baseDelayMs: vector.base_ms };
    for (const random of [0, 0.25, 0.5, 0.75, 1 - Number.EPSILON / 2]) {
      const delay = BigInt(backoff(policy, vector.attempt, () => random));
      expect(delay).toBeGreaterThanOrEqual(BigInt(vector.min_ms));
      expect(delay).toBeLessThanOrEqual(BigInt(vector.max_ms));
    }
    const middle = backoff(policy, vector.attempt, even);
    expect(middle).toBe(Math.min(Number(vector.before_jitter_ms), 2 ** 64 - 2048));
  });

  test.each(vectors.fixed_jitter)(
    "of $base_ms ms with jitter $jitter",
    ({ base_ms, attempt, jitter, delay_ms }) => {
      expect(backoff({ baseDelayMs: base_ms }, attempt, () => (jitter - 0.9) / 0.2)).toBe(delay_ms);
    },
  );

  test("does not overflow for any attempt", () => {
    expect(backoff({ baseDelayMs: 200 }, 5000, even)).toBe(2 ** 64 - 2048);
    expect(backoff({ baseDelayMs: 0 }, 5000, even)).toBe(0);
  });
});

describe("runs", () => {
  let outcomes: Outcome[] = [];
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer((_request, response) => {
      const outcome = outcomes.shift();
      if (outcome?.kind === "network") response.destroy();
      else if (outcome?.kind !== "timeout") response.writeHead(outcome?.status ?? 200).end("body");
    });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(vectors.runs)("$name", async ({ input, expected }) => {
    outcomes = [...input.attempt_results];
    const sleeps: number[] = [];
    const telemetry: unknown[] = [];
    const sleep = async (milliseconds: number) => void sleeps.push(milliseconds);
    await using transport = createTransport({ sleep, random: even });
    const options: ExchangeOptions = {
      headersTimeoutMs: input.attempt_results.some(({ kind }) => kind === "timeout") ? 250 : 0,
      retry: {
        maxAttempts: input.policy.max_attempts,
        baseDelayMs: input.policy.base_delay_ms,
        on429: input.policy.retry_429,
        on5xx: input.policy.retry_5xx,
        onTransport: input.policy.retry_transport,
      },
      telemetry: {
        onRequest: ({ attempt, status, error }) =>
          telemetry.push({ attempt, status: status ?? null, error: error?.kind ?? null }),
      },
    };
    const sentBefore = server.seen.length;
    const request = { method: "POST", url: server.origin, body: { json: {} } };
    const result = await transport.execute(request, options).then(
      ({ status }) => ({ ok: status }),
      ({ kind, status }: TransportError) => ({ error: { kind, ...(status !== undefined && { status }) } }),
    );
    const { error } = expected.result;
    const { kind, status } = error ?? {};
    expect(result).toEqual(
      error === undefined ? expected.result : { error: { kind, ...(status !== undefined && { status }) } },
    );
    expect(server.seen.length - sentBefore).toBe(expected.requests_sent);
    expect(sleeps).toEqual(expected.sleeps_before_jitter_ms);
    expect(telemetry).toEqual(expected.telemetry);
  });
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 10, 23, 12, 0, 0);
  let answers: [status: number, headers: Record<string, string>, body?: string][] = [];
  let sleeps: number[] = [];
  let server: TestServer;
  let transport: Transport;

  beforeAll(async () => {
    server = await startServer((_request, response) => {
      const [status, headers, body] = answers.shift() ?? [200, {}];
      response.writeHead(status, headers).end(body ?? "ok");
    });
    transport = createTransport({
      sleep: async (milliseconds) => void sleeps.push(milliseconds),
      clock: () => now,
      random: even,
    });
  });
  afterAll(async () => {
    await transport.close();
    await server[Symbol.asyncDispose]();
  });

  function send(retry: RetryPolicy): Promise<unknown> {
    sleeps = [];
    return transport.execute({ method: "GET", url: server.origin }, { retry });
  }

  test.each([
    [429, { "retry-after": "2" }, 2000],
    [429, { "retry-after": "1.5" }, 1500],
    [503, { "retry-after": "60" }, 60_000],
    [429, { "retry-after-ms": "250" }, 250],
    [429, { "retry-after-ms": "250", "retry-after": "9" }, 250],
    [429, { "retry-after": "Mon, 23 Nov 2026 12:00:07 GMT" }, 7000],
  ])("%i with %j is waited for", async (status, headers, delay) => {
    answers = [[status, headers]];
    await send({ ...noRetry, maxAttempts: 1 });
    expect(sleeps).toEqual([delay]);
  });

  test.each([
    ["a pause of zero", { "retry-after": "0" }],
    ["a date that has passed", { "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }],
  ])("%s still keeps the usual distance", async (_what, headers) => {
    answers = [[429, headers]];
    await send({ ...noRetry, maxAttempts: 1 });
    expect(sleeps).toEqual([200]);
  });

  test.each(["soon", "-5", "1e3", ""])("%j says nothing", async (value) => {
    answers = [[429, { "retry-after": value }]];
    const error = await rejection(send(defaultRetryPolicy));
    expect(error.retryAfterMs).toBeUndefined();
    expect(sleeps).toEqual([]);
  });

  test("a longer one is returned at once, also of a status that is retried otherwise", async () => {
    answers = [[503, { "retry-after": "61" }]];
    const error = await rejection(send(defaultRetryPolicy));
    expect(error).toMatchObject({ kind: "http", status: 503, retryAfterMs: 61_000 });
    expect(sleeps).toEqual([]);
  });

  test("the limit is the policy's", async () => {
    answers = [[429, { "retry-after": "61" }]];
    await send({ ...noRetry, maxAttempts: 1, maxRetryAfterMs: 61_000 });
    expect(sleeps).toEqual([61_000]);
    answers = [[429, { "retry-after": "1" }]];
    expect(await rejection(send({ ...noRetry, maxAttempts: 1, maxRetryAfterMs: 999 }))).toMatchObject({
      status: 429,
    });
  });

  test("ends with the attempts", async () => {
    answers = [
      [429, { "retry-after": "1" }],
      [429, { "retry-after": "1" }],
    ];
    expect(await rejection(send({ ...noRetry, maxAttempts: 1 }))).toMatchObject({
      status: 429,
      retryAfterMs: 1000,
    });
    expect(sleeps).toEqual([1000]);
  });

  test("is a fact only, on any other status", async () => {
    answers = [[500, { "retry-after": "3" }]];
    expect(await rejection(send({ ...noRetry, maxAttempts: 1 }))).toMatchObject({
      status: 500,
      retryAfterMs: 3000,
    });
    answers = [[500, { "retry-after": "3" }]];
    await send(defaultRetryPolicy);
    expect(sleeps).toEqual([200]);
  });

  test.each([
    [{ resets_at: 1_800_000_000 }, new Date(1_800_000_000_000)],
    [{ resets_in_seconds: 90 }, new Date(now + 90_000)],
    [{ resets_at: 1e300 }, undefined],
    [{}, undefined],
  ])("a used-up allowance is final and says when it starts anew %#", async (facts, resetsAt) => {
    const body = JSON.stringify({ error: { type: "usage_limit_reached", message: "m", ...facts } });
    answers = [[429, { "retry-after": "1" }, body]];
    const error = await rejection(send({ ...defaultRetryPolicy, on429: true }));
    expect(error).toMatchObject({
      kind: "http",
      status: 429,
      code: "usage_limit_reached",
      body,
      retryAfterMs: 1000,
    });
    expect(error.resetsAt).toEqual(resetsAt);
    expect(sleeps).toEqual([]);
  });

  test.each([
    '{"error":{"code":"usage_limit_reached"}}',
    '{"error":"usage_limit_reached"}',
    "usage_limit_reached",
  ])("%s says nothing about an allowance", async (body) => {
    answers = [[429, {}, body]];
    await send({ ...defaultRetryPolicy, on429: true });
    expect(sleeps).toEqual([200]);
  });
});

test("a stream is retried until its head", async () => {
  await using server = await startServer(({ connection: _ }, response) => {
    if (server.seen.length === 1) response.writeHead(500).end();
    else response.write("data");
  });
  await using transport = createTransport({ sleep: async () => {} });
  const stream = await transport.stream({ method: "GET", url: server.origin }, { retry: defaultRetryPolicy });
  expect(server.seen).toHaveLength(2);
  stream.cancel();
});

test("sends byte-identical bodies", async () => {
  await using server = await startServer((_request, response) => {
    response.writeHead(server.seen.length < 3 ? 500 : 200).end();
  });
  await using transport = createTransport({ sleep: async () => {} });
  const body = { json: { at: 1 } };
  const sending = transport.stream(
    { method: "POST", url: server.origin, body },
    { retry: defaultRetryPolicy },
  );
  await server.received(1);
  body.json.at = 2;
  (await sending).cancel();
  expect(server.seen.map((request) => request.body.toString())).toEqual(['{"at":1}', '{"at":1}', '{"at":1}']);
});

test("hooks learn of each retry before its pause", async () => {
  await using server = await startServer((_request, response) => {
    response.writeHead(server.seen.length < 2 ? 502 : 200).end();
  });
  const log: unknown[] = [];
  const telemetry = {
    onRetry: ({ attempt, delayMs, error }: { attempt: number; delayMs: number; error: TransportError }) =>
      log.push({ attempt, delayMs, status: error.status }),
  };
  await using transport = createTransport({
    sleep: async () => void log.push("pause"),
    random: even,
    telemetry,
  });
  await transport.execute({ method: "GET", url: server.origin }, { retry: defaultRetryPolicy });
  expect(log).toEqual([{ attempt: 1, delayMs: 200, status: 502 }, "pause"]);
});

test("an abort ends a pause at once", async () => {
  await using server = await startServer((_request, response) => response.writeHead(500).end());
  await using transport = createTransport();
  const controller = new AbortController();
  const reason = new Error("enough");
  const telemetry = { onRetry: () => queueMicrotask(() => controller.abort(reason)) };
  const retry = { ...defaultRetryPolicy, baseDelayMs: 3_600_000 };
  const error = await rejection(
    transport.execute({ method: "GET", url: server.origin }, { retry, signal: controller.signal, telemetry }),
  );
  expect(error).toMatchObject({ kind: "aborted", cause: reason });
});

test.each([
  [{ maxAttempts: -1 }, '"retry.maxAttempts" must be a non-negative integer'],
  [{ baseDelayMs: 0.5 }, '"retry.baseDelayMs" must be a non-negative integer'],
  [{ maxRetryAfterMs: Number.NaN }, '"retry.maxRetryAfterMs" must be a non-negative integer'],
])("rejects a policy with %j", async (part, message) => {
  await using transport = createTransport();
  const sending = transport.execute(
    { method: "GET", url: "http://127.0.0.1/" },
    { retry: { ...noRetry, ...part } },
  );
  await expect(sending).rejects.toThrow(new TypeError(message));
});
