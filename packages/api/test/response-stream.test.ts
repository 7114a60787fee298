import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import {
  type ApiError,
  isApiError,
  type ResponseStream,
  type SsePoll,
  type UndeliveredEvent,
} from "../src/index.js";
import { completed, frames, textDelta } from "./support/frames.js";
import { type Replay, ReplayTransport } from "./support/replay-transport.js";
import { helloRequest, type TestClientOptions, testClient } from "./support/requests.js";
import { collectItems } from "./support/sse-vector.js";

async function open(
  replay: Replay,
  { signal, ...options }: TestClientOptions & { readonly signal?: AbortSignal } = {},
): Promise<{ readonly stream: ResponseStream; readonly transport: ReplayTransport }> {
  const transport = new ReplayTransport(replay);
  const stream = await testClient(transport, options).stream(helloRequest, { signal });
  return { stream, transport };
}

/** Reads to the end, for a stream that fails. */
async function failureOf(stream: ResponseStream): Promise<ApiError> {
  const last = (await collectItems(stream)).at(-1);
  const { error } = last as { error?: unknown };
  if (!isApiError(error)) throw new Error("the stream did not fail");
  return error;
}

async function nextType(events: AsyncIterator<{ readonly type: string }>): Promise<string | undefined> {
  const { value } = await events.next();
  return value?.type;
}

test("after the end the facts of the response are at hand", async () => {
  const { stream } = await open({
    headers: { "x-request-id": "req_1", "openai-model": "m-head", "x-codex-primary-used-percent": "40" },
    chunks: [
      frames(
        { type: "response.created", response: { id: "resp_1", headers: { "OpenAI-Model": "m-stream" } } },
        completed,
      ),
    ],
  });
  for await (const _event of stream);

  expect({
    upstreamRequestId: stream.upstreamRequestId,
    requestId: stream.requestId,
    responseId: stream.responseId,
    usage: stream.usage,
    endTurn: stream.endTurn,
    serverModel: stream.serverModel,
    usedPercent: stream.rateLimits.map(({ limit_id, primary }) => [limit_id, primary?.used_percent]),
  }).toStrictEqual({
    upstreamRequestId: "req_1",
    requestId: "req_1",
    responseId: "resp_1",
    usage: {
      input_tokens: 3,
      cached_input_tokens: 1,
      output_tokens: 2,
      reasoning_output_tokens: 0,
      total_tokens: 5,
    },
    endTurn: false,
    serverModel: "m-stream",
    usedPercent: [["codex", 40]],
  });
});

test("facts are null until they are known", async () => {
  const { stream } = await open({ chunks: [frames(completed)] });

  const { upstreamRequestId, requestId, responseId, usage, endTurn, serverModel } = stream;
  expect([upstreamRequestId, requestId, responseId, usage, endTurn, serverModel]).toEqual(
    new Array(6).fill(null),
  );
});

test("a request id under the older name is the request id, but not the upstream's", async () => {
  const { stream } = await open({ headers: { "x-oai-request-id": "oai_1" }, chunks: [] });
  expect([stream.requestId, stream.upstreamRequestId]).toEqual(["oai_1", null]);
});

test("a failed response still has its id and names the request", async () => {
  const { stream } = await open({
    headers: { "x-request-id": "req_9" },
    chunks: [frames({ type: "response.failed", response: { id: "resp_9", error: { code: "slow_down" } } })],
  });

  expect(await failureOf(stream)).toMatchObject({
    kind: "server_overloaded",
    requestId: "req_9",
    serverCode: "slow_down",
  });
  expect(stream.responseId).toBe("resp_9");
});

test("limits that arrive in the stream update the facts and are no event", async () => {
  const { stream } = await open({
    headers: { "x-codex-primary-used-percent": "40" },
    chunks: [
      frames(
        { type: "codex.rate_limits", rate_limits: { primary: { used_percent: 41 } } },
        { type: "codex.rate_limits", metered_limit_name: "codex_other" },
        completed,
      ),
    ],
  });

  const items = await collectItems(stream);

  expect(items).toHaveLength(2);
  expect(stream.rateLimits.map(({ limit_id, primary }) => [limit_id, primary?.used_percent])).toEqual([
    ["codex", 41],
    ["codex_other", undefined],
  ]);
});

test("events that come with a failure are delivered before it", async () => {
  const { stream } = await open({
    chunks: [
      frames({
        type: "response.failed",
        headers: { "openai-model": "m" },
        safety_buffering: { use_cases: ["cyber"], reasons: [] },
        response: { error: { code: "insufficient_quota" } },
      }),
    ],
  });

  expect(await collectItems(stream)).toMatchObject([
    { event: { type: "rate_limits" } },
    { event: { type: "server_model" } },
    { event: { type: "safety_buffering" } },
    { error: { kind: "quota_exceeded" } },
  ]);
});

test("a failure is reported once, then the stream is over", async () => {
  const { stream } = await open({ chunks: [] });
  const events = stream[Symbol.asyncIterator]();
  await events.next();

  await expect(events.next()).rejects.toMatchObject({ kind: "stream", code: "closed_early" });
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test("an `error` event of the server explains a stream that closes early", async () => {
  const { stream } = await open({
    chunks: [frames({ type: "error", code: "server_busy", message: 'no "room"' })],
  });

  const error = await failureOf(stream);
  expect(error).toMatchObject({
    message: "stream closed before response.completed",
    serverCode: "server_busy",
    cause: { message: 'the server sent an error event: "no \\"room\\""' },
  });
});

test.each([
  ["type", { type: "usage_limit_reached", code: null, resets_at: 1_900_000_000 }],
  ["code", { code: "usage_limit_reached", resets_at: 1_900_000_000 }],
])("a used-up limit named by %s says when it starts anew", async (_name, error) => {
  const { stream } = await open({ chunks: [frames({ type: "response.failed", response: { error } })] });

  expect(await failureOf(stream)).toMatchObject({
    kind: "retryable",
    code: "usage_limit_reached",
    delayMs: undefined,
    resetsAt: new Date(1_900_000_000_000),
  });
});

test("a reset time beyond all dates is none", async () => {
  const error = { type: "usage_limit_reached", resets_at: 9e15 };
  const { stream } = await open({ chunks: [frames({ type: "response.failed", response: { error } })] });
  expect(await failureOf(stream)).toMatchObject({ code: "usage_limit_reached", resetsAt: undefined });
});

test("a stream goes on after events it does not know, counts them and shows them", async () => {
  const shown: UndeliveredEvent[] = [];
  const { stream } = await open(
    {
      chunks: [
        "event: new\n",
        frames({ type: "response.telepathy.delta", delta: "?" }, { type: "keepalive" }, completed),
      ],
    },
    { telemetry: { onUnknownEvent: (event) => shown.push(event) } },
  );

  expect(await collectItems(stream)).toHaveLength(2);
  expect(stream.unknownEventCount).toBe(2);
  expect(shown).toMatchObject([
    { reason: "unknown", type: "response.telepathy.delta", event: { event: "new" } },
    { reason: "unknown", type: "keepalive" },
  ]);
});

test("what is malformed is shown too, what carries nothing is not", async () => {
  const shown: unknown[] = [];
  const { stream } = await open(
    {
      chunks: [
        "data: {not json}\n\ndata: 17\n\ndata: [DONE]\n\ndata:\n\n",
        frames(
          { type: "response.output_text.delta", delta: 5 },
          { type: "response.output_item.done", item: { type: "message" } },
          { type: "response.in_progress", response: {} },
          { type: "response.refusal.delta", delta: "no" },
          { no: "type" },
          completed,
        ),
      ],
    },
    { telemetry: { onUnknownEvent: ({ reason, type }) => shown.push([reason, type]) } },
  );

  await collectItems(stream);
  expect(stream.unknownEventCount).toBe(0);
  expect(shown).toEqual([
    ["malformed", undefined],
    ["malformed", undefined],
    ["malformed", "response.output_text.delta"],
    ["malformed", "response.output_item.done"],
    ["malformed", undefined],
  ]);
});

test("a hook that throws does not disturb the stream", async () => {
  const fail = (): never => {
    throw new Error("hook");
  };
  const { stream } = await open(
    { chunks: [frames({ type: "new" }, textDelta("a"), completed)] },
    { telemetry: { onSsePoll: fail, onUnknownEvent: fail } },
  );
  expect(await collectItems(stream)).toHaveLength(3);
});

test("events of one chunk are waited for once", async () => {
  const waits: boolean[] = [];
  const { stream } = await open(
    { chunks: [{ delay_ms: 20, text: frames(textDelta("a"), textDelta("b")) }, frames(completed)] },
    { telemetry: { onSsePoll: ({ waitedMs }) => waits.push(waitedMs > 5) } },
  );
  await collectItems(stream);
  expect(waits).toEqual([true, false, false]);
});

test("overlapping calls of next() are answered in order", async () => {
  const { stream } = await open({ chunks: [frames(textDelta("a")), frames(textDelta("b"), completed)] });
  const events = stream[Symbol.asyncIterator]();

  const types = await Promise.all([1, 2, 3, 4, 5].map(() => nextType(events)));

  expect(types).toEqual(["rate_limits", "output_text_delta", "output_text_delta", "completed", undefined]);
});

test("nothing is read before it is asked for", async () => {
  const { stream, transport } = await open({ chunks: [frames(textDelta("a")), frames(completed)] });
  const events = stream[Symbol.asyncIterator]();
  await events.next();
  expect(transport.deliveredCount).toBe(0);

  await events.next();
  expect(transport.deliveredCount).toBe(1);
});

const leave: readonly (readonly [string, (stream: ResponseStream) => Promise<unknown>])[] = [
  [
    "break",
    async (stream) => {
      for await (const { type } of stream) if (type === "output_text_delta") break;
    },
  ],
  [
    "an exception",
    async (stream) => {
      const left = (async () => {
        for await (const { type } of stream) if (type === "output_text_delta") throw new Error("mine");
      })();
      await expect(left).rejects.toThrow("mine");
    },
  ],
  [
    "throw()",
    async (stream) => {
      const events = stream[Symbol.asyncIterator]();
      await events.next();
      await events.next();
      await expect(events.throw?.(new Error("mine"))).rejects.toThrow("mine");
    },
  ],
  [
    "await using",
    async (stream) => {
      await using open = stream;
      const events = open[Symbol.asyncIterator]();
      await events.next();
      await events.next();
    },
  ],
];

test.each(leave)("leaving by %s closes the body, and the stream is over", async (_name, leaveBy) => {
  const { stream, transport } = await open({
    chunks: [frames(textDelta("a"), textDelta("b"))],
    after: "hang",
  });

  await leaveBy(stream);

  expect(transport.closedCount).toBe(1);
  expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
});

test("cancel() answers a reader that waits, and is no end of the body", async () => {
  const polls: string[] = [];
  const { stream } = await open(
    { chunks: [], after: "hang" },
    { telemetry: { onSsePoll: ({ poll }) => polls.push(poll) } },
  );
  const events = stream[Symbol.asyncIterator]();
  await events.next();
  const waiting = events.next();
  stream.cancel();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(polls).toEqual([]);
});

test("cancel() before the first read delivers nothing", async () => {
  const { stream } = await open({ chunks: [frames(completed)] });
  stream.cancel();
  expect(await collectItems(stream)).toEqual([]);
});

test("the first terminal event ends the stream, whatever follows", async () => {
  const { stream, transport } = await open({
    chunks: [frames(completed, textDelta("late")), frames({ type: "response.failed" })],
    after: "hang",
  });

  expect(await collectItems(stream)).toMatchObject([
    { event: { type: "rate_limits" } },
    { event: { type: "completed" } },
  ]);
  expect(transport.closedCount).toBe(1);
});

test("aborting rejects a reader that waits, with the reason as cause", async () => {
  const controller = new AbortController();
  const { stream } = await open({ chunks: [], after: "hang" }, { signal: controller.signal });
  const events = stream[Symbol.asyncIterator]();
  await events.next();
  const waiting = events.next();

  const reason = new Error("enough");
  controller.abort(reason);

  await expect(waiting).rejects.toMatchObject({ name: "ApiError", kind: "aborted", cause: reason });
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test("aborting wins over a chunk that is on its way to the reader", async () => {
  const controller = new AbortController();
  const chunk = Promise.resolve({ done: false, value: Buffer.from(frames(textDelta("a"))) } as const);
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next() {
        // The reaction that is added first is the decoder's, and the abort follows at once.
        queueMicrotask(() => void chunk.then(() => controller.abort()));
        return chunk;
      },
    }),
  };
  const { stream } = await open({ chunks: [], body }, { signal: controller.signal });
  const events = stream[Symbol.asyncIterator]();
  await events.next();

  await expect(events.next()).rejects.toMatchObject({ kind: "aborted" });
});

test("aborting drops events that are not delivered yet", async () => {
  const controller = new AbortController();
  const { stream } = await open(
    { chunks: [frames(textDelta("a"), textDelta("b"), completed)] },
    { signal: controller.signal },
  );
  const events = stream[Symbol.asyncIterator]();
  await events.next();
  expect(await nextType(events)).toBe("output_text_delta");

  controller.abort();

  await expect(events.next()).rejects.toMatchObject({ kind: "aborted" });
});

test("aborting before the first read delivers nothing", async () => {
  const controller = new AbortController();
  const { stream } = await open({ chunks: [frames(completed)] }, { signal: controller.signal });
  controller.abort();
  expect(await collectItems(stream)).toMatchObject([{ error: { kind: "aborted" } }]);
});

test("a signal that fired before the answer came ends the stream", async () => {
  const { stream } = await open({ chunks: [frames(completed)] }, { signal: AbortSignal.abort("why") });
  expect(await collectItems(stream)).toMatchObject([{ error: { kind: "aborted", cause: "why" } }]);
});

test("aborting after the end changes nothing", async () => {
  const controller = new AbortController();
  const { stream } = await open({ chunks: [frames(completed)] }, { signal: controller.signal });
  await collectItems(stream);
  controller.abort();
  expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
});

test("a retry hint is exact to the millisecond and fits a timer", async () => {
  const delays = await Promise.all(
    ["1.001s", "28.9ms", "0.5 seconds", "99999999999999999999s", "5 min", "1m"].map(async (hint) => {
      const error = { code: "rate_limit_exceeded", message: `Please try again in ${hint}.` };
      const { stream } = await open({ chunks: [frames({ type: "response.failed", response: { error } })] });
      return (await failureOf(stream)).delayMs;
    }),
  );
  expect(delays).toEqual([1001, 28, 500, 2 ** 31 - 1, undefined, undefined]);
});

test("while it waits, a stream holds nothing of what it has delivered", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const seen: WeakRef<object>[] = [];
  const telemetry = {
    onSsePoll: (poll: SsePoll): void => {
      if (poll.poll === "event") seen.push(new WeakRef(poll.event));
    },
  };
  const { stream } = await open(
    { chunks: [frames(textDelta("a"), textDelta("b"))], after: "hang" },
    { telemetry },
  );
  const events = stream[Symbol.asyncIterator]();
  expect(await nextType(events)).toBe("rate_limits");
  expect(await nextType(events)).toBe("output_text_delta");
  expect(await nextType(events)).toBe("output_text_delta");
  const waiting = events.next();
  await setImmediate();
  collectGarbage();
  expect(seen.map((event) => event.deref())).toEqual([undefined, undefined]);
  stream.cancel();
  await waiting;
});
