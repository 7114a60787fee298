import { expect, test } from "vitest";
import type { RequestTelemetry } from "../src/telemetry.js";
import { createTransport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { startServer } from "./support/test-server.js";

test("reports each attempt of transport and exchange", async () => {
  await using server = await startServer((_request, response) => {
    response.writeHead(server.seen.length === 1 ? 500 : 201).end();
  });
  const log: unknown[] = [];
  const watch = (name: string): RequestTelemetry => ({
    onRequest: ({ error, durationMs, ...report }) => {
      log.push([name, { ...report, error: error?.kind }, durationMs >= 0 && durationMs < 10_000]);
    },
  });
  await using transport = createTransport({ telemetry: watch("transport"), sleep: async () => {} });
  const retry = { maxAttempts: 1, baseDelayMs: 0, on429: false, on5xx: true, onTransport: false };
  const request = { method: "get", url: `${server.origin}/path?secret=1` };
  await transport.execute(request, { retry, telemetry: watch("exchange") });
  const facts = { method: "GET", url: `${server.origin}/path` };
  const first = { attempt: 0, ...facts, status: 500, error: "http" };
  const second = { attempt: 1, ...facts, status: 201, error: undefined };
  expect(log).toEqual([
    ["transport", first, true],
    ["exchange", first, true],
    ["transport", second, true],
    ["exchange", second, true],
  ]);
});

test("does not count pauses", async () => {
  await using server = await startServer((_request, response) => response.writeHead(500).end());
  const durations: number[] = [];
  await using transport = createTransport({
    sleep: () => new Promise((resolve) => setTimeout(resolve, 300)),
  });
  const retry = { maxAttempts: 1, baseDelayMs: 0, on429: false, on5xx: true, onTransport: false };
  const telemetry: RequestTelemetry = { onRequest: ({ durationMs }) => void durations.push(durationMs) };
  const startedAt = performance.now();
  await rejection(transport.execute({ method: "GET", url: server.origin }, { retry, telemetry }));
  const [first = 0, second = 0] = durations;
  expect(performance.now() - startedAt - first - second).toBeGreaterThan(290);
});

test("a hook that throws or rejects disturbs nothing", async () => {
  await using server = await startServer((_request, response) =>
    response.writeHead(server.seen.length === 1 ? 500 : 200).end(),
  );
  const called: string[] = [];
  const broken: RequestTelemetry = {
    onRequest() {
      called.push("onRequest");
      throw new Error("mine");
    },
    async onRetry() {
      called.push("onRetry");
      throw new Error("mine");
    },
  };
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  process.on("unhandledRejection", onRejection);
  await using transport = createTransport({ telemetry: broken, sleep: async () => {} });
  const retry = { maxAttempts: 1, baseDelayMs: 0, on429: false, on5xx: true, onTransport: false };
  await transport.execute(
    { method: "GET", url: server.origin },
    { retry, telemetry: { onRequest: () => called.push("other") } },
  );
  await new Promise(setImmediate);
  process.off("unhandledRejection", onRejection);
  expect(called).toEqual(["onRequest", "other", "onRetry", "onRequest", "other"]);
  expect(rejections).toEqual([]);
});
