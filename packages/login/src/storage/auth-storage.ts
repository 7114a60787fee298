import type { AuthJson } from "./auth-json.js";

/**
 * Where a login is kept. {@link createAuthStorage} makes the four kinds of the reference; a host can write another.
 *
 * All methods reject with a `LoginError` of kind `storage`, and `load` also with `invalid_login`. Nothing is
 * locked by these methods themselves: who reads, changes and writes holds {@link AuthStorage.lockFile}.
 */
export interface AuthStorage {
  /** Names the place in messages, such as a path. No secret. */
  readonly location: string;
  /**
   * The file next to which the lock lives that all processes using this storage share. Left out, the storage
   * belongs to this process alone.
   */
  readonly lockFile?: string | undefined;
  /** Reads the login. Nothing: there is none. */
  load(): Promise<AuthJson | undefined>;
  /** Replaces the login as a whole. After a failure the old one is still there. */
  save(auth: AuthJson): Promise<void>;
  /**
   * Removes the login.
   *
   * @returns Whether there was one.
   */
  delete(): Promise<boolean>;
}
