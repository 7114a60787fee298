import { stat } from "node:fs/promises";
import { hasCode } from "../system-error.js";

/** How often the holder of a lock shows that it is alive. */
export const heartbeatMs = 1000;

/** A lock that is held. */
export interface HeldLock {
  /** Gives the lock back. Never rejects: a lock that cannot be removed becomes stale. */
  release(): Promise<void>;
}

/** A lock as it was at one moment. */
export interface LockSighting {
  readonly identity: string;
  readonly modifiedAtMs: number;
}

/** The folder whose existence is the lock. */
export function lockFolderOf(file: string): string {
  return `${file}.lock`;
}

/** Tells whether two sightings show one lock without a sign of life in between. */
export function isSameLock(one: LockSighting | undefined, other: LockSighting | undefined): boolean {
  return one !== undefined && one.identity === other?.identity && one.modifiedAtMs === other.modifiedAtMs;
}

/** Looks at the lock of a file, without touching it. Nothing: nobody holds it. */
export async function lookAtLock(file: string): Promise<LockSighting | undefined> {
  try {
    const { ino, birthtimeNs, mtimeMs } = await stat(lockFolderOf(file), { bigint: true });
    return { identity: `${ino}:${birthtimeNs}`, modifiedAtMs: Number(mtimeMs) };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/**
 * Takes the lock of a file if it is free, and keeps it alive.
 *
 * @param staleMs - A lock older than that counts as free. Default: none does.
 */
export async function takeLock(
  file: string,
  staleMs: number = Number.POSITIVE_INFINITY,
): Promise<HeldLock | undefined> {
  const { lock } = await import("proper-lockfile");
  let release: () => Promise<void>;
  try {
    release = await lock(file, {
      realpath: false,
      stale: staleMs,
      update: heartbeatMs,
      // No event: whoever writes under a lock looks first whether what it read is still there.
      onCompromised() {},
    });
  } catch (error) {
    if (hasCode(error, "ELOCKED")) return undefined;
    throw error;
  }
  const own = await lookAtLock(file).catch(() => undefined);
  return { release: () => releaseOwn(file, own, release) };
}

// Somebody may have taken over a lock that was held through a long sleep; theirs must stay.
async function releaseOwn(
  file: string,
  own: LockSighting | undefined,
  release: () => Promise<void>,
): Promise<void> {
  const current = await lookAtLock(file).catch(() => undefined);
  if (current !== undefined && current.identity === own?.identity) await release().catch(() => {});
}
