import { createHash } from "node:crypto";
import { type AuthProvider, toAuthHeaders } from "@codex-ts/auth-provider";
import { ApiError } from "./api-error.js";

/**
 * Makes a text that changes when a credential begins to belong to another account: the account's id, or else a hash of
 * the credential. A token that is renewed does not change it, if it comes with the id of its account.
 *
 * @returns Nothing for a credential that shows itself only when it signs.
 */
export function accountOf(auth: AuthProvider): string | undefined {
  const headers = toAuthHeaders(auth);
  const accountId = headers.get("chatgpt-account-id");
  if (accountId !== null) return `account ${accountId}`;
  const authorization = headers.get("authorization") ?? headers.get("api-key");
  if (authorization === null) return undefined;
  return `credential ${createHash("sha256").update(authorization).digest("base64")}`;
}

/**
 * Tells whether a credential still belongs to the account that it belonged to.
 *
 * @throws {@link ApiError} of kind `stream`, code `account_changed`.
 */
export function checkAccount(auth: AuthProvider, account: string | undefined): void {
  let current: string | undefined;
  let cause: unknown;
  try {
    current = accountOf(auth);
  } catch (error) {
    cause = error;
  }
  if (cause === undefined && current === account) return;
  throw new ApiError("the websocket connection was opened for another login", {
    kind: "stream",
    code: "account_changed",
    ...(cause === undefined ? {} : { cause }),
  });
}
