import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";
import { errorCode, postResponses, turn } from "./support/post.js";
import { exchangeRaw, responsesRequest } from "./support/wire.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend();
});
afterEach(() => backend.close());

test("answers a status with headers and body as given", async () => {
  backend.fault({ kind: "status", status: 503, headers: { "retry-after": "7", "x-a": "b" }, body: "busy" });
  const { head, rawBody } = await exchangeRaw(backend.urls.origin, responsesRequest(turn("hello")));
  expect(head).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
  expect(head).toMatch(/^retry-after: 7$/im);
  expect(head).toMatch(/^x-a: b$/im);
  expect(rawBody).toBe("busy");
});

test("answers a status without a body with an error of the backend's shape", async () => {
  backend.fault({ kind: "status", status: 502 });
  const response = await postResponses(backend);
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({
    error: { message: "The test backend answers 502", type: "server_error", param: null, code: "testkit" },
  });
});

test("answers 401 token_expired", async () => {
  backend.fault({ kind: "unauthorized" });
  const response = await postResponses(backend);
  expect(response.status).toBe(401);
  expect(await errorCode(response)).toBe("token_expired");
});

test("answers 401 with a body as given", async () => {
  backend.fault({ kind: "unauthorized", body: '{"detail":"no"}' });
  expect(await (await postResponses(backend)).text()).toBe('{"detail":"no"}');
});

test.each([undefined, "2", "Wed, 21 Oct 2026 07:28:00 GMT"])(
  "answers 429 with Retry-After %s",
  async (retryAfter) => {
    backend.fault({ kind: "rate_limit", retryAfter });
    const response = await postResponses(backend);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe(retryAfter ?? null);
    expect(await errorCode(response)).toBe("rate_limit_exceeded");
  },
);

test("answers 429 usage_limit_reached with plan and reset", async () => {
  backend.fault({ kind: "usage_limit", planType: "plus", resetsAt: 4_000_000_000 });
  const response = await postResponses(backend);
  expect(response.status).toBe(429);
  expect(response.headers.get("x-codex-primary-reset-at")).toBe("4000000000");
  expect(await response.json()).toMatchObject({
    error: { type: "usage_limit_reached", plan_type: "plus", resets_at: 4_000_000_000 },
  });
});

test("redirects to where it is told", async () => {
  backend.fault({ kind: "redirect", to: "http://127.0.0.1:1/elsewhere?a=b" });
  const response = await postResponses(backend, turn("hello"), { redirect: "manual" });
  expect(response.status).toBe(307);
  expect(response.headers.get("location")).toBe("http://127.0.0.1:1/elsewhere?a=b");
});

test("redirects with another status", async () => {
  backend.fault({ kind: "redirect", to: "/v1/elsewhere", status: 302 });
  expect((await postResponses(backend, turn("hello"), { redirect: "manual" })).status).toBe(302);
});

test("answers a challenge page in place of JSON", async () => {
  backend.fault({ kind: "html" });
  const response = await postResponses(backend);
  expect(response.status).toBe(403);
  expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
  expect(response.headers.get("cf-mitigated")).toBe("challenge");
  expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
});

test("takes a request and sends nothing, not even headers", async () => {
  backend.fault({ kind: "stall_headers" });
  const leave = new AbortController();
  const answer = postResponses(backend, turn("hello"), { signal: leave.signal });
  const [request] = await backend.waitForRequests(1);
  leave.abort();
  await expect(answer).rejects.toThrow();
  expect(await request?.outcome).toBe("aborted");
  expect(request?.status).toBeUndefined();
});

test("resets the connection before any answer", async () => {
  backend.fault({ kind: "reset" });
  const { head, errorCode: code } = await exchangeRaw(backend.urls.origin, responsesRequest(turn("hello")));
  expect({ head, code }).toEqual({ head: "", code: "ECONNRESET" });
  expect(await backend.requests[0]?.outcome).toBe("cut");
});

test("takes no scripted answer", async () => {
  backend.script("scripted");
  backend.fault({ kind: "status", status: 500 });
  expect((await postResponses(backend)).status).toBe(500);
  expect(await (await postResponses(backend)).text()).toContain('"text":"scripted"');
});

test("hits as many requests as it is told, oldest fault first", async () => {
  backend.fault({ kind: "status", status: 500, times: 2 });
  backend.fault({ kind: "status", status: 503 });
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await postResponses(backend)).status);
  expect(statuses).toEqual([500, 500, 503, 200]);
});

test("hits only the path that it is meant for", async () => {
  const init = { headers: { authorization: "Bearer sk-test" } };
  backend.fault({ kind: "status", status: 500, path: "/models" });
  backend.fault({ kind: "status", status: 501, path: /agent-identities/ });
  expect((await postResponses(backend)).status).toBe(200);
  expect((await fetch(`${backend.urls.codex}/models?client_version=1.2.3`, init)).status).toBe(500);
  expect((await fetch(`${backend.urls.chatgpt}/wham/agent-identities/jwks`)).status).toBe(501);
});
