import { defaultRetryPolicy, noRetry } from "@codex-ts/client";
import { expect, test } from "vitest";
import { backendRejection } from "./support/backend-rejection.js";
import { endpoints } from "./support/endpoints.js";
import { startClient } from "./support/start-client.js";

const twice = ["create_task", "add_credits_nudge_email"];
const repeatable = Object.entries(endpoints).filter(([name]) => !twice.includes(name));
const fast = { ...defaultRetryPolicy, baseDelayMs: 1 };

test.each(Object.entries(endpoints).filter(([name]) => name !== "add_credits_nudge_email"))(
  "%s: waits as long as a 429 or 503 asks for",
  async (_name, call) => {
    const { backend, client } = await startClient();
    for (const status of [429, 503])
      backend.fault({ kind: "status", path: /./, status, headers: { "retry-after-ms": "5" } });
    backend.fault({ kind: "status", path: /./, status: 404 });
    expect(await backendRejection(call(client))).toMatchObject({ status: 404 });
    expect(backend.requests.map(({ status }) => status)).toEqual([429, 503, 404]);
  },
);

test("a wait that is too long is returned, not waited for", async () => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "rate_limit", path: /./, retryAfter: "3600" });
  expect(await backendRejection(client.getUsage())).toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
  expect(backend.requests).toHaveLength(1);
});

test.each([429, 500, 502, 503])("status %i without a time to wait for is final", async (status) => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "status", path: /./, status });
  expect(await backendRejection(client.getUsage())).toMatchObject({ status });
  expect(backend.requests).toHaveLength(1);
});

test.each(repeatable)("%s: is tried again by the policy of the client", async (_name, call) => {
  const { backend, client } = await startClient({ retry: fast });
  backend.fault({ kind: "status", path: /./, status: 500, times: 2 });
  backend.fault({ kind: "status", path: /./, status: 404 });
  expect(await backendRejection(call(client))).toMatchObject({ status: 404 });
  expect(backend.requests).toHaveLength(3);
});

test.each(twice)("%s: never happens twice, whatever the policy", async (name) => {
  const { backend, client } = await startClient({ retry: fast });
  backend.fault({ kind: "status", path: /./, status: 500 });
  backend.fault({ kind: "reset", path: /./ });
  expect(await backendRejection(endpoints[name]?.(client) ?? Promise.reject())).toMatchObject({
    status: 500,
  });
  expect(await backendRejection(endpoints[name]?.(client) ?? Promise.reject())).toMatchObject({
    kind: "transport",
  });
  expect(backend.requests).toHaveLength(2);
});

test("a client without retries waits for nothing", async () => {
  const { backend, client } = await startClient({ retry: noRetry });
  backend.fault({ kind: "rate_limit", path: /./, retryAfter: "0" });
  expect(await backendRejection(client.getUsage())).toMatchObject({ status: 429 });
  expect(backend.requests).toHaveLength(1);
});

test("attempts are reported to whoever watches", async () => {
  const seen: unknown[] = [];
  const { client } = await startClient({ telemetry: { onRequest: ({ status }) => seen.push(status) } });
  await client.getUsage();
  expect(seen).toEqual([200]);
});
