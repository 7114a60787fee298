import type { AuthSnapshot } from "@codex-ts/auth-provider";
import type { PolicyEndpoint } from "./policy-endpoint.js";

/**
 * Tells whether a login may be under policies of a workspace: it uses the Codex backend, and its plan is known and one
 * for which an endpoint has policies.
 */
export function isEligible(login: AuthSnapshot | undefined, endpoint: PolicyEndpoint): login is AuthSnapshot {
  if (login?.usesCodexBackend !== true) return false;
  const { planType } = login.account;
  return planType !== undefined && endpoint.isEligiblePlan(planType);
}
