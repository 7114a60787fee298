import { expect, test } from "vitest";
import { fetchPersonalAccessTokenMetadata } from "../../src/oauth/whoami.js";
import { issuerOfTest } from "../support/issuer.js";
import { everythingPrinted } from "../support/printed.js";
import { transportOfTest } from "../support/transport.js";

const path = /whoami$/;

test("asks with the token as bearer, and reads plan and FedRAMP mark", async () => {
  const issuer = await issuerOfTest({ account: { planType: "BUSINESS", isFedramp: true } });
  const token = issuer.issuePersonalAccessToken();
  const options = { transport: transportOfTest(), authApiBaseUrl: issuer.urls.authApi };
  expect(await fetchPersonalAccessTokenMetadata(token, options)).toEqual({
    email: "user@example.com",
    userId: "user-test",
    accountId: "account-test",
    planType: "business",
    isFedramp: true,
  });
  expect(issuer.requests).toMatchObject([
    {
      method: "GET",
      path: "/api/accounts/v1/user-auth-credential/whoami",
      headers: { authorization: `Bearer ${token}` },
    },
  ]);
});

const facts = {
  chatgpt_user_id: "u",
  chatgpt_account_id: "a",
  chatgpt_plan_type: "hc",
  chatgpt_account_is_fedramp: false,
};

test.each([undefined, null])("an e-mail of %s is none", async (email) => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "status", status: 200, body: JSON.stringify({ ...facts, email }), path });
  const options = { transport: transportOfTest(), authApiBaseUrl: issuer.urls.authApi };
  expect(await fetchPersonalAccessTokenMetadata("at-1", options)).toMatchObject({
    email: undefined,
    planType: "enterprise",
  });
});

test.each<[string, number, string, boolean, string]>([
  [
    "403",
    403,
    "{}",
    false,
    "failed with status 403 Forbidden; check that the token is complete and not revoked",
  ],
  ["503", 503, "", true, "failed with status 503 Service Unavailable; try again later"],
  ["a page", 200, "<html>", false, "failed to decode personal access token metadata"],
  ["a fact that is missing", 200, JSON.stringify({ ...facts, chatgpt_plan_type: null }), false, "decode"],
  [
    "a fact of the wrong type",
    200,
    JSON.stringify({ ...facts, chatgpt_account_is_fedramp: 1 }),
    false,
    "decode",
  ],
  ["an e-mail that is a number", 200, JSON.stringify({ ...facts, email: 5 }), false, "decode"],
])("fails after %s, and shows no token", async (_name, status, body, retryable, text) => {
  const issuer = await issuerOfTest();
  issuer.fault({ kind: "status", status, body, path });
  const options = { transport: transportOfTest(), authApiBaseUrl: issuer.urls.authApi };
  const error = await fetchPersonalAccessTokenMetadata("at-secret-0123456789", options).catch(
    (caught) => caught,
  );
  expect(error).toMatchObject({ name: "LoginError", kind: "personal_access_token", retryable });
  expect(error.message).toContain(text);
  expect(everythingPrinted(error)).not.toContain("at-secret");
});

test("fails when nobody answers, and may be tried again", async () => {
  const issuer = await issuerOfTest();
  await issuer.close();
  const options = { transport: transportOfTest(), authApiBaseUrl: issuer.urls.authApi };
  await expect(fetchPersonalAccessTokenMetadata("at-1", options)).rejects.toMatchObject({
    kind: "personal_access_token",
    retryable: true,
    message: expect.stringContaining("failed to request personal access token metadata"),
  });
});
