import { bundleEndpoint } from "./bundle-endpoint.js";
import type { PolicyEndpoint, PolicyEndpointPath } from "./policy-endpoint.js";
import { requirementsEndpoint } from "./requirements-endpoint.js";

/** The endpoints by their paths. */
export const policyEndpoints: Readonly<Record<PolicyEndpointPath, PolicyEndpoint>> = {
  "config/bundle": bundleEndpoint,
  "config/requirements": requirementsEndpoint,
};
