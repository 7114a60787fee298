import type { LoginContext } from "../logins/login-context.js";
import type { AuthJson } from "../storage/auth-json.js";
import { type HeldLock, MachineLock } from "../storage/machine-lock.js";

/** Where a new login goes. */
export type SaveTarget = Pick<LoginContext, "lockOptions" | "storage">;

/**
 * Stores a new login in place of whatever was there, while no other process reads, refreshes or writes.
 *
 * @throws {@link LoginError} of kind `storage` or `lock_timeout`; the signal's reason if it fires before the login is
 * being written.
 */
export async function saveLogin(target: SaveTarget, auth: AuthJson, signal: AbortSignal): Promise<void> {
  const held = await takeLock(target, signal);
  try {
    signal.throwIfAborted();
    await target.storage.save(auth);
  } finally {
    await held?.release();
  }
}

async function takeLock(
  { storage: { lockFile }, lockOptions }: SaveTarget,
  signal: AbortSignal,
): Promise<HeldLock | undefined> {
  if (lockFile === undefined) return undefined;
  const held = await new MachineLock(lockFile, lockOptions).acquire(async () => {
    signal.throwIfAborted();
    return undefined;
  });
  return held as HeldLock;
}
