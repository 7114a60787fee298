export { type ApiProviderOptions, toApiProvider } from "./api-provider.js";
export { type BuiltInProvidersOptions, builtInProviders } from "./built-in-providers.js";
export { readProviderEnvironment } from "./environment.js";
export {
  isModelProviderError,
  ModelProviderError,
  type ModelProviderErrorKind,
  type ModelProviderErrorOptions,
} from "./errors.js";
export type { LoginSource } from "./login-source.js";
export type { AwsSettings, ModelProvider } from "./model-provider.js";
export { type ProviderAccount, type ProviderAccountState, readProviderAccount } from "./provider-account.js";
export {
  type AgentIdentityPolicy,
  type AwsAuthRequest,
  type ProviderAuthNotice,
  ProviderAuthScope,
  type ProviderAuthScopeOptions,
  type ResolveOptions,
} from "./provider-auth-scope.js";
export { ProviderHeaders } from "./provider-headers.js";
export { createProviderModels, type ProviderModelsOptions } from "./provider-models.js";
export { checkProviderTable } from "./provider-table.js";
export {
  type PreferredModels,
  type ProviderTraits,
  providerTraits,
  supportsAttestation,
} from "./provider-traits.js";
export {
  type ProviderConfig,
  type ReadProvidersOptions,
  readProviders,
  resolveProvider,
} from "./resolve-provider.js";
export {
  providerAuthSource,
  type ResolvedProviderAuth,
  resolveProviderAuth,
} from "./resolve-provider-auth.js";
export { bedrockUserMessage } from "./sources/bedrock.js";
