import { expect, test } from "vitest";
import { authEnvironmentTelemetry, readLoginEnvironment } from "../src/index.js";

test("the environment is read trimmed, and blank variables are absent", () => {
  expect(readLoginEnvironment({ CODEX_API_KEY: " sk-1 ", CODEX_ACCESS_TOKEN: "\n" })).toMatchObject({
    apiKey: "sk-1",
    accessToken: undefined,
  });
});

test("telemetry tells what is set, and shows neither a key nor a name that may be one", () => {
  const variables = {
    OPENAI_API_KEY: "sk-secret",
    CODEX_API_KEY: " ",
    "sk-secret-as-a-name": "x",
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: "http://127.0.0.1:1/",
  };
  const telemetry = authEnvironmentTelemetry(variables, { providerEnvKey: "sk-secret-as-a-name" });
  expect(telemetry).toEqual({
    openai_api_key_env_present: true,
    codex_api_key_env_present: false,
    codex_api_key_env_enabled: false,
    provider_env_key_name: "configured",
    provider_env_key_present: true,
    refresh_token_url_override_present: true,
  });
  expect(JSON.stringify(telemetry)).not.toContain("sk-secret");
  expect(authEnvironmentTelemetry({}, { allowApiKeyEnvironment: true })).toMatchObject({
    codex_api_key_env_enabled: true,
    provider_env_key_name: undefined,
    provider_env_key_present: undefined,
  });
});
