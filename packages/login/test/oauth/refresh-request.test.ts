import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { OAuthFault, OAuthIssuer } from "@codex-ts/testkit";
import { expect, test } from "vitest";
import { createOAuthProfile, isPermanentRefreshFailure, LoginError } from "../../src/index.js";
import { type RefreshedTokens, type RefreshReason, requestRefresh } from "../../src/oauth/refresh-request.js";
import { issuerOfTest, profileOf } from "../support/issuer.js";
import { unsignedJwt } from "../support/jwt.js";
import { everythingPrinted } from "../support/printed.js";
import { transportOfTest } from "../support/transport.js";

function refresh(
  issuer: OAuthIssuer,
  refreshToken: string,
  reason?: RefreshReason,
): Promise<RefreshedTokens> {
  const transport = transportOfTest();
  return requestRefresh({ transport, profile: profileOf(issuer), refreshToken, reason, timeoutMs: 5000 });
}

async function failureOf(refreshing: Promise<unknown>): Promise<LoginError> {
  const error = await refreshing.then(
    () => "succeeded",
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(LoginError);
  return error as LoginError;
}

test("sends one JSON request, in the order of the Codex CLI, and returns what comes back", async () => {
  const issuer = await issuerOfTest();
  const { refresh_token } = issuer.signIn();
  const tokens = await refresh(issuer, refresh_token, "proactive_expiry");
  expect(issuer.refreshTokenState(tokens.refresh_token ?? "")).toBe("live");
  const [request] = issuer.requests;
  expect(issuer.requests).toHaveLength(1);
  expect(request?.headers["content-type"]).toBe("application/json");
  expect(request?.headers.authorization).toBeUndefined();
  expect(Object.entries(request?.json() ?? {})).toEqual([
    ["client_id", "app_EMoamEEZ73f0CkXaXp7hrann"],
    ["grant_type", "refresh_token"],
    ["refresh_reason", "proactive_expiry"],
    ["refresh_token", refresh_token],
  ]);
});

test("names no reason when a caller asked", async () => {
  const issuer = await issuerOfTest();
  await refresh(issuer, issuer.signIn().refresh_token);
  expect(Object.keys(issuer.requests[0]?.json() ?? {})).toEqual(["client_id", "grant_type", "refresh_token"]);
});

test.each<[string, string, RefreshedTokens]>([
  ["only an access token", '{"access_token":"a"}', { access_token: "a" }],
  ["only a refresh token", '{"refresh_token":"r","access_token":null}', { refresh_token: "r" }],
  ["no expires_in, and members of the future", '{"access_token":"a","x":{}}', { access_token: "a" }],
  ["an id token that is none", '{"access_token":"a","id_token":"x"}', { access_token: "a" }],
  [
    "all three",
    JSON.stringify({ access_token: "a", refresh_token: "r", id_token: unsignedJwt({}) }),
    { access_token: "a", refresh_token: "r", id_token: unsignedJwt({}) },
  ],
])("takes an answer with %s", async (_name, body, expected) => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "status", status: 200, body });
  expect(await refresh(issuer, "rt-1")).toEqual(expected);
});

const again = "Please log out and sign in again.";
const reused = `Your access token could not be refreshed because your refresh token was already used. ${again}`;

test.each<[number, string, string, string]>([
  [
    401,
    '{"error":{"code":"refresh_token_expired"}}',
    "refresh_expired",
    `refresh token has expired. ${again}`,
  ],
  [401, '{"error":{"code":"refresh_token_reused"}}', "refresh_reused", reused],
  [400, '{"error":{"code":"refresh_token_reused"}}', "refresh_reused", reused],
  [401, '{"error":"REFRESH_TOKEN_INVALIDATED"}', "refresh_revoked", `refresh token was revoked. ${again}`],
  [403, '{"code":"refresh_token_expired"}', "refresh_expired", again],
  [401, '{"error":{"code":"something_else"}}', "refresh_rejected", `could not be refreshed. ${again}`],
  [401, "", "refresh_rejected", again],
  [401, '{"error":{"message":"no code"}}', "refresh_rejected", again],
])("is final after %i with %s", async (status, body, kind, text) => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "status", status, body });
  const error = await failureOf(refresh(issuer, "rt-1"));
  expect(error).toMatchObject({ kind, status, retryable: false });
  expect(error.message).toContain(text);
  expect(isPermanentRefreshFailure(error)).toBe(true);
});

test("says what to do about a token that somebody else has used", async () => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "status", status: 401, body: '{"error":{"code":"refresh_token_reused"}}' });
  expect((await failureOf(refresh(issuer, "rt-1"))).message).toContain(
    "give each program a login of its own",
  );
});

test.each<[string, OAuthFault, string]>([
  [
    "500 with a code",
    { kind: "status", status: 500, body: '{"error":"temporary-failure"}' },
    "Failed to refresh token: 500 Internal Server Error: temporary-failure",
  ],
  ["429", { kind: "status", status: 429 }, "Failed to refresh token: 429 Too Many Requests; try again later"],
  ["400 without a code", { kind: "status", status: 400, body: "no" }, "400 Bad Request; try again later"],
  ["a page in place of a refusal", { kind: "html", status: 401 }, "a web page came back (401 Unauthorized)"],
  ["a page in place of tokens", { kind: "html", status: 200 }, "check proxy, VPN or captive portal"],
  [
    "a redirect",
    { kind: "status", status: 307, headers: { location: "http://127.0.0.1:1/" } },
    "cannot be reached",
  ],
])("may be tried again after %s", async (_name, fault, text) => {
  const issuer = await issuerOfTest();
  issuer.fault(fault);
  const error = await failureOf(refresh(issuer, "rt-1"));
  expect(error).toMatchObject({ kind: "refresh_unavailable", retryable: true });
  expect(error.message).toContain(text);
  expect(isPermanentRefreshFailure(error)).toBe(false);
  expect(issuer.requests).toHaveLength(1);
});

test("may be tried again when nobody listens", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const profile = createOAuthProfile(`http://127.0.0.1:${port}`);
  const transport = transportOfTest();
  const refreshing = requestRefresh({ transport, profile, refreshToken: "rt-1", timeoutMs: 5000 });
  expect(await failureOf(refreshing)).toMatchObject({ kind: "refresh_unavailable", retryable: true });
});

test.each<[string, OAuthFault]>([
  ["the connection is cut", { kind: "cut" }],
  ["the answer is empty", { kind: "empty" }],
  ["the answer holds no tokens", { kind: "status", status: 200, body: "{}" }],
  ["the answer is no object", { kind: "status", status: 200, body: "[]" }],
  ["the tokens have the wrong type", { kind: "status", status: 200, body: '{"access_token":1}' }],
])("is uncertain when %s", async (_name, fault) => {
  const issuer = await issuerOfTest();
  const { refresh_token } = issuer.signIn();
  issuer.fault(fault);
  const error = await failureOf(refresh(issuer, refresh_token));
  expect(error).toMatchObject({ kind: "refresh_uncertain", retryable: false });
  expect(error.message).toContain("sign in again, or call refresh with repeatUncertain");
  expect(issuer.requests).toHaveLength(1);
});

test("is uncertain when the endpoint does not answer in time", async () => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "hang" });
  const profile = profileOf(issuer);
  const transport = transportOfTest();
  const refreshing = requestRefresh({ transport, profile, refreshToken: "rt-1", timeoutMs: 50 });
  expect((await failureOf(refreshing)).kind).toBe("refresh_uncertain");
});

test.each<[string, OAuthFault]>([
  [
    "an error's code",
    { kind: "status", status: 400, body: '{"error":{"code":"rt-secret-token-0123456789"}}' },
  ],
  [
    "an error's text",
    { kind: "status", status: 401, body: '{"error":"bad token rt-secret-token-0123456789"}' },
  ],
  ["a page", { kind: "status", status: 500, body: "<!doctype html>rt-secret-token-0123456789" }],
  [
    "tokens of the wrong type",
    { kind: "status", status: 200, body: '{"id_token":"rt-secret-token-0123456789"}' },
  ],
])("shows nothing of a token that the endpoint echoes in %s", async (_name, fault) => {
  const issuer = await issuerOfTest();
  issuer.fault(fault);
  const error = await failureOf(refresh(issuer, "rt-secret-token-0123456789"));
  expect(everythingPrinted(error)).not.toContain("rt-secret-token");
});
