import { isLoginError, type LoginError } from "../login-error.js";
import { revokeTokens } from "../oauth/revoke.js";
import type { AuthJson } from "../storage/auth-json.js";
import { type HeldLock, MachineLock } from "../storage/machine-lock.js";
import { tokenGeneration } from "../tokens/generation.js";
import { type LoginContext, type LoginOptions, withLoginContext } from "./login-context.js";

/** Settings of {@link logout}. */
export interface LogoutOptions extends LoginOptions {
  /** Whether tokens are revoked at the issuer as well. @defaultValue true */
  readonly revoke?: boolean | undefined;
  /** Told when tokens could not be revoked. The login is removed all the same. */
  readonly onRevokeFailure?: ((error: LoginError) => void) | undefined;
}

/**
 * Signs out: revokes the tokens of the stored login as well as it can, and removes it. Credentials of the
 * environment stay.
 *
 * @returns Whether there was a login.
 * @throws {@link LoginError} of kind `storage` when it cannot be removed, and `configuration`.
 */
export function logout(options: LogoutOptions = {}): Promise<boolean> {
  return withLoginContext(options, (context) => removeLogin(context, options));
}

/** What {@link removeLogin} does beside removing. */
export interface RemovalOptions extends Pick<LogoutOptions, "onRevokeFailure" | "revoke"> {
  /** Gives a login that was read earlier, whose tokens are revoked as well. */
  readonly cached?: (() => AuthJson | undefined) | undefined;
}

/** Removes the login of a context. */
export async function removeLogin(
  context: LoginContext,
  { revoke = true, onRevokeFailure, cached }: RemovalOptions,
): Promise<boolean> {
  const lock = await lockBriefly(context);
  try {
    if (revoke) await revokeAll(context, cached?.(), onRevokeFailure);
    const hadTokens = await context.ephemeral.delete();
    return (await context.storage.delete()) || hadTokens;
  } finally {
    await lock?.release();
  }
}

/** A refresh that takes longer than this does not keep a user from signing out; what it brings is not stored. */
const lockPatienceMs = 15_000;

async function lockBriefly({ storage, lockOptions }: LoginContext): Promise<HeldLock | undefined> {
  if (storage.lockFile === undefined) return undefined;
  const timeoutMs = Math.min(lockOptions.timeoutMs ?? lockPatienceMs, lockPatienceMs);
  try {
    return (await new MachineLock(storage.lockFile, { ...lockOptions, timeoutMs }).acquire()) as HeldLock;
  } catch (error) {
    if (isLoginError(error) && error.kind === "lock_timeout") return undefined;
    throw error;
  }
}

async function revokeAll(
  { storage, transport, profile }: LoginContext,
  cached: AuthJson | undefined,
  onRevokeFailure: RemovalOptions["onRevokeFailure"],
): Promise<void> {
  // One that cannot be read is removed all the same.
  const stored = await storage.load().catch(() => undefined);
  const logins = new Map(
    [cached, stored].flatMap((auth) => (auth === undefined ? [] : [[tokenGeneration(auth.tokens), auth]])),
  );
  for (const auth of logins.values()) {
    await revokeTokens(auth, { transport, profile }).catch((error: unknown) => {
      if (isLoginError(error)) onRevokeFailure?.(error);
    });
  }
}
