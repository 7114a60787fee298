import { expect, test } from "vitest";
import type { AuthJson } from "../../src/index.js";
import { revokeTokens } from "../../src/oauth/revoke.js";
import { issuerOfTest, profileOf } from "../support/issuer.js";
import { chatgptLogin } from "../support/logins.js";
import { transportOfTest } from "../support/transport.js";

test("revokes the refresh token", async () => {
  const issuer = await issuerOfTest();
  const { refresh_token } = issuer.signIn();
  const auth = chatgptLogin({ refreshToken: refresh_token });
  await revokeTokens(auth, { transport: transportOfTest(), profile: profileOf(issuer) });
  expect(issuer.refreshTokenState(refresh_token)).toBe("revoked");
  expect(issuer.requests[0]?.json()).toEqual({
    token: refresh_token,
    token_type_hint: "refresh_token",
    client_id: "app_EMoamEEZ73f0CkXaXp7hrann",
  });
});

test("revokes the access token where there is no refresh token", async () => {
  const issuer = await issuerOfTest();
  const auth = chatgptLogin({ refreshToken: "", accessToken: "access-1" });
  await revokeTokens(auth, { transport: transportOfTest(), profile: profileOf(issuer) });
  expect(issuer.requests[0]?.json()).toEqual({ token: "access-1", token_type_hint: "access_token" });
});

test.each<[string, AuthJson]>([
  ["an API key", { OPENAI_API_KEY: "sk-1", tokens: chatgptLogin().tokens }],
  ["an access token", { ...chatgptLogin(), auth_mode: "personalAccessToken" }],
  ["a login without tokens", { auth_mode: "chatgpt" }],
  ["empty tokens", chatgptLogin({ refreshToken: "", accessToken: "" })],
])("has nothing to revoke of %s", async (_name, auth) => {
  const issuer = await issuerOfTest();
  await revokeTokens(auth, { transport: transportOfTest(), profile: profileOf(issuer) });
  expect(issuer.requests).toEqual([]);
});

test("tells what the issuer said, without the token", async () => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "status", status: 503, body: '{"error":{"code":"busy"}}', path: "/oauth/revoke" });
  const auth = chatgptLogin({ refreshToken: "rt-secret" });
  const revoking = revokeTokens(auth, { transport: transportOfTest(), profile: profileOf(issuer) });
  await expect(revoking).rejects.toMatchObject({
    kind: "revoke",
    status: 503,
    message: expect.stringMatching(/^failed to revoke refresh_token: 503 Service Unavailable: busy; end the/),
  });
});

test("gives up after its time limit", async () => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "hang", path: "/oauth/revoke" });
  const options = { transport: transportOfTest(), profile: profileOf(issuer), timeoutMs: 30 };
  await expect(revokeTokens(chatgptLogin(), options)).rejects.toMatchObject({
    kind: "revoke",
    cause: expect.objectContaining({ kind: "timeout" }),
  });
});
