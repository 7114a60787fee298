import { AuthError, type AuthProvider, type OutboundRequest } from "@codex-ts/auth-provider";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { transportErrorText } from "../src/error-text.js";
import { defaultRetryPolicy } from "../src/retry.js";
import { createTransport, type Transport } from "../src/transport.js";
import { rejection } from "./support/rejection.js";
import { startServer, type TestServer } from "./support/test-server.js";

let server: TestServer;
let transport: Transport;
let statuses: number[] = [];

beforeAll(async () => {
  server = await startServer((_request, response) => response.writeHead(statuses.shift() ?? 200).end("ok"));
  transport = createTransport({ sleep: async () => {}, headers: { "x-default": "1" } });
});
beforeEach(() => {
  statuses = [];
});
afterAll(async () => {
  await transport.close();
  await server[Symbol.asyncDispose]();
});

function send(auth: AuthProvider, headers: Record<string, string> = {}, retry = defaultRetryPolicy) {
  return transport.execute(
    { method: "POST", url: `${server.origin}/path`, headers, body: { json: {} } },
    { auth, retry },
  );
}

function last() {
  return server.seen.at(-1);
}

test("the credential's headers win over all others", async () => {
  const auth = {
    addAuthHeaders(headers: Headers) {
      headers.set("Authorization", "Bearer new");
      headers.set("x-default", "2");
      headers.set("content-type", "application/special");
    },
  };
  await send(auth, { authorization: "Bearer old", "x-other": "3" });
  expect(last()?.headers).toMatchObject({
    authorization: "Bearer new",
    "x-default": "2",
    "content-type": "application/special",
    "x-other": "3",
  });
});

test("is asked anew for each attempt", async () => {
  statuses = [500, 500];
  let count = 0;
  const addAuthHeaders = (headers: Headers) => {
    count += 1;
    headers.set("authorization", `Bearer ${count}`);
  };
  await send({ addAuthHeaders });
  expect(server.seen.slice(-3).map(({ headers }) => headers.authorization)).toEqual([
    "Bearer 1",
    "Bearer 2",
    "Bearer 3",
  ]);
});

test("a signer sees the final request, and what it returns is sent", async () => {
  let signed: OutboundRequest | undefined;
  const auth: AuthProvider = {
    addAuthHeaders() {},
    async applyAuth(request) {
      signed = { ...request, headers: new Headers(request.headers) };
      request.headers.set("x-signature", "abc");
      request.headers.delete("x-default");
      return { ...request, url: `${request.url}?signed=1`, body: "other" };
    },
  };
  await send(auth, { "x-other": "3" });
  expect(signed).toMatchObject({ method: "POST", url: `${server.origin}/path` });
  expect(Buffer.from(signed?.body ?? "").toString()).toBe("{}");
  expect(signed?.headers.get("content-type")).toBe("application/json");
  expect(last()?.path).toBe("/path?signed=1");
  expect(last()?.body.toString()).toBe("other");
  expect(last()?.headers).toMatchObject({ "x-signature": "abc", "x-other": "3" });
  expect(last()?.headers).not.toHaveProperty("x-default");
});

test.each([
  [
    "header",
    {
      addAuthHeaders() {
        throw new AuthError("no key", { kind: "build" });
      },
    },
  ],
  [
    "signature",
    {
      addAuthHeaders() {},
      applyAuth() {
        throw new AuthError("no key", { kind: "build" });
      },
    },
  ],
])("a %s that cannot be made sends nothing and is not tried again", async (_what, auth) => {
  const before = server.seen.length;
  const attempts: (string | undefined)[] = [];
  const telemetry = {
    onRequest: ({ error }: { error: Error | undefined }) => void attempts.push(error?.message),
  };
  const sending = transport.execute(
    { method: "POST", url: `${server.origin}/path?q=1` },
    { auth, retry: defaultRetryPolicy, telemetry },
  );
  const error = await rejection(sending);
  const message = `POST ${server.origin}/path was not sent, because the credential could not be put on it: no key`;
  expect(error).toMatchObject({ kind: "build", code: "auth", message });
  expect(transportErrorText(error)).toBe("request build error: no key");
  expect(error.cause).toBeInstanceOf(AuthError);
  expect(attempts).toEqual([message]);
  expect(server.seen).toHaveLength(before);
});

test("what may work next time is tried again like a network failure", async () => {
  const before = server.seen.length;
  let asked = 0;
  const auth: AuthProvider = {
    addAuthHeaders() {
      asked += 1;
      if (asked === 1) throw new AuthError("later", { kind: "transient" });
    },
  };
  await send(auth);
  expect(asked).toBe(2);
  expect(server.seen).toHaveLength(before + 1);
  asked = 0;
  const error = await rejection(send(auth, {}, { ...defaultRetryPolicy, onTransport: false }));
  expect(error).toMatchObject({ kind: "network", code: "auth" });
  expect(transportErrorText(error)).toBe("network error: later");
});

test.each([
  ["a line break", "Bearer sk-secret\r\nx: y"],
  ["another control character", "Bearer sk-secret\x01"],
])("a credential with %s is refused and shown nowhere", async (_what, value) => {
  const before = server.seen.length;
  const error = await rejection(send({ addAuthHeaders: (headers) => headers.set("authorization", value) }));
  expect(error).toMatchObject({ kind: "build" });
  expect(`${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain("sk-secret");
  expect(server.seen).toHaveLength(before);
});

test("trace headers come last", async () => {
  const traceparent = `00-${"1".repeat(32)}-${"2".repeat(16)}-01`;
  await using traced = createTransport({ trace: () => ({ traceparent }) });
  const auth = { addAuthHeaders: (headers: Headers) => headers.set("traceparent", "from the credential") };
  await traced.execute({ method: "GET", url: server.origin, headers: { traceparent: "own" } }, { auth });
  expect(last()?.headers["traceparent"]).toBe(traceparent);
});
