export {
  type AuthEnvironmentTelemetry,
  type AuthEnvironmentTelemetryOptions,
  authEnvironmentTelemetry,
  type EnvironmentVariables,
  type LoginEnvironment,
  readLoginEnvironment,
} from "./environment.js";
export type { ExternalAuth, ExternalRefreshRequest, ExternalTokens } from "./external/external-auth.js";
export { createTokenCommand, type TokenCommandOptions } from "./external/token-command.js";
export { loginWithBrowser } from "./flows/browser-login.js";
export type { BrowserLoginOptions } from "./flows/browser-login-options.js";
export type { CompletedLogin } from "./flows/completed-login.js";
export {
  type DeviceLoginOptions,
  type DeviceLoginPrompt,
  loginWithDeviceCode,
} from "./flows/device-login.js";
export type { Pause } from "./flows/pause.js";
export type { RandomSource } from "./flows/pkce.js";
export type { RedirectedUrlPrompt } from "./flows/redirected-url.js";
export type { SignInOptions } from "./flows/run-sign-in.js";
export { redactLoginUrl } from "./flows/url-redaction.js";
export { codexCliHome, type HomeOptions, resolveHome } from "./home.js";
export {
  isLoginError,
  isPermanentRefreshFailure,
  LoginError,
  type LoginErrorKind,
  type LoginErrorOptions,
} from "./login-error.js";
export { loginWithAccessToken } from "./logins/access-token-login.js";
export { type BedrockApiKey, loginWithApiKey, loginWithBedrockApiKey } from "./logins/api-key-login.js";
export type { LoginOptions } from "./logins/login-context.js";
export { type LogoutOptions, logout } from "./logins/logout.js";
export type { AgentDescription } from "./manager/agent-identity-bootstrap.js";
export { type AgentIdentityRequest, AuthManager, type AuthManagerOptions } from "./manager/auth-manager.js";
export { type CodexCliLoginOptions, openCodexCliLogin } from "./manager/codex-cli-login.js";
export type { LoginRecoveryReport, LoginTelemetry, RefreshReport } from "./manager/login-telemetry.js";
export { enforceLoginRestrictions } from "./manager/restrictions.js";
export type {
  RecoveryAvailability,
  RecoveryMode,
  RecoveryStep,
  UnauthorizedRecovery,
} from "./manager/unauthorized-recovery.js";
export { AgentIdentityLogin } from "./modes/agent-identity-login.js";
export { ApiKeyAuth } from "./modes/api-key-auth.js";
export { BedrockApiKeyAuth } from "./modes/bedrock-api-key-auth.js";
export { ChatgptAuth } from "./modes/chatgpt-auth.js";
export { CodexAuth } from "./modes/codex-auth.js";
export { PersonalAccessTokenAuth } from "./modes/personal-access-token-auth.js";
export {
  codexOAuthProfile,
  createOAuthProfile,
  type OAuthProfile,
  type OAuthProfileOptions,
} from "./oauth/oauth-profile.js";
export type { RefreshReason } from "./oauth/refresh-request.js";
export type { PersonalAccessTokenMetadata } from "./oauth/whoami.js";
export type { LoginMethod, LoginPolicyOptions } from "./policy/login-policy.js";
export type { AuthJson, StoredBedrockApiKey, StoredTokens } from "./storage/auth-json.js";
export type { AuthStorage } from "./storage/auth-storage.js";
export {
  type AuthStorageMode,
  type AuthStorageOptions,
  createAuthStorage,
} from "./storage/create-auth-storage.js";
export { type Keyring, systemKeyring } from "./storage/keyring.js";
export type { LockOptions } from "./storage/machine-lock.js";
export type { TokenSchedule } from "./tokens/freshness.js";
