import type { AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import { ChatgptError } from "./errors.js";

/** A login whose account is known. */
export interface AccountLogin extends AuthSnapshot {
  readonly account: AuthSnapshot["account"] & { readonly accountId: string };
}

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
 * Lets pass what may talk to ChatGPT's backend.
 *
 * @throws ChatgptError of kind `auth`, in the words of the reference.
 */
export function demandAccount(login: AuthSnapshot | undefined): AccountLogin {
  if (login === undefined) throw refusal("ChatGPT auth not available");
  if (!login.usesCodexBackend) throw refusal("ChatGPT backend requests require Codex backend auth");
  if (!hasAccount(login))
    throw refusal("ChatGPT account ID not available, please re-run `codex login`");
  return login;
}

/** Tells whether a login is that of a ChatGPT account; an Agent Identity is not, though it uses the same backend. */
export function isChatgptLogin({ mode }: AuthSnapshot): boolean {
  return chatgptModes.has(mode);
}

function hasAccount(login: AuthSnapshot): login is AccountLogin {
  return login.account.accountId !== undefined;
}

function refusal(message: string): ChatgptError {
  return new ChatgptError(message, { kind: "auth" });
}

function aborted(signal: AbortSignal): ChatgptError {
  return new ChatgptError("the call was aborted", { kind: "aborted", cause: signal.reason });
}

const chatgptModes: ReadonlySet<string> = new Set(["chatgpt", "chatgptAuthTokens", "personalAccessToken"]);
