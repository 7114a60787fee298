import type { AuthSnapshot } from "@codex-ts/auth-provider";

/**
 * Tells logins apart: what belongs to one key is shown to no other. Where the account has no id, the agent must do.
 */
export function accountKey({ mode, account, agentIdentity }: AuthSnapshot): string {
  const { accountId = "", userId = "", isWorkspace } = account;
  if (accountId !== "") return JSON.stringify([accountId, userId, isWorkspace]);
  return JSON.stringify([accountId, userId, isWorkspace, mode, agentIdentity?.agentId ?? ""]);
}
