import { expect, test } from "vitest";
import { agentIdentityJwksUrl, fetchJwks, recordFromJwt, verifyAgentIdentityJwt } from "../src/index.js";
import { rejectionOf } from "./support/errors.js";
import { jwksPath, startNetwork } from "./support/network.js";
import { vectors } from "./support/vectors.js";

test("fetches the keys that verify a token of the backend", async () => {
  const { backend, transport } = await startNetwork();
  const jwks = await fetchJwks({ transport, chatgptBaseUrl: backend.urls.chatgpt });
  expect(jwks).toEqual(backend.jwks);
  const jwt = backend.mintJwt({ plan_type: "hc", email: undefined });
  expect(await verifyAgentIdentityJwt(jwt, jwks)).toMatchObject({ plan_type: "enterprise", email: null });
  const [request] = backend.requests;
  expect([request?.method, request?.path]).toEqual(["GET", "/backend-api/wham/agent-identities/jwks"]);
  expect(request?.headers).not.toHaveProperty("authorization");
});

test("takes the address itself before one derived from a base", async () => {
  const { backend, transport, received } = await startNetwork();
  const jwksUrl = agentIdentityJwksUrl(`${backend.urls.origin}/api/codex/`);
  await fetchJwks({ transport, jwksUrl, chatgptBaseUrl: "http://127.0.0.1:1" });
  expect(received(jwksPath).map((request) => request.path)).toEqual(["/api/codex/agent-identities/jwks"]);
});

test.each([
  [404, false],
  [429, true],
  [503, true],
])("refuses status %d after one attempt", async (status, retryable) => {
  const { backend, transport } = await startNetwork();
  backend.fault({ kind: "status", status, path: jwksPath, times: 9 });
  expect(await rejectionOf(fetchJwks({ transport, chatgptBaseUrl: backend.urls.chatgpt }))).toMatchObject({
    message: "agent identity JWKS endpoint returned an error",
    kind: "jwks",
    status,
    retryable,
  });
  expect(backend.requests).toHaveLength(1);
});

test("reports a server that cannot be reached", async () => {
  const { backend, transport } = await startNetwork();
  backend.fault({ kind: "reset", path: jwksPath });
  expect(await rejectionOf(fetchJwks({ transport, chatgptBaseUrl: backend.urls.chatgpt }))).toMatchObject({
    message: "failed to request agent identity JWKS",
    kind: "jwks",
    retryable: true,
  });
});

test.each([
  ["a page", "<html></html>"],
  ["no keys", "{}"],
  ["keys that are no list", '{"keys":{}}'],
  ["a key that is no object", '{"keys":[1]}'],
  ["more than a megabyte", JSON.stringify({ keys: [], padding: "x".repeat(1024 * 1024) })],
])("refuses %s", async (_name, body) => {
  const { backend, transport } = await startNetwork();
  backend.fault({ kind: "status", status: 200, body, path: jwksPath });
  expect(await rejectionOf(fetchJwks({ transport, chatgptBaseUrl: backend.urls.chatgpt }))).toMatchObject({
    message: "failed to decode agent identity JWKS",
    kind: "jwks",
    retryable: false,
  });
});

test("turns a token into a record", async () => {
  const { backend, transport, received } = await startNetwork();
  const agent = backend.registerAgent({
    chatgpt_account_is_fedramp: true,
    plan_type: "education",
    task_id: null,
  });
  const jwt = backend.mintJwt({ agent_runtime_id: agent.agent_runtime_id });
  const record = await recordFromJwt(jwt, { transport, chatgptBaseUrl: backend.urls.chatgpt });
  expect(record).toEqual({ ...agent, plan_type: "edu" });
  expect(received(jwksPath)).toHaveLength(1);
});

test("asks for no keys when the token is malformed", async () => {
  const { backend, transport } = await startNetwork();
  const attempt = recordFromJwt("not-a-jwt", { transport, chatgptBaseUrl: backend.urls.chatgpt });
  expect((await rejectionOf(attempt)).message).toBe("invalid agent identity JWT format");
  expect(backend.requests).toHaveLength(0);
});

test("asks once, then refuses a token that does not verify", async () => {
  const { backend, transport } = await startNetwork();
  const attempt = recordFromJwt(vectors.jwt.tokens.valid, {
    transport,
    chatgptBaseUrl: backend.urls.chatgpt,
  });
  expect((await rejectionOf(attempt)).message).toBe("agent identity JWT kid test-key is not trusted");
  expect(backend.requests).toHaveLength(1);
});

test("judges the expiry by the clock it is given", async () => {
  const { backend, transport } = await startNetwork();
  const options = { transport, chatgptBaseUrl: backend.urls.chatgpt };
  const jwt = backend.mintJwt();
  await recordFromJwt(jwt, options);
  const later = recordFromJwt(jwt, { ...options, clock: () => Date.now() + 2 * 3_600_000 });
  expect((await rejectionOf(later)).message).toBe("failed to verify agent identity JWT");
});
