export {
  type AgentBillOfMaterials,
  type AgentBillOfMaterialsOptions,
  agentBillOfMaterials,
} from "./agent-bill-of-materials.js";
export { type AgentIdentityAuthOptions, agentIdentityAuth } from "./agent-identity-auth.js";
export {
  type AgentIdentityRecord,
  parseAgentIdentityRecord,
  type RecordFromJwtOptions,
  recordFromClaims,
  recordFromJwt,
  toStoredAgentIdentityRecord,
} from "./agent-identity-record.js";
export { AgentKey, generateAgentKey } from "./agent-key.js";
export type { TaskRegistration } from "./agent-task.js";
export { type AgentSigner, type AgentTaskTarget, agentAssertion } from "./assertion.js";
export {
  type AgentIdentityEndpointOverrides,
  type AgentIdentityEndpoints,
  type AgentIdentityEnvironment,
  agentIdentityEndpoints,
  agentIdentityEndpointsFromEnv,
  agentIdentityJwksUrl,
  agentRegistrationUrl,
  taskRegistrationUrl,
} from "./endpoints.js";
export {
  AgentIdentityError,
  type AgentIdentityErrorKind,
  type AgentIdentityErrorOptions,
  isAgentIdentityError,
  type RegistrationOperation,
} from "./errors.js";
export { type AgentIdentityJwk, type AgentIdentityJwks, type FetchJwksOptions, fetchJwks } from "./jwks.js";
export { decodeAgentIdentityJwt } from "./jwt.js";
export type { AgentIdentityClaims } from "./jwt-claims.js";
export {
  type AgentIdentity,
  type OpenAgentIdentityOptions,
  openAgentIdentity,
} from "./open-agent-identity.js";
export { type RegisterAgentOptions, type RegisteredAgent, registerAgent } from "./register-agent.js";
export { type RegisterTaskOptions, registerTask } from "./register-task.js";
export { verifyAgentIdentityJwt } from "./verify-jwt.js";
