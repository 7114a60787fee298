import { expect, test } from "vitest";
import * as api from "../src/index.js";

test("exports exactly what the README lists", () => {
  expect(Object.keys(api).sort()).toEqual([
    "AgentIdentityError",
    "AgentKey",
    "agentAssertion",
    "agentBillOfMaterials",
    "agentIdentityAuth",
    "agentIdentityEndpoints",
    "agentIdentityEndpointsFromEnv",
    "agentIdentityJwksUrl",
    "agentRegistrationUrl",
    "decodeAgentIdentityJwt",
    "fetchJwks",
    "generateAgentKey",
    "isAgentIdentityError",
    "openAgentIdentity",
    "parseAgentIdentityRecord",
    "recordFromClaims",
    "recordFromJwt",
    "registerAgent",
    "registerTask",
    "taskRegistrationUrl",
    "toStoredAgentIdentityRecord",
    "verifyAgentIdentityJwt",
  ]);
});
