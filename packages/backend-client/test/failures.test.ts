import { inspect } from "node:util";
import { createTransport, isTransportError, noRetry } from "@codex-ts/client";
import type { Fault } from "@codex-ts/testkit";
import { expect, onTestFinished, test } from "vitest";
import { BackendClient, BackendError, backendErrorText, isBackendError } from "../src/index.js";
import { backendRejection } from "./support/backend-rejection.js";
import { endpoints } from "./support/endpoints.js";
import { startClient } from "./support/start-client.js";

const path = /./;

test.each(Object.entries(endpoints))("%s: a refusal keeps its facts apart", async (_name, call) => {
  const { backend, client } = await startClient();
  backend.fault({
    kind: "status",
    path,
    status: 404,
    body: "no such thing",
    headers: { "content-type": "text/plain" },
  });
  const error = await backendRejection(call(client));
  const [request] = backend.requests;
  expect(error).toMatchObject({
    kind: "status",
    status: 404,
    requestId: request?.requestId,
    method: request?.method,
    url: `${backend.urls.origin}${request?.path}`,
    contentType: "text/plain",
    body: "no such thing",
    isUnauthorized: false,
  });
  const text = `${error.method} ${error.url} failed: 404 Not Found`;
  expect(error.message).toBe(text);
  expect(backendErrorText(error)).toBe(`${text}; content-type=text/plain; body=no such thing`);
  expect(isTransportError(error.cause)).toBe(true);
});

test.each(Object.entries(endpoints))("%s: a web page is no answer", async (_name, call) => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "html", path, status: 200 });
  const error = await backendRejection(call(client));
  const text = `Decode error for ${error.url}: it is a web page`;
  expect(error).toMatchObject({ kind: "decode", isUnauthorized: false, message: text });
  expect(error.url).toBe(`${backend.urls.origin}${backend.requests[0]?.path}`);
  expect(backendErrorText(error)).toMatch(
    /: it is a web page; content-type=text\/html.*; body=<!doctype html>/i,
  );
});

test.each(
  Object.entries(endpoints).filter(([name]) => name !== "add_credits_nudge_email" && name !== "task_body"),
)("%s: an answer that is not JSON is none", async (_name, call) => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "status", path, status: 200, body: "{", headers: { "content-type": "" } });
  const error = await backendRejection(call(client));
  const text = `Decode error for ${error.url}: it is not JSON`;
  expect(error).toMatchObject({ kind: "decode", isUnauthorized: false, message: text });
  expect(backendErrorText(error)).toBe(`${text}; content-type=; body={`);
});

test.each([
  [599, "599 <unknown status code>", undefined, ""],
  [418, "418 I'm a teapot", "", ""],
])("status %i without a body or type", async (status, phrase, body = "", type) => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "status", path, status, body, headers: { "content-type": type } });
  const error = await backendRejection(client.getUsage());
  expect(backendErrorText(error)).toBe(
    `GET ${backend.urls.chatgpt}/wham/usage failed: ${phrase}; content-type=; body=`,
  );
});

test("every other success is one", async () => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "status", path, status: 201, body: '{"plan_type":"plus"}' });
  expect(await client.getUsage()).toMatchObject({ plan_type: "plus" });
  backend.fault({ kind: "status", path, status: 204, body: "" });
  await client.sendAddCreditsNudgeEmail("credits");
});

test("no answer at all is a failure of the transport", async () => {
  const { backend, client } = await startClient();
  backend.fault({ kind: "reset", path });
  const error = await backendRejection(client.getUsage());
  expect(error).toMatchObject({ kind: "transport", method: "GET" });
  expect([error.status, error.body]).toEqual([undefined, undefined]);
  expect(backendErrorText(error)).toBe(error.message);
});

test("a time limit of the transport is a time limit, too", async () => {
  const { backend, options } = await startClient();
  const transport = createTransport({ env: {}, headersTimeoutMs: 30 });
  onTestFinished(() => transport.close());
  backend.fault({ kind: "stall_headers", path });
  const client = new BackendClient({ ...options, transport });
  expect(await backendRejection(client.getUsage())).toMatchObject({ kind: "timeout" });
});

test("a mismatch names its place, but no member that is not surely a name", async () => {
  const { backend, client } = await startClient();
  const body = JSON.stringify({ accounts: { "a\u0007b": { account: { structure: 7 } } } });
  backend.fault({ kind: "status", path, status: 200, body });
  expect((await backendRejection(client.checkAccounts())).message).not.toContain("\u0007");
});

test("errors of another copy of the package are recognized", () => {
  const error = new BackendError("m", { kind: "status", status: 401 });
  expect(isBackendError(error)).toBe(true);
  expect(error.isUnauthorized).toBe(true);
  expect(isBackendError(new Error("m"))).toBe(false);
  expect(isBackendError(null)).toBe(false);
});

const faults: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "unauthorized" },
  { kind: "html" },
  { kind: "usage_limit" },
  { kind: "rate_limit", retryAfter: "3600" },
  { kind: "redirect", to: "https://example.net/?token=access-token-secret" },
  { kind: "redirect", to: "ftp://access-token-secret@example.net" },
  { kind: "reset" },
  { kind: "cut", afterBytes: 5 },
  { kind: "status", status: 200, body: "access-token-secret" },
  { kind: "status", status: 200, body: '"access-token-secret"' },
  { kind: "status", status: 200, body: '{"access-token-secret": 1, "accounts": "access-token-secret"}' },
  { kind: "status", status: 200, headers: { "content-type": "access-token-secret" }, body: "[]" },
  { kind: "status", status: 500, headers: { "content-type": "access-token-secret" } },
  { kind: "status", status: 400, body: "Bearer access-token-secret is wrong" },
];

test.each(faults)("no credential is in any error: %j", async (fault) => {
  const { backend, login, options } = await startClient(
    { retry: noRetry },
    { bearerTokens: ["access-token-secret"] },
  );
  login.token = "access-token-secret";
  const client = new BackendClient(options);
  for (const call of Object.values(endpoints)) {
    backend.fault({ ...fault, path } as Fault);
    let error: unknown;
    try {
      await call(client);
    } catch (caught) {
      error = caught;
    }
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      const shown = [cause.message, cause.stack, inspect(cause, { depth: 9 }), JSON.stringify(cause)].join(
        "\n",
      );
      expect(shown).not.toContain("access-token-secret");
    }
  }
});
