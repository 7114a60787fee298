export { AuthError, type AuthErrorKind, isAuthError } from "./auth-error.js";
export {
  type AuthProvider,
  type AuthRejection,
  applyAuth,
  authHeaderTelemetry,
  type OutboundRequest,
  toAuthHeaders,
  unauthenticated,
} from "./auth-provider.js";
export type { AccountIdentity, AgentIdentityTelemetry, AuthSnapshot, AuthSource } from "./auth-source.js";
