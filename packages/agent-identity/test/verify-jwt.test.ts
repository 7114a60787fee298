import { createSign, generateKeyPairSync } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { type AgentIdentityJwks, verifyAgentIdentityJwt } from "../src/index.js";
import { rejectionOf } from "./support/errors.js";
import { oversizedRsaKey as oversized, vectors } from "./support/vectors.js";

const { claims, jwks, tokens } = vectors.jwt;
const now = new Date("2026-04-23T00:00:00Z");
const [vectorKey] = jwks.keys;

const issuer = generateKeyPairSync("rsa", { modulusLength: 2048 });
const issuerJwk = issuer.publicKey.export({ format: "jwk" });
const issuerJwks = { keys: [{ ...issuerJwk, kid: "own" }] };

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function mint(payload: object, header: object = {}, privateKey = issuer.privateKey): string {
  const signed = `${encode({ alg: "RS256", kid: "own", ...header })}.${encode(payload)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
}

test("verifies the vector", async () => {
  expect(await verifyAgentIdentityJwt(tokens.valid, jwks, now)).toEqual(claims);
});

test.each(["wrong_aud", "rs384", "expired"] as const)("refuses the vector %s", async (name) => {
  expect(await rejectionOf(verifyAgentIdentityJwt(tokens[name], jwks, now))).toMatchObject({
    message: "failed to verify agent identity JWT",
    kind: "untrusted_jwt",
    retryable: false,
  });
});

test("refuses the vector unsigned by its header", async () => {
  expect((await rejectionOf(verifyAgentIdentityJwt(tokens.unsigned, jwks, now))).message).toBe(
    "failed to decode agent identity JWT header",
  );
});

test.each([
  ["no token", "x"],
  ["a header that is not base64url", "e30=.e30.c2ln"],
  ["a header that is not JSON", "e30x.e30.c2ln"],
  ["a header without alg", `${encode({ kid: "own" })}.e30.c2ln`],
  ["an unknown alg", `${encode({ alg: "ES512", kid: "own" })}.e30.c2ln`],
  ["a numeric kid", `${encode({ alg: "RS256", kid: 1 })}.e30.c2ln`],
])("refuses %s by its header", async (_name, token) => {
  expect((await rejectionOf(verifyAgentIdentityJwt(token, jwks, now))).message).toBe(
    "failed to decode agent identity JWT header",
  );
});

test.each([
  { alg: "EdDSA", typ: "JWT" },
  { alg: "RS256", kid: null },
])("refuses a header without kid: %j", async (header) => {
  const token = `${encode(header)}.${encode(claims)}.c2ln`;
  expect((await rejectionOf(verifyAgentIdentityJwt(token, jwks, now))).message).toBe(
    "agent identity JWT header does not include a kid",
  );
});

test("refuses a kid that the set does not have", async () => {
  const other = { keys: [{ ...vectorKey, kid: "other-key" }] };
  expect((await rejectionOf(verifyAgentIdentityJwt(tokens.valid, other, now))).message).toBe(
    "agent identity JWT kid test-key is not trusted",
  );
});

test("quotes a kid that could forge a line, and cuts a long one", async () => {
  const forged = await rejectionOf(verifyAgentIdentityJwt(mint(claims, { kid: "a\nINFO ok" }), jwks, now));
  expect(forged.message).toBe('agent identity JWT kid "a\\nINFO ok" is not trusted');
  const long = await rejectionOf(verifyAgentIdentityJwt(mint(claims, { kid: "k".repeat(5000) }), jwks, now));
  expect(long.message.length).toBeLessThan(300);
});

test("uses the first key of the kid, whatever follows or precedes it", async () => {
  const stranger = { kty: "OKP", crv: "Ed25519", x: "AA", kid: "ed" };
  const unknown = { kty: "future", alg: "unheard-of" };
  const good: AgentIdentityJwks = {
    keys: [unknown, stranger, ...issuerJwks.keys, { kty: "RSA", kid: "own" }],
  };
  expect(await verifyAgentIdentityJwt(mint(claims), good, now)).toEqual(claims);
  const bad: AgentIdentityJwks = { keys: [{ ...vectorKey, kid: "own" }, ...issuerJwks.keys] };
  expect((await rejectionOf(verifyAgentIdentityJwt(mint(claims), bad, now))).message).toBe(
    "failed to verify agent identity JWT",
  );
});

test("does not look at the publisher's hints on a key", async () => {
  const hinted = { keys: [{ ...issuerJwk, kid: "own", use: "enc", alg: "RS512", key_ops: ["encrypt"] }] };
  expect(await verifyAgentIdentityJwt(mint(claims), hinted, now)).toEqual(claims);
});

test.each([
  ["n missing", { n: undefined }],
  ["n empty", { n: "" }],
  ["n padded", { n: `${vectorKey?.n}=` }],
  ["e of another type", { e: 65537 }],
])("refuses a key that cannot be built: %s", async (_name, change) => {
  const broken = { keys: [{ ...vectorKey, ...change }] };
  expect((await rejectionOf(verifyAgentIdentityJwt(tokens.valid, broken, now))).message).toBe(
    "failed to build JWT decoding key",
  );
});

test("refuses a key that is not RSA", async () => {
  const { publicKey } = generateKeyPairSync("ed25519");
  const set = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "test-key" }] };
  expect((await rejectionOf(verifyAgentIdentityJwt(tokens.valid, set, now))).message).toBe(
    "failed to verify agent identity JWT",
  );
});

test("refuses an RSA key of less than 2048 bits", async () => {
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const set = { keys: [{ ...small.publicKey.export({ format: "jwk" }), kid: "own" }] };
  const token = mint(claims, {}, small.privateKey);
  expect((await rejectionOf(verifyAgentIdentityJwt(token, set, now))).message).toBe(
    "failed to verify agent identity JWT",
  );
});

test("refuses an RSA key of more than 8192 bits, though the signature is genuine", async () => {
  expect((await rejectionOf(verifyAgentIdentityJwt(oversized.token, oversized.jwks, now))).message).toBe(
    "failed to verify agent identity JWT",
  );
});

test.each([
  ["another issuer", { iss: "https://chatgpt.com" }],
  ["no issuer", { iss: undefined }],
  ["no audience", { aud: undefined }],
  ["an audience list", { aud: ["codex-app-server"] }],
  ["no expiry", { exp: undefined }],
  ["no key", { agent_private_key: undefined }],
])("refuses a signed token with %s", async (_name, change) => {
  const error = await rejectionOf(verifyAgentIdentityJwt(mint({ ...claims, ...change }), issuerJwks, now));
  expect(error.message).toBe("failed to verify agent identity JWT");
});

test("grants 60 seconds after the expiry", async () => {
  const exp = Math.floor(now.getTime() / 1000) - 60;
  expect(await verifyAgentIdentityJwt(mint({ ...claims, exp }), issuerJwks, now)).toMatchObject({ exp });
  const late = verifyAgentIdentityJwt(mint({ ...claims, exp: exp - 1 }), issuerJwks, now);
  expect((await rejectionOf(late)).message).toBe("failed to verify agent identity JWT");
});

test("looks neither at nbf nor at iat", async () => {
  const early = { ...claims, iat: 3_900_000_000, nbf: 3_900_000_000 };
  expect(await verifyAgentIdentityJwt(mint(early), issuerJwks, now)).toMatchObject({ iat: 3_900_000_000 });
});

test("refuses a payload that was changed", async () => {
  const [header, , signature] = mint(claims).split(".");
  const token = `${header}.${encode({ ...claims, account_id: "other" })}.${signature}`;
  expect((await rejectionOf(verifyAgentIdentityJwt(token, issuerJwks, now))).message).toBe(
    "failed to verify agent identity JWT",
  );
});

test("verifies against the current time when none is given", async () => {
  const exp = Math.floor(Date.now() / 1000);
  expect(await verifyAgentIdentityJwt(mint({ ...claims, exp }), issuerJwks)).toMatchObject({ exp });
  const expired = verifyAgentIdentityJwt(mint({ ...claims, exp: exp - 120 }), issuerJwks);
  expect((await rejectionOf(expired)).kind).toBe("untrusted_jwt");
});

test("keeps the token out of its errors", async () => {
  for (const token of Object.values(tokens).filter((candidate) => candidate !== tokens.valid)) {
    const error = await rejectionOf(verifyAgentIdentityJwt(token, jwks, now));
    const printed = inspect(error, { depth: 9, showHidden: true });
    expect(printed).not.toContain(claims.agent_private_key);
    expect(printed).not.toContain(token.split(".")[1]);
  }
});
