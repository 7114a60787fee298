import { mkdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { resolveTarget } from "@codex-ts/atomic-file";
import { LoginError } from "../login-error.js";
import {
  type HeldLock,
  heartbeatMs,
  isSameLock,
  type LockSighting,
  lockFolderOf,
  lookAtLock,
  takeLock,
} from "./lock-folder.js";

export type { HeldLock };

/** How patient the lock is. */
export interface LockOptions {
  /**
   * A lock whose holder has shown no sign of life for so long is taken over, in milliseconds. At least 2,000; holders
   * give a sign each second.
   *
   * @defaultValue 10_000
   */
  readonly staleMs?: number | undefined;
  /**
   * How long to wait for other processes, in milliseconds.
   *
   * @defaultValue 90_000
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * The lock that all processes of this machine share for one file, a folder next to it named `<file>.lock`. Files
 * that are reached through different symbolic links have one lock.
 */
export class MachineLock {
  readonly #file: string;
  readonly #staleMs: number;
  readonly #timeoutMs: number;

  /** @param file - Need not exist; its folder is made when the lock is first taken. */
  constructor(file: string, { staleMs = 10_000, timeoutMs = 90_000 }: LockOptions = {}) {
    this.#file = file;
    this.#staleMs = Math.max(staleMs, 2 * heartbeatMs);
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Takes the lock, and waits for it if need be.
   *
   * @param isDone - Asked before each try; once it gives a value, the lock is not needed any more.
   * @returns The lock, or the value.
   * @throws {@link LoginError} of kind `lock_timeout`, or `storage` when no lock can be made there; and what
   * `isDone` throws.
   */
  async acquire<T = never>(isDone?: () => Promise<T | undefined>): Promise<HeldLock | { readonly done: T }> {
    const target = await this.#prepare();
    const watch = new StaleWatch(this.#staleMs);
    const giveUpAtMs = performance.now() + this.#timeoutMs;
    for (;;) {
      const done = await isDone?.();
      if (done !== undefined) return { done };
      const held = await this.#try(target, watch);
      if (held !== undefined) return held;
      if (performance.now() > giveUpAtMs) throw this.#timeout();
      await pause();
    }
  }

  /** Runs a function while holding the lock. */
  async run<T>(use: () => Promise<T>): Promise<T> {
    const held = (await this.acquire()) as HeldLock;
    try {
      return await use();
    } finally {
      await held.release();
    }
  }

  async #prepare(): Promise<string> {
    try {
      const target = await resolveTarget(this.#file);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      return target;
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  async #try(target: string, watch: StaleWatch): Promise<HeldLock | undefined> {
    try {
      return (await takeLock(target)) ?? (await this.#takeOver(target, watch));
    } catch (cause) {
      throw this.#failure(cause);
    }
  }

  /**
   * Two waiters may both see a stale lock. If each simply removed it, the second would remove the lock that the
   * first has just taken. So a stale lock is removed only by the holder of a second lock, after another look.
   */
  async #takeOver(target: string, watch: StaleWatch): Promise<HeldLock | undefined> {
    const stale = watch.look(await lookAtLock(target));
    if (stale === undefined) return undefined;
    const takeover = await takeLock(`${target}.takeover`, this.#staleMs);
    if (takeover === undefined) return undefined;
    try {
      if (isSameLock(await lookAtLock(target), stale)) await rmdir(lockFolderOf(target));
      return await takeLock(target);
    } finally {
      await takeover.release();
    }
  }

  #timeout(): LoginError {
    return new LoginError(
      `another process has held the lock of ${this.#file} for ${this.#timeoutMs} ms; try again, or end that process`,
      { kind: "lock_timeout", retryable: true },
    );
  }

  #failure(cause: unknown): LoginError {
    return new LoginError(
      `${this.#file} cannot be locked; make its folder writable, or use a home folder that is`,
      { kind: "storage", cause },
    );
  }
}

/**
 * Decides by looking several times. The age alone does not tell: when the clock is set forward, a lock that is well
 * alive looks old until its next sign of life, and when it is set back, a dead one looks young for ever.
 */
class StaleWatch {
  readonly #staleMs: number;
  #seen: LockSighting | undefined;
  #unchangedSinceMs = 0;

  constructor(staleMs: number) {
    this.#staleMs = staleMs;
  }

  /** Returns the lock if it is stale. */
  look(sighting: LockSighting | undefined): LockSighting | undefined {
    const now = performance.now();
    if (sighting === undefined || !isSameLock(sighting, this.#seen)) {
      this.#seen = sighting;
      this.#unchangedSinceMs = now;
      return undefined;
    }
    const unchangedMs = now - this.#unchangedSinceMs;
    const isOld = Date.now() - sighting.modifiedAtMs > this.#staleMs;
    return unchangedMs > (isOld ? 2 * heartbeatMs : this.#staleMs) ? sighting : undefined;
  }
}

function pause(): Promise<void> {
  // Uneven, so that fifty waiters do not come back at the same moment.
  return new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 40));
}
