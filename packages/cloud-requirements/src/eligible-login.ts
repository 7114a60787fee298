import { type AuthSnapshot, type AuthSource, isAuthError } from "@codex-ts/auth-provider";
import { type AttemptPacing, maxAttempts, pauseAfter } from "./attempts.js";
import { CloudRequirementsError, requestFailed } from "./cloud-requirements-error.js";
import type { PolicyEndpoint } from "./policy-endpoint.js";
import { readLogin } from "./snapshot-provider.js";

/** What the gate works with. */
export interface GateParts extends AttemptPacing {
  readonly auth: AuthSource;
  readonly endpoint: PolicyEndpoint;
}

/**
 * Reads the login of this moment, if it may be under policies of a workspace: it uses the Codex backend, and its plan is
 * known and one for which the endpoint has policies.
 *
 * @throws {@link CloudRequirementsError} of code `Auth`, or `RequestFailed` when that may work another time; the reason
 * of the signal.
 */
export async function eligibleLogin(
  parts: GateParts,
  signal: AbortSignal,
): Promise<AuthSnapshot | undefined> {
  const login = await currentLogin(parts, signal);
  return isEligible(login, parts.endpoint) ? login : undefined;
}

/** Names whose policies are loaded: an account, or all those who are under none. */
export function ownerOf(login: AuthSnapshot | undefined): string {
  return login === undefined ? "nobody" : JSON.stringify([login.account.accountId, login.account.userId]);
}

async function currentLogin(parts: GateParts, signal: AbortSignal): Promise<AuthSnapshot | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readLogin(parts.auth, signal);
    } catch (cause) {
      signal.throwIfAborted();
      if (!isAuthError(cause) || cause.kind !== "transient") throw unusable(parts, cause);
      if (attempt === maxAttempts) throw requestFailed(parts.endpoint, { cause });
    }
    await pauseAfter(attempt, parts, signal);
  }
}

function unusable({ endpoint }: GateParts, cause: unknown): CloudRequirementsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new CloudRequirementsError(message, { code: "Auth", endpoint: endpoint.path, cause });
}

function isEligible(login: AuthSnapshot | undefined, endpoint: PolicyEndpoint): boolean {
  if (login?.usesCodexBackend !== true) return false;
  const { planType } = login.account;
  return planType !== undefined && endpoint.isEligiblePlan(planType);
}
