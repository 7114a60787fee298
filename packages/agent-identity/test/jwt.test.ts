import { inspect } from "node:util";
import { expect, test } from "vitest";
import { decodeAgentIdentityJwt, recordFromClaims } from "../src/index.js";
import { thrownBy } from "./support/errors.js";
import { vectors } from "./support/vectors.js";

const { claims, tokens } = vectors.jwt;

function encode(payload: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.c2ln`;
}

test.each(Object.entries(tokens).filter(([name]) => name !== "wrong_aud" && name !== "expired"))(
  "reads the claims of the vector %s without looking at header or signature",
  (_name, token) => {
    expect(decodeAgentIdentityJwt(token)).toEqual(claims);
  },
);

test("reads an expired token", () => {
  expect(decodeAgentIdentityJwt(tokens.expired).exp).toBe(1_700_000_600);
});

test.each([
  ["hc", "enterprise"],
  ["education", "edu"],
  ["HC", "HC"],
  ["something new", "something new"],
])("reads the plan claim %j as %j", (plan, expected) => {
  expect(decodeAgentIdentityJwt(encode({ ...claims, plan_type: plan })).plan_type).toBe(expected);
});

test.each([undefined, null])("takes an email of %j for none", (email) => {
  expect(decodeAgentIdentityJwt(encode({ ...claims, email })).email).toBeNull();
});

test("ignores further claims", () => {
  expect(decodeAgentIdentityJwt(encode({ ...claims, nbf: "x", extra: 1 }))).toEqual(claims);
});

test.each([
  "not-a-jwt",
  "a.b",
  "a.b.c.d",
  ".e30.c2ln",
  "e30..c2ln",
  "e30.e30.",
  "",
  `e30.${"A".repeat(70_000)}.c2ln`,
])("refuses what has not three parts: %.20s", (token) => {
  expect(thrownBy(() => decodeAgentIdentityJwt(token))).toMatchObject({
    message: "invalid agent identity JWT format",
    kind: "invalid_jwt",
  });
});

test.each(["e30.e30=.c2ln", "e30.e3 0.c2ln", "e30.e31.c2ln", "e30.e+/0.c2ln"])(
  "refuses a payload that is not strict base64url: %s",
  (token) => {
    expect(thrownBy(() => decodeAgentIdentityJwt(token)).message).toBe(
      "agent identity JWT payload is not valid base64url",
    );
  },
);

const wrong: readonly (readonly [string, unknown])[] = [
  ...Object.keys(claims)
    .filter((name) => name !== "email")
    .map((name) => [`no ${name}`, { ...claims, [name]: undefined }] as const),
  ["an array", []],
  ["null", null],
  ["an audience list", { ...claims, aud: [claims.aud] }],
  ["a numeric email", { ...claims, email: 1 }],
  ["a negative expiry", { ...claims, exp: -1 }],
  ["a fractional issue time", { ...claims, iat: 1.5 }],
  ["an expiry in words", { ...claims, exp: "4000000000" }],
  ["FedRAMP in words", { ...claims, chatgpt_account_is_fedramp: "true" }],
];
test.each(wrong)("refuses claims with %s", (_name, payload) => {
  expect(thrownBy(() => decodeAgentIdentityJwt(encode(payload))).message).toBe(
    "agent identity JWT payload is not valid JSON",
  );
});

test("shows no private key when claims are printed or serialized", () => {
  const decoded = decodeAgentIdentityJwt(tokens.valid);
  expect(inspect({ decoded }, { depth: 9 })).not.toContain(claims.agent_private_key);
  expect(JSON.stringify({ decoded })).not.toContain(claims.agent_private_key);
  expect(inspect(decoded)).toContain("agent_private_key: '[redacted]'");
});

test("turns claims into a record without a task", () => {
  const { iss: _iss, aud: _aud, iat: _iat, exp: _exp, ...identity } = claims;
  expect(recordFromClaims(decodeAgentIdentityJwt(tokens.valid))).toEqual({ ...identity, task_id: null });
  expect(
    recordFromClaims(decodeAgentIdentityJwt(encode({ ...claims, plan_type: "mystery" }))).plan_type,
  ).toBe("unknown");
});
