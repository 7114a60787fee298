import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, modelInfo, startBackend } from "../src/index.js";
import { assertion, envelope } from "./support/agent.js";
import { errorCode } from "./support/post.js";
import { exchangeRaw } from "./support/wire.js";

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend();
});
afterEach(() => backend.close());

const bearer = { authorization: "Bearer access-token-test" };

test.each(["/v1", "/backend-api/codex", "/api/codex"])("lists complete models below %s", async (base) => {
  const response = await fetch(`${backend.urls.origin}${base}/models?client_version=0.169.0`, {
    headers: bearer,
  });
  expect(response.headers.get("etag")).toMatch(/^W\/"[0-9a-f]{16}"$/);
  const { models } = (await response.json()) as { models: Record<string, unknown>[] };
  expect(models.map(({ slug }) => slug)).toEqual(["gpt-5.5", "gpt-6.1-sol"]);
  for (const model of models) {
    expect(model).toMatchObject({
      display_name: expect.any(String),
      supported_reasoning_levels: expect.any(Array),
      shell_type: "shell_command",
      visibility: "list",
      supported_in_api: true,
      priority: expect.any(Number),
      base_instructions: expect.any(String),
      supports_reasoning_summaries: true,
      support_verbosity: true,
      truncation_policy: { mode: "tokens", limit: 10_000 },
      supports_parallel_tool_calls: true,
      experimental_supported_tools: [],
    });
  }
});

test("lists the models it was given, under another ETag", async () => {
  const models = [modelInfo("mine", { priority: 9 })];
  await using other = await startBackend({ models });
  const url = "/models?client_version=1.0.0";
  const response = await fetch(`${other.urls.codex}${url}`, { headers: bearer });
  expect(await response.json()).toEqual({ models });
  const usual = await fetch(`${backend.urls.codex}${url}`, { headers: bearer });
  expect(response.headers.get("etag")).not.toBe(usual.headers.get("etag"));
});

test.each(["", "?client_version=", "?client_version=1.2"])("answers 400 to models%s", async (query) => {
  const response = await fetch(`${backend.urls.codex}/models${query}`, { headers: bearer });
  expect(response.status).toBe(400);
  expect(await errorCode(response)).toBe("invalid_client_version");
});

test("without WebSockets answers 426 to the upgrade, and takes no fault for it", async () => {
  await using backend = await startBackend({ webSocket: false });
  backend.fault({ kind: "status", status: 500 });
  const answer = await exchangeRaw(
    backend.urls.origin,
    [
      "GET /backend-api/codex/responses HTTP/1.1",
      "Host: 127.0.0.1",
      "Connection: Upgrade, close",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: VC2Fed04qQRCQCxLFCcUwQ==",
      "Authorization: Bearer access-token-test",
      "",
      "",
    ].join("\r\n"),
  );
  expect(answer.head).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n/);
  expect(backend.requests[0]).toMatchObject({ method: "GET", status: 426, auth: { kind: "bearer" } });
});

test("answers 405 to another method, and names the right one", async () => {
  const get = await fetch(`${backend.urls.codex}/responses`, { headers: bearer });
  expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
  const put = await fetch(`${backend.urls.codex}/models`, { method: "PUT", headers: bearer });
  expect([put.status, put.headers.get("allow")]).toEqual([405, "GET"]);
});

test.each(["/", "//", "/v1/responses/", "/backend-api/responses", "/backend-api/plugins"])(
  "answers 404 to %s",
  async (path) => {
    const { head } = await exchangeRaw(
      backend.urls.origin,
      `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(head).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(backend.requests[0]?.path).toBe(path);
  },
);

test("keeps its clients to itself when they ask for the workspace's origin", async () => {
  const response = await fetch(`${backend.urls.chatgpt}/wham/accounts/check`, { headers: bearer });
  expect(await response.json()).toMatchObject({
    accounts: [{ id: "account-test", workspace_backend_origin: backend.urls.origin }],
    account_ordering: ["account-test"],
    default_account_id: "account-test",
  });
});

test("knows the account of an agent", async () => {
  const record = backend.registerAgent({ account_id: "account-7" });
  const response = await fetch(`${backend.urls.chatgpt}/wham/accounts/check`, {
    headers: { authorization: assertion(envelope(record)), "chatgpt-account-id": "account-7" },
  });
  expect(await response.json()).toMatchObject({ default_account_id: "account-7" });
});

test("answers the calls that a turn is accompanied by", async () => {
  const settings = await fetch(`${backend.urls.chatgpt}/wham/settings/user`, { headers: bearer });
  const events = await fetch(`${backend.urls.codex}/analytics-events/events`, {
    method: "POST",
    headers: bearer,
    body: "{}",
  });
  expect([await settings.json(), await events.json()]).toEqual([{}, {}]);
  expect((await fetch(`${backend.urls.chatgpt}/wham/settings/user`)).status).toBe(401);
});
