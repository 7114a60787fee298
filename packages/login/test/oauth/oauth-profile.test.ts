import { expect, test } from "vitest";
import { codexOAuthProfile, createOAuthProfile, readLoginEnvironment } from "../../src/index.js";
import { resolveOAuthProfile } from "../../src/oauth/oauth-profile.js";

test("is that of the Codex CLI by default", () => {
  expect(resolveOAuthProfile(undefined, {})).toMatchObject({
    issuer: "https://auth.openai.com",
    clientId: "app_EMoamEEZ73f0CkXaXp7hrann",
    scopes: ["openid", "profile", "email", "offline_access", "api.connectors.read", "api.connectors.invoke"],
    authorizeUrl: "https://auth.openai.com/oauth/authorize",
    authorizeParameters: { id_token_add_organizations: "true", codex_cli_simplified_flow: "true" },
    tokenUrl: "https://auth.openai.com/oauth/token",
    refreshUrl: "https://auth.openai.com/oauth/token",
    revokeUrl: "https://auth.openai.com/oauth/revoke",
    deviceAuthBaseUrl: "https://auth.openai.com/api/accounts/deviceauth",
    authApiBaseUrl: "https://auth.openai.com/api/accounts",
  });
});

function resolve(variables: Record<string, string>): Record<string, unknown> {
  return { ...resolveOAuthProfile(undefined, readLoginEnvironment(variables)) };
}

test("takes the overrides of the environment, and derives the revocation from the refresh", () => {
  const profile = resolve({
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: "http://127.0.0.1:1234/oauth/token?unified=true",
    CODEX_APP_SERVER_LOGIN_CLIENT_ID: " client ",
    CODEX_AUTHAPI_BASE_URL: " http://127.0.0.1:1234/api// ",
  });
  expect(profile).toMatchObject({
    clientId: " client ",
    refreshUrl: "http://127.0.0.1:1234/oauth/token?unified=true",
    revokeUrl: "http://127.0.0.1:1234/oauth/revoke",
    authApiBaseUrl: "http://127.0.0.1:1234/api",
    tokenUrl: "https://auth.openai.com/oauth/token",
  });
});

test("takes the override of the revocation alone", () => {
  const profile = resolve({
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: "http://127.0.0.1:1234/oauth/token",
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: "http://127.0.0.1:5678/revoke",
  });
  expect(profile["revokeUrl"]).toBe("http://127.0.0.1:5678/revoke");
});

test("derives nothing from a refresh override that is no URL", () => {
  expect(resolve({ CODEX_REFRESH_TOKEN_URL_OVERRIDE: "nowhere" })["revokeUrl"]).toBe(
    codexOAuthProfile.revokeUrl,
  );
});

test("ignores variables that are blank", () => {
  const blank = { CODEX_REFRESH_TOKEN_URL_OVERRIDE: " ", CODEX_APP_SERVER_LOGIN_CLIENT_ID: "" };
  expect(resolve(blank)).toEqual({ ...codexOAuthProfile });
});

test("leaves a profile that was passed in as it is", () => {
  const profile = createOAuthProfile("http://127.0.0.1:9/", { clientId: "mine", scopes: ["openid"] });
  const environment = readLoginEnvironment({ CODEX_REFRESH_TOKEN_URL_OVERRIDE: "http://127.0.0.1:1/x" });
  expect(resolveOAuthProfile(profile, environment)).toBe(profile);
  expect(profile).toMatchObject({
    issuer: "http://127.0.0.1:9/",
    refreshUrl: "http://127.0.0.1:9/oauth/token",
  });
});
