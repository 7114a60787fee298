import { createHash } from "node:crypto";
import type { AccountIdentity } from "@codex-ts/auth-provider";

/** What an account's tools are cached under. The names are those of the reference. */
export interface AccountCacheKey {
  readonly account_id: string | null;
  readonly chatgpt_user_id: string | null;
  readonly is_workspace_account: boolean;
}

/** What the connectors directory is cached under: an account, at one base URL. */
export interface DirectoryCacheKey extends AccountCacheKey {
  /** Exactly as configured: with a slash at the end it is another key. */
  readonly chatgpt_base_url: string;
}

/** The folder of a kind of cache. */
export type AccountCacheFolder = "codex_apps_server_info" | "codex_apps_tools";

/**
 * Gives the key for what belongs to an account: its tools, what its MCP server says of itself.
 *
 * @returns Nothing for an account that cannot be told from another one: without an account id, or in a workspace without a user
 * id. Then nothing may be cached; a shared entry would show one account what belongs to another.
 */
export function accountCacheKey(account: AccountIdentity): AccountCacheKey | undefined {
  const { accountId = "", userId = "", isWorkspace } = account;
  if (accountId === "" || (isWorkspace && userId === "")) return undefined;
  return {
    account_id: accountId,
    chatgpt_user_id: userId === "" ? null : userId,
    is_workspace_account: isWorkspace,
  };
}

/**
 * Gives the key for the connectors directory of an account.
 *
 * @param chatgptBaseUrl - As configured.
 * @returns Nothing under the conditions of {@link accountCacheKey}.
 */
export function directoryCacheKey(
  chatgptBaseUrl: string,
  account: AccountIdentity,
): DirectoryCacheKey | undefined {
  const key = accountCacheKey(account);
  return key && { chatgpt_base_url: chatgptBaseUrl, ...key };
}

/** Writes a key as compact JSON, its members in the order that file names depend on. Good as the key of a map. */
export function cacheKeyJson(key: AccountCacheKey | DirectoryCacheKey): string {
  return JSON.stringify(key, ["chatgpt_base_url", "account_id", "chatgpt_user_id", "is_workspace_account"]);
}

/** Gives the path of the file for an account's tools or server info, from the Codex home on, with `/`. */
export function accountCachePath(folder: AccountCacheFolder, key: AccountCacheKey): string {
  const { account_id, chatgpt_user_id, is_workspace_account } = key;
  return pathIn(folder, { account_id, chatgpt_user_id, is_workspace_account });
}

/** Gives the path of the file for the connectors directory, from the Codex home on, with `/`. */
export function directoryCachePath(key: DirectoryCacheKey): string {
  return pathIn("codex_app_directory", key);
}

function pathIn(folder: string, key: AccountCacheKey | DirectoryCacheKey): string {
  return `cache/${folder}/${createHash("sha1").update(cacheKeyJson(key)).digest("hex")}.json`;
}
