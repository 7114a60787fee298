import { getEventListeners } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { startBackend } from "../src/index.js";
import { payloads, postResponses, turn } from "./support/post.js";
import { exchangeRaw, responsesRequest } from "./support/wire.js";

test("names its bases, none with a slash at the end", async () => {
  await using backend = await startBackend();
  const { origin } = backend.urls;
  expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(backend.urls).toEqual({
    origin,
    openai: `${origin}/v1`,
    codex: `${origin}/backend-api/codex`,
    chatgpt: `${origin}/backend-api`,
    authApi: `${origin}/api/accounts`,
  });
});

test("listens on IPv6 when told so", async () => {
  await using backend = await startBackend({ host: "::1" });
  expect(backend.urls.origin).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await postResponses(backend)).status).toBe(200);
});

test("rejects when the port is taken", async () => {
  await using backend = await startBackend();
  const port = Number(new URL(backend.urls.origin).port);
  await expect(startBackend({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("rejects sealed task ids in a plain member", async () => {
  await expect(startBackend({ sealTaskIds: true, taskIdField: "taskId" })).rejects.toThrow(TypeError);
});

test("answers scripts in turn, then the default", async () => {
  await using backend = await startBackend({ answer: "default" });
  backend.script("one", "two");
  const texts: unknown[] = [];
  for (let count = 0; count < 3; count += 1) {
    const events = payloads(await (await postResponses(backend)).text());
    texts.push(events.find(({ type }) => type === "response.output_text.done")?.["text"]);
  }
  expect(texts).toEqual(["one", "two", "default"]);
});

test("logs what was received, as it was received", async () => {
  await using backend = await startBackend();
  const before = Date.now();
  await exchangeRaw(
    backend.urls.origin,
    responsesRequest(turn("hello"), { "X-Second": "2", "x-first": "1", "X-SECOND": "3" }).replace(
      "/v1/responses",
      "/v1/responses?a=1&b=%20",
    ),
  );
  const [request] = backend.requests;
  expect(request).toMatchObject({
    method: "POST",
    path: "/v1/responses",
    status: 200,
    aborted: false,
    auth: { kind: "bearer", credential: "apiKey", accountId: null },
  });
  expect([...(request?.query ?? [])]).toEqual([
    ["a", "1"],
    ["b", " "],
  ]);
  expect(request?.rawHeaders.slice(-3)).toEqual([
    ["X-Second", "2"],
    ["x-first", "1"],
    ["X-SECOND", "3"],
  ]);
  expect(request?.headers["x-second"]).toBe("2, 3");
  expect(request?.json()).toEqual(turn("hello"));
  expect(request?.body).toEqual(request?.rawBody);
  expect(request?.receivedAt).toBeGreaterThanOrEqual(before);
  expect(await request?.outcome).toBe("answered");
});

test("gives the request id of the log in the answer", async () => {
  await using backend = await startBackend();
  const { headers } = await postResponses(backend);
  expect(headers.get("x-request-id")).toBe(backend.requests[0]?.requestId);
});

test("numbers connections, so that reuse can be seen", async () => {
  await using backend = await startBackend();
  const request = responsesRequest(turn("hello"), { Connection: "keep-alive" });
  const { hostname, port } = new URL(backend.urls.origin);
  const first = connect(Number(port), hostname);
  first.write(request);
  await backend.waitForRequests(1);
  await backend.requests[0]?.outcome;
  first.write(request);
  await backend.waitForRequests(2);
  const second = connect(Number(port), hostname);
  second.write(request);
  await backend.waitForRequests(3);
  expect(backend.requests.map(({ localSocketId }) => localSocketId)).toEqual([1, 1, 2]);
  expect(backend.openSockets).toBe(2);
  first.destroy();
  second.destroy();
});

test("logs a request whose client leaves in the middle of its body", async () => {
  await using backend = await startBackend();
  const { hostname, port } = new URL(backend.urls.origin);
  const socket = connect(Number(port), hostname);
  const request = responsesRequest(turn("hello"));
  socket.write(request.slice(0, -5), () => socket.destroy());
  const [received] = await backend.waitForRequests(1);
  expect(await received?.outcome).toBe("aborted");
  expect(received?.status).toBeUndefined();
});

test("waits for requests to one path", async () => {
  await using backend = await startBackend();
  const waiting = backend.waitForRequests(2, { path: "/responses" });
  await postResponses(backend);
  await fetch(`${backend.urls.chatgpt}/wham/agent-identities/jwks`);
  await postResponses(backend);
  expect((await waiting).map(({ path }) => path)).toEqual(["/v1/responses", "/v1/responses"]);
});

test("leaves no listener on the signal when it has waited", async () => {
  await using backend = await startBackend();
  const { signal } = new AbortController();
  const waiting = backend.waitForRequests(1, { signal });
  await postResponses(backend);
  await waiting;
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("stops waiting with the signal's reason", async () => {
  await using backend = await startBackend();
  const leave = new AbortController();
  const waiting = backend.waitForRequests(1, { signal: leave.signal });
  leave.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(backend.waitForRequests(1, { signal: leave.signal })).rejects.toThrow("enough");
});

test("stops waiting when it is closed", async () => {
  const backend = await startBackend();
  const waiting = backend.waitForRequests(1);
  const failure = expect(waiting).rejects.toThrow("closed");
  await backend.close();
  await failure;
});

test("forgets log, script and faults on reset, but not its agents", async () => {
  await using backend = await startBackend();
  backend.script("scripted");
  backend.fault({ kind: "status", status: 500, path: "/never" });
  backend.fault({ kind: "status", status: 500 });
  const { agent_runtime_id } = backend.registerAgent();
  await fetch(`${backend.urls.chatgpt}/wham/agent-identities/jwks`);
  backend.reset();
  expect(backend.requests).toEqual([]);
  const answer = await postResponses(backend);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('"text":"hello"');
  const token = backend.mintJwt({ agent_runtime_id });
  expect(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())).toMatchObject({
    agent_runtime_id,
  });
});

test("ends everything at once when it is closed in the middle of answers", async () => {
  const backend = await startBackend();
  backend.fault({ kind: "stall_headers" });
  backend.fault({ kind: "stall", afterBytes: 10 });
  backend.fault({ kind: "drip", bytes: 1, intervalMs: 60_000 });
  backend.script({ frames: ["data: 1\n\n"] }, { frames: ["data: 1\n\n"] }, { text: "late", delayMs: 60_000 });
  const answers = Array.from({ length: 4 }, () =>
    exchangeRaw(backend.urls.origin, responsesRequest(turn("hello"))),
  );
  const requests = await backend.waitForRequests(4);
  await backend.close();
  expect(backend.openSockets).toBe(0);
  expect(await Promise.all(requests.map(({ outcome }) => outcome))).toEqual(["cut", "cut", "cut", "cut"]);
  for (const { isComplete } of await Promise.all(answers)) expect(isComplete).toBe(false);
  await expect(fetch(backend.urls.origin)).rejects.toThrow();
});

test("may be closed twice", async () => {
  const backend = await startBackend();
  await Promise.all([backend.close(), backend.close()]);
  await expect(backend.close()).resolves.toBeUndefined();
});

test("knows no status for a client that did not wait for it", async () => {
  await using backend = await startBackend();
  backend.script({ text: "late", delayMs: 60_000 });
  const leave = new AbortController();
  const answer = postResponses(backend, turn("hello"), { signal: leave.signal });
  const [request] = await backend.waitForRequests(1);
  leave.abort();
  await expect(answer).rejects.toThrow();
  expect(await request?.outcome).toBe("aborted");
  await new Promise((resolve) => setImmediate(resolve));
  expect(request?.status).toBeUndefined();
});

test("tells of each exchange when it is over", async () => {
  const seen: string[] = [];
  await using backend = await startBackend({
    onExchange: (request, outcome) => seen.push(`${request.method} ${request.status} ${outcome}`),
  });
  await (await postResponses(backend)).text();
  await backend.requests[0]?.outcome;
  expect(seen).toEqual(["POST 200 answered"]);
});
