import { expect, test } from "vitest";
import { successUrl } from "../../src/flows/success-url.js";
import { codexOAuthProfile, createOAuthProfile } from "../../src/index.js";
import { parseIdToken } from "../../src/tokens/id-token.js";
import { unsignedJwt } from "../support/jwt.js";

function urlOf(claims: unknown, accessToken: string, profile = codexOAuthProfile): URL {
  const idToken = unsignedJwt({ "https://api.openai.com/auth": claims });
  const tokens = { idToken, accessToken, refreshToken: "refresh", claims: parseIdToken(idToken) };
  return new URL(successUrl({ profile, port: 1455, tokens, isStreamlined: false }));
}

test.each([
  [{}, "false"],
  [{ is_org_owner: true }, "true"],
  [{ is_org_owner: false, completed_platform_onboarding: false }, "false"],
  [{ is_org_owner: true, completed_platform_onboarding: false }, "true"],
  [{ is_org_owner: true, completed_platform_onboarding: true }, "false"],
])("an account with the claims %j needs a setup: %s", (claims, needsSetup) => {
  expect(urlOf(claims, "opaque").searchParams.get("needs_setup")).toBe(needsSetup);
});

test("claims that are missing or strange are left empty", () => {
  const url = urlOf({ organization_id: 1, project_id: "proj \ud800" }, "opaque");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    needs_setup: "false",
    org_id: "",
    project_id: "proj \ufffd",
    plan_type: "",
    platform_url: "https://platform.openai.com",
  });
});

test("the plan is that of the access token", () => {
  const accessToken = unsignedJwt({ "https://api.openai.com/auth": { chatgpt_plan_type: "team" } });
  expect(urlOf({ chatgpt_plan_type: "pro" }, accessToken).searchParams.get("plan_type")).toBe("team");
});

test("another issuer has another platform, and the profile says where the browser is", () => {
  const profile = createOAuthProfile("https://auth.example", { redirectHost: "localhost" });
  const url = urlOf({}, "opaque", profile);
  expect(url.origin).toBe("http://localhost:1455");
  expect(url.searchParams.get("platform_url")).toBe("https://platform.api.openai.org");
});
