import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { accountCacheKey, cacheKeyJson } from "@codex-ts/connectors";

/**
 * Tells logins apart: what belongs to one key is shown to no other. An account that its ids do not tell apart is told by
 * whatever else is known of the login.
 */
export function accountKey({ mode, account, agentIdentity }: AuthSnapshot): string {
  const key = accountCacheKey(account);
  if (key !== undefined) return cacheKeyJson(key);
  const { accountId, userId, email } = account;
  return JSON.stringify([mode, accountId, userId, email, agentIdentity?.agentId]);
}
