import type { AccountIdentity, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import { ChatgptError } from "./errors.js";

/** An account that can be named to the server. */
export type KnownAccount = AccountIdentity & { readonly accountId: string };

/**
 * Reads the login.
 *
 * @returns Nothing when nobody is logged in.
 * @throws ChatgptError of kind `auth` or `aborted`.
 */
export async function readLogin(
  source: AuthSource,
  signal: AbortSignal | undefined,
): Promise<AuthSnapshot | undefined> {
  if (signal?.aborted) throw aborted(signal);
  try {
    return await source.current(signal);
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal);
    throw new ChatgptError("the login could not be read", { kind: "auth", cause });
  }
}

/**
 * Gives the account of a login that may talk to ChatGPT's backend.
 *
 * @throws ChatgptError of kind `auth`, in the words of the reference.
 */
export function demandAccount(login: AuthSnapshot | undefined): KnownAccount {
  if (login === undefined) throw refusal("ChatGPT auth not available");
  if (!login.usesCodexBackend) throw refusal("ChatGPT backend requests require Codex backend auth");
  const { account } = login;
  if (!isKnown(account)) throw refusal("ChatGPT account ID not available, please re-run `codex login`");
  return account;
}

/** Tells whether two readings of a login are of the same account. */
export function isSameAccount(one: AccountIdentity | undefined, other: AccountIdentity | undefined): boolean {
  return (
    one?.accountId === other?.accountId &&
    one?.userId === other?.userId &&
    one?.isWorkspace === other?.isWorkspace
  );
}

/** Tells whether a login is that of a ChatGPT account; an Agent Identity is not, though it uses the same backend. */
export function isChatgptLogin({ mode }: AuthSnapshot): boolean {
  return chatgptModes.has(mode);
}

function isKnown(account: AccountIdentity): account is KnownAccount {
  return account.accountId !== undefined;
}

function refusal(message: string): ChatgptError {
  return new ChatgptError(message, { kind: "auth" });
}

function aborted(signal: AbortSignal): ChatgptError {
  return new ChatgptError("the call was aborted", { kind: "aborted", cause: signal.reason });
}

const chatgptModes: ReadonlySet<string> = new Set(["chatgpt", "chatgptAuthTokens", "personalAccessToken"]);
