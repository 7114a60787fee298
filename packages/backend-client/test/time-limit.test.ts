import { getEventListeners } from "node:events";
import type { AuthSource } from "@codex-ts/auth-provider";
import { afterEach, expect, test, vi } from "vitest";
import { BackendClient, type BackendClientOptions } from "../src/index.js";
import { backendRejection } from "./support/backend-rejection.js";
import { endpoints } from "./support/endpoints.js";
import { startClient, type TestClient } from "./support/start-client.js";

const stalled = { kind: "stall_headers", path: /./ } as const;

afterEach(() => {
  vi.useRealTimers();
});

/** Starts a client that has loaded what it needs, and has the time of this process stand still. */
async function startWithStoppedTime(options: Partial<BackendClientOptions> = {}): Promise<TestClient> {
  const started = await startClient(options);
  await started.client.getUsage();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return started;
}

test.each(Object.entries(endpoints))("%s: a time limit ends the request", async (_name, call) => {
  const { backend, client } = await startWithStoppedTime();
  backend.fault(stalled);
  const failing = backendRejection(call(client, { timeoutMs: 5_000 }));
  await backend.waitForRequests(2);
  await vi.advanceTimersByTimeAsync(5_000);
  const error = await failing;
  expect(error.kind).toBe("timeout");
  expect(error.message).toBe(`${error.method} ${error.url} took longer than 5000 ms`);
  expect(await backend.requests[1]?.outcome).toBe("aborted");
});

test.each(Object.entries(endpoints))("%s: a signal ends the request at once", async (_name, call) => {
  const { backend, client } = await startClient();
  backend.fault(stalled);
  const controller = new AbortController();
  const failing = backendRejection(call(client, { signal: controller.signal, timeoutMs: 60_000 }));
  await backend.waitForRequests(1);
  const reason = new Error("changed my mind");
  controller.abort(reason);
  expect(await failing).toMatchObject({ kind: "aborted", cause: reason });
  expect(await backend.requests[0]?.outcome).toBe("aborted");
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});

test("a signal that has fired already keeps everything from being sent", async () => {
  const { backend, client, login } = await startClient();
  const asked = vi.spyOn(login, "current");
  const error = await backendRejection(client.getUsage({ signal: AbortSignal.abort() }));
  expect(error.kind).toBe("aborted");
  expect(asked).not.toHaveBeenCalled();
  expect(backend.requests).toEqual([]);
});

test("the limit is for all attempts together and the pauses between them", async () => {
  let onPause = (): void => {};
  const paused = new Promise<void>((resolve) => {
    onPause = resolve;
  });
  const { backend, client } = await startWithStoppedTime({ telemetry: { onRetry: () => onPause() } });
  backend.fault({ kind: "rate_limit", path: /./, retryAfter: "30" });
  const failing = backendRejection(client.getUsage({ timeoutMs: 20_000 }));
  await paused;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await failing).toMatchObject({ kind: "timeout" });
  expect(backend.requests.map(({ status }) => status)).toEqual([200, 429]);
});

test("the limit is also for a login that takes long to read", async () => {
  const { backend, options } = await startClient();
  const source: AuthSource = { provider: options.auth.provider, current: () => new Promise(() => {}) };
  const client = new BackendClient({ ...options, auth: source });
  expect(await backendRejection(client.getUsage({ timeoutMs: 20 }))).toMatchObject({ kind: "timeout" });
  expect(await backendRejection(client.getUsage({ signal: AbortSignal.timeout(20) }))).toMatchObject({
    kind: "aborted",
  });
  expect(backend.requests).toEqual([]);
});

test.each([0, Number.POSITIVE_INFINITY, 2 ** 40])("%d milliseconds are no limit", async (timeoutMs) => {
  const { client } = await startClient();
  await client.getUsage({ timeoutMs });
});

test.each([-1, Number.NaN, "5" as unknown as number])(
  "%j milliseconds are none at all",
  async (timeoutMs) => {
    const { backend, client } = await startClient();
    await expect(client.getUsage({ timeoutMs })).rejects.toThrow(
      new TypeError('"timeoutMs" must be a non-negative number of milliseconds'),
    );
    expect(backend.requests).toEqual([]);
  },
);

test("leaves no timer and no listener behind", async () => {
  const { client, backend } = await startWithStoppedTime();
  const controller = new AbortController();
  const before = vi.getTimerCount();
  await client.getUsage({ timeoutMs: 5_000, signal: controller.signal });
  backend.fault({ kind: "status", path: /./, status: 500 });
  await backendRejection(client.getUsage({ timeoutMs: 5_000, signal: controller.signal }));
  await client.getUsage({ signal: controller.signal });
  expect(vi.getTimerCount()).toBe(before);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
