import { describe, expect, test } from "vitest";
import {
  agentIdentityEndpoints,
  agentIdentityEndpointsFromEnv,
  agentIdentityJwksUrl,
  agentRegistrationUrl,
  taskRegistrationUrl,
} from "../src/index.js";
import { thrownBy } from "./support/errors.js";

const production = "https://auth.openai.com/api/accounts";
const staging = "https://auth.api.openai.org/api/accounts";
const suffixes = [
  "",
  "/",
  "//",
  "/backend-api",
  "/backend-api/",
  "/codex",
  "/backend-api/codex",
  "/backend-api/codex/",
];
const unsupported = {
  kind: "unsupported_environment",
  message: "Agent Identity only supports production and staging ChatGPT environments",
};

describe("agentIdentityEndpoints", () => {
  test.each(suffixes)("knows the three hosts with the path %j", (suffix) => {
    expect(agentIdentityEndpoints(`https://chatgpt.com${suffix}`)).toMatchObject({
      environment: "production",
      authApiBaseUrl: production,
    });
    expect(agentIdentityEndpoints(`https://chat.openai.com${suffix}`)).toMatchObject({
      environment: "production",
      authApiBaseUrl: production,
    });
    expect(agentIdentityEndpoints(`https://chatgpt-staging.com${suffix}`)).toMatchObject({
      environment: "staging",
      authApiBaseUrl: staging,
    });
  });

  test("takes production when nothing is configured", () => {
    expect(agentIdentityEndpoints()).toEqual({
      environment: "production",
      authApiBaseUrl: production,
      jwksUrl: "https://chatgpt.com/backend-api/wham/agent-identities/jwks",
    });
  });

  test.each([
    "",
    "http://localhost:8080",
    "http://chatgpt.com",
    "https://chatgpt.com:443",
    "https://chatgpt.com.evil.example",
    "https://chatgpt.com/backend-api/wham",
    "https://chatgpt.com/backend-api?x=1",
    "HTTPS://ChatGPT.com",
    " https://chatgpt.com",
    "https://api.chatgpt.com",
  ])("refuses %j", (base) => {
    expect(thrownBy(() => agentIdentityEndpoints(base))).toMatchObject(unsupported);
  });

  const overrides = {
    authApiBaseUrl: " https://auth.test/api/ ",
    jwksBaseUrl: "https://keys.test/backend-api//",
  };

  test("puts overrides in the place of a known environment's hosts", () => {
    expect(agentIdentityEndpoints("https://chatgpt-staging.com", overrides)).toEqual({
      environment: "staging",
      authApiBaseUrl: "https://auth.test/api",
      jwksUrl: "https://keys.test/backend-api/wham/agent-identities/jwks",
    });
    expect(agentIdentityEndpoints(undefined, { authApiBaseUrl: "  ", jwksBaseUrl: "/" })).toEqual(
      agentIdentityEndpoints(),
    );
  });

  test("takes a custom base that equals the JWKS override, with an AuthAPI override", () => {
    expect(agentIdentityEndpoints("https://keys.test/backend-api/", overrides)).toEqual({
      environment: "custom",
      authApiBaseUrl: "https://auth.test/api",
      jwksUrl: "https://keys.test/backend-api/wham/agent-identities/jwks",
    });
  });

  test.each([
    ["an unknown base beside both overrides", "https://other.test", overrides],
    ["an unknown base with a JWKS override", "https://other.test", { jwksBaseUrl: overrides.jwksBaseUrl }],
    [
      "the JWKS override as base, without the other",
      "https://keys.test/backend-api",
      { jwksBaseUrl: overrides.jwksBaseUrl },
    ],
    [
      "an unknown base with an AuthAPI override",
      "https://other.test",
      { authApiBaseUrl: "https://auth.test" },
    ],
  ])("refuses %s", (_name, base, given) => {
    expect(thrownBy(() => agentIdentityEndpoints(base, given))).toMatchObject(unsupported);
  });
});

test("agentIdentityEndpointsFromEnv reads the two variables", () => {
  const env = {
    CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL: "http://localhost:1/api/accounts/",
    CODEX_AGENT_IDENTITY_JWKS_BASE_URL: "http://localhost:1/backend-api",
  };
  expect(agentIdentityEndpointsFromEnv(env, "http://localhost:1/backend-api")).toEqual({
    environment: "custom",
    authApiBaseUrl: "http://localhost:1/api/accounts",
    jwksUrl: "http://localhost:1/backend-api/wham/agent-identities/jwks",
  });
  expect(agentIdentityEndpointsFromEnv({})).toEqual(agentIdentityEndpoints());
});

test.each([
  [undefined, "https://chatgpt.com/backend-api/wham/agent-identities/jwks"],
  ["https://chatgpt.com/backend-api", "https://chatgpt.com/backend-api/wham/agent-identities/jwks"],
  ["https://chatgpt.com/backend-api/", "https://chatgpt.com/backend-api/wham/agent-identities/jwks"],
  ["https://chatgpt.com", "https://chatgpt.com/agent-identities/jwks"],
  [
    "https://chatgpt.com/backend-api/codex",
    "https://chatgpt.com/backend-api/codex/wham/agent-identities/jwks",
  ],
  ["http://localhost:8080/api/codex", "http://localhost:8080/api/codex/agent-identities/jwks"],
  ["http://localhost:8080/api/codex/", "http://localhost:8080/api/codex/agent-identities/jwks"],
])("agentIdentityJwksUrl(%j)", (base, url) => {
  expect(agentIdentityJwksUrl(base)).toBe(url);
});

test.each([
  ["https://auth.openai.com/api/accounts", "https://auth.openai.com/api/accounts/v1/agent/register"],
  ["http://localhost:8080", "http://localhost:8080/v1/agent/register"],
  ["http://localhost:8080/backend-api", "http://localhost:8080/backend-api/v1/agent/register"],
])("agentRegistrationUrl(%j)", (base, url) => {
  expect(agentRegistrationUrl(base)).toBe(url);
});

describe("taskRegistrationUrl", () => {
  test.each([production, `${production}/`])("leaves a plain id as it is, below %j", (base) => {
    expect(taskRegistrationUrl(base, "agent-runtime_id.1~")).toBe(
      "https://auth.openai.com/api/accounts/v1/agent/agent-runtime_id.1~/task/register",
    );
  });

  test("encodes an id that would lead elsewhere", () => {
    const url = taskRegistrationUrl("http://localhost:8080", "../../x?y#z");
    expect(url).toBe("http://localhost:8080/v1/agent/..%2F..%2Fx%3Fy%23z/task/register");
    expect(new URL(url).href).toBe(url);
  });

  test.each(["", ".", "..", "\ud800"])("refuses the id %j", (id) => {
    expect(thrownBy(() => taskRegistrationUrl("http://localhost:8080", id)).kind).toBe("invalid_record");
  });
});
