export { type ApiProviderOptions, toApiProvider } from "./api-provider.js";
export { readProviderEnvironment } from "./environment.js";
export {
  isModelProviderError,
  ModelProviderError,
  type ModelProviderErrorKind,
  type ModelProviderErrorOptions,
} from "./errors.js";
export type { LoginSource } from "./login-source.js";
export type { AwsSettings, ModelProvider } from "./model-provider.js";
export {
  type AgentIdentityPolicy,
  type AwsAuthRequest,
  type ProviderAuthNotice,
  ProviderAuthScope,
  type ProviderAuthScopeOptions,
} from "./provider-auth-scope.js";
export { ProviderHeaders } from "./provider-headers.js";
export { createProviderModels, type ProviderModelsOptions } from "./provider-models.js";
export {
  type PreferredModels,
  type ProviderTraits,
  providerTraits,
  supportsAttestation,
} from "./provider-traits.js";
export { type ProviderConfig, type ReadProvidersOptions, resolveProvider } from "./resolve-provider.js";
export {
  providerAuthSource,
  type ResolvedProviderAuth,
  type ResolveOptions,
  resolveProviderAuth,
} from "./resolve-provider-auth.js";
