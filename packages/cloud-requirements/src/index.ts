export type { CacheReading, CacheStatus } from "./cache-reading.js";
export type { CloudPolicies } from "./cloud-policies.js";
export { type CallOptions, CloudRequirements } from "./cloud-requirements.js";
export {
  CloudRequirementsError,
  type CloudRequirementsErrorCode,
  type CloudRequirementsErrorOptions,
  isCloudRequirementsError,
} from "./cloud-requirements-error.js";
export type { CloudRequirementsOptions } from "./cloud-requirements-options.js";
export type { ComposedRequirements } from "./compose-requirements.js";
export { type ConfigLayer, type ConfigLayersOptions, toConfigLayers } from "./config-layers.js";
export type { FragmentSource } from "./fragments.js";
export { type CloudErrorData, type JsonRpcError, toJsonRpcError } from "./json-rpc-error.js";
export type { PolicyEndpointPath } from "./policy-endpoint.js";
export type {
  BundleShape,
  CacheWriteFailure,
  CloudRequirementsTelemetry,
  FetchAttemptReport,
  FetchFinalReport,
  LoadReport,
  LoadTrigger,
} from "./telemetry.js";
