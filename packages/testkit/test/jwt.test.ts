import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Backend, startBackend } from "../src/index.js";

const expected = {
  issuer: "https://chatgpt.com/codex-backend/agent-identity",
  audience: "codex-app-server",
  algorithms: ["RS256"],
};

let backend: Backend;
beforeEach(async () => {
  backend = await startBackend();
});
afterEach(() => backend.close());

const keys = (): ReturnType<typeof createLocalJWKSet> =>
  createLocalJWKSet(backend.jwks as unknown as JSONWebKeySet);

test("signs the identity of a known agent, so that the published keys verify it", async () => {
  const { task_id: _taskId, ...identity } = backend.registerAgent({ email: null, plan_type: "hc" });
  const token = backend.mintJwt({ agent_runtime_id: identity.agent_runtime_id });
  const { payload, protectedHeader } = await jwtVerify(token, keys(), expected);
  expect(payload).toMatchObject({ ...identity });
  expect(payload).not.toHaveProperty("task_id");
  expect(protectedHeader).toEqual({ typ: "JWT", alg: "RS256", kid: "testkit-1" });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
});

test("makes an agent when none is named, and knows it", async () => {
  const { payload } = await jwtVerify(backend.mintJwt(), keys(), expected);
  const again = backend.mintJwt({ agent_runtime_id: payload["agent_runtime_id"] });
  const { payload: other } = await jwtVerify(again, keys(), expected);
  expect(other["agent_private_key"]).toBe(payload["agent_private_key"]);
});

test("makes an agent with the id that is claimed", async () => {
  const { payload } = await jwtVerify(backend.mintJwt({ agent_runtime_id: "agent-new" }), keys(), expected);
  const again = await jwtVerify(backend.mintJwt({ agent_runtime_id: "agent-new" }), keys(), expected);
  expect(again.payload["agent_private_key"]).toBe(payload["agent_private_key"]);
});

test("publishes its keys at each form of base", async () => {
  for (const path of [
    "/backend-api/wham/agent-identities/jwks",
    "/backend-api/codex/wham/agent-identities/jwks",
    "/api/codex/agent-identities/jwks",
    "/agent-identities/jwks",
  ]) {
    const response = await fetch(`${backend.urls.origin}${path}`);
    expect([path, await response.json()]).toEqual([path, backend.jwks]);
  }
  expect((await fetch(`${backend.urls.chatgpt}/agent-identities/jwks`)).status).toBe(404);
});

test.each([
  [{ exp: 1_700_000_600 }, "ERR_JWT_EXPIRED"],
  [{ aud: "other" }, "ERR_JWT_CLAIM_VALIDATION_FAILED"],
  [{ iss: undefined }, "ERR_JWT_CLAIM_VALIDATION_FAILED"],
])("puts the claims %j into the token", async (claims, code) => {
  await expect(jwtVerify(backend.mintJwt(claims), keys(), expected)).rejects.toMatchObject({ code });
});

test("signs with another RSA algorithm when the header says so", async () => {
  const token = backend.mintJwt({}, { alg: "RS384" });
  await expect(jwtVerify(token, keys(), expected)).rejects.toMatchObject({
    code: "ERR_JOSE_ALG_NOT_ALLOWED",
  });
  const { alg: _alg, ...jwk } = backend.jwks.keys[0] as Record<string, unknown>;
  const anyAlgorithm = createLocalJWKSet({ keys: [jwk] } as unknown as JSONWebKeySet);
  await expect(jwtVerify(token, anyAlgorithm)).resolves.toBeDefined();
});

test("leaves header members out, and signs nothing for foreign algorithms", () => {
  const token = backend.mintJwt({}, { alg: "none", kid: undefined });
  expect(decodeProtectedHeader(token)).toEqual({ typ: "JWT", alg: "none" });
  expect(Buffer.from(token.split(".")[2] ?? "", "base64url").toString()).toBe("not-signed");
});

test("has a key of its own in each backend", async () => {
  await using other = await startBackend();
  await expect(jwtVerify(other.mintJwt(), keys(), expected)).rejects.toMatchObject({
    code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  });
});
