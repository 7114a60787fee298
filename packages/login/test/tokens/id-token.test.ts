import { planDisplayName } from "@codex-ts/protocol";
import { expect, test } from "vitest";
import { isIdToken, parseIdToken } from "../../src/tokens/id-token.js";
import { idTokenOf, unsignedJwt } from "../support/jwt.js";

const sample =
  "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJlbWFpbCI6InVzZXJAZXhhbXBsZS5jb20iLCJlbWFpbF92ZXJpZmllZCI6dHJ1ZSwiaHR0cHM6Ly9hcGkub3BlbmFpLmNvbS9hdXRoIjp7ImNoYXRncHRfdXNlcl9pZCI6InVzZXItMTIzNDUiLCJ1c2VyX2lkIjoidXNlci0xMjM0NSIsImNoYXRncHRfcGxhbl90eXBlIjoicHJvIiwiY2hhdGdwdF9hY2NvdW50X2lkIjoiYWNjb3VudC0xMjMiLCJjaGF0Z3B0X2FjY291bnRfaXNfZmVkcmFtcCI6dHJ1ZX19.c2ln";
const auth = "https://api.openai.com/auth";

test("reads the claims of ChatGPT's id tokens", () => {
  const claims = parseIdToken(sample);
  expect(claims).toEqual({
    email: "user@example.com",
    userId: "user-12345",
    planType: "pro",
    accountId: "account-123",
    isFedramp: true,
  });
  expect(planDisplayName(claims.planType ?? "")).toBe("Pro");
});

test("reads nothing from a token without claims", () => {
  expect(parseIdToken("eyJhbGciOiJub25lIn0.e30.c2ln")).toEqual({ isFedramp: false });
});

test.each([
  ["go", "go", "Go"],
  ["hc", "enterprise", "Enterprise"],
  ["education", "edu", "Edu"],
  ["HC", "HC", "HC"],
  ["self_serve_business_usage_based", "self_serve_business_usage_based", "Self Serve Business Usage Based"],
  ["enterprise_cbp_usage_based", "enterprise_cbp_usage_based", "Enterprise CBP Usage Based"],
  ["mystery-tier", "mystery-tier", "mystery-tier"],
])("reads the plan %s as %s, shown as %s", (claim, plan, shown) => {
  const { planType } = parseIdToken(idTokenOf({ planType: claim }));
  expect([planType, planDisplayName(planType ?? "")]).toEqual([plan, shown]);
});

test("takes the e-mail from the profile and the user from `user_id` when need be", () => {
  const claims = {
    "https://api.openai.com/profile": { email: "profile@example.com" },
    [auth]: { user_id: "u" },
  };
  expect(parseIdToken(unsignedJwt(claims))).toMatchObject({ email: "profile@example.com", userId: "u" });
});

test("reads claims that base64url writes with - and _", () => {
  expect(parseIdToken(unsignedJwt({ email: "ÿþ~?>û@example.com" })).email).toBe("ÿþ~?>û@example.com");
});

test.each<[string, string]>([
  ["a text", "not-a-jwt"],
  ["two parts", sample.split(".").slice(0, 2).join(".")],
  ["an empty header", `.${sample.split(".").slice(1).join(".")}`],
  ["an empty signature", `${sample.split(".").slice(0, 2).join(".")}.`],
  ["padding", `e30.${Buffer.from('{"a":1}').toString("base64")}.x`],
  ["a payload that is no JSON", `e30.${Buffer.from("secret").toString("base64url")}.x`],
  ["a payload that is a list", `e30.${Buffer.from("[]").toString("base64url")}.x`],
  ["a payload that is no UTF-8", `e30.${Buffer.from([0x22, 0xff, 0x22]).toString("base64url")}.x`],
  ["an e-mail that is a number", unsignedJwt({ email: 1 })],
  ["a namespace that is a text", unsignedJwt({ [auth]: "x" })],
  ["a FedRAMP mark that is null", unsignedJwt({ [auth]: { chatgpt_account_is_fedramp: null } })],
])("refuses %s with one text, whatever the token", (_name, jwt) => {
  expect(() => parseIdToken(jwt)).toThrow(
    expect.objectContaining({ kind: "invalid_token", message: "invalid ID token format" }),
  );
  expect(isIdToken(jwt)).toBe(false);
});

test("tolerates more than three parts", () => {
  expect(isIdToken(`${sample}.more`)).toBe(true);
});
