import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "AgentIdentityLogin",
    "ApiKeyAuth",
    "AuthManager",
    "BedrockApiKeyAuth",
    "ChatgptAuth",
    "CodexAuth",
    "LoginError",
    "PersonalAccessTokenAuth",
    "authEnvironmentTelemetry",
    "codexCliHome",
    "codexOAuthProfile",
    "createAuthStorage",
    "createOAuthProfile",
    "createTokenCommand",
    "enforceLoginRestrictions",
    "isLoginError",
    "isPermanentRefreshFailure",
    "loginWithAccessToken",
    "loginWithApiKey",
    "loginWithBedrockApiKey",
    "loginWithBrowser",
    "loginWithDeviceCode",
    "logout",
    "openCodexCliLogin",
    "readLoginEnvironment",
    "redactLoginUrl",
    "resolveHome",
    "systemKeyring",
  ]);
});
