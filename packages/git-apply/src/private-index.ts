import { copyFile, mkdir, mkdtemp, open, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "./git.js";
import { GitApplyError, isGitApplyError } from "./git-apply-error.js";
import type { EnvironmentVariables } from "./git-environment.js";
import type { Repository } from "./repository.js";
import { hasCode } from "./system-error.js";

const lockPollMs = 25;

/**
 * A copy of the index in a folder of its own. Git works on the copy; the real index stays untouched until
 * {@link IndexLock.commit} puts the copy in its place as a whole.
 */
export class PrivateIndex {
  /** Holds the copy, and whatever else is needed meanwhile. */
  readonly folder: string;
  readonly path: string;
  readonly #repository: Repository;

  /**
   * Makes a copy for the time of some work, and removes the folder afterwards; except when the work could not put
   * back files whose backups are in it.
   *
   * @param parent - Where to make the folder.
   */
  static async use<T>(
    repository: Repository,
    parent: string,
    work: (index: PrivateIndex) => Promise<T>,
  ): Promise<T> {
    const index = new PrivateIndex(repository, await makeFolder(parent));
    let isNeeded = false;
    try {
      await mkdir(join(index.folder, "objects"));
      await index.startOver();
      return await work(index);
    } catch (error) {
      isNeeded = isGitApplyError(error) && error.kind === "restore_failed";
      throw error;
    } finally {
      if (!isNeeded) await rm(index.folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  private constructor(repository: Repository, folder: string) {
    this.#repository = repository;
    this.folder = folder;
    this.path = join(folder, "index");
  }

  /** Makes git use the copy. */
  get variables(): EnvironmentVariables {
    return { GIT_INDEX_FILE: this.path };
  }

  /** Makes git use the copy, and keep new objects beside it, where they are removed with it. */
  get trialVariables(): EnvironmentVariables {
    return {
      ...this.variables,
      GIT_OBJECT_DIRECTORY: join(this.folder, "objects"),
      // In quotes a path may hold the character that parts paths.
      GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(this.#repository.objectsFolder),
    };
  }

  /** Copies the index again: after a trial the copy names objects that go with the folder. */
  async startOver(): Promise<void> {
    await rm(this.path, { force: true });
    try {
      await copyFile(this.#repository.indexPath, this.path);
      // Git compares the time of the index with those of the files to know which it cannot trust: an index that
      // looks older makes it read more files, one that looks newer would make it miss changes.
      const { mtimeMs } = await stat(this.#repository.indexPath);
      const modifiedAt = Math.floor(mtimeMs / 1000);
      await utimes(this.path, modifiedAt, modifiedAt);
    } catch (error) {
      // A repository in which nothing was ever added has none.
      if (!hasCode(error, "ENOENT")) throw error;
    }
  }
}

/** Git's own lock of the index: while it is held, no git process changes the index. */
export class IndexLock {
  readonly #indexPath: string;
  #isHeld = true;

  /**
   * Holds the lock for the time of some work. Waits for other git processes first.
   *
   * @throws {@link GitApplyError} of kind `locked` or `aborted`, or what the work throws.
   */
  static async use<T>(
    indexPath: string,
    waiting: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
    work: (lock: IndexLock) => Promise<T>,
  ): Promise<T> {
    await acquire(`${indexPath}.lock`, waiting);
    const lock = new IndexLock(indexPath);
    try {
      return await work(lock);
    } finally {
      if (lock.#isHeld) await rm(`${indexPath}.lock`, { force: true });
    }
  }

  private constructor(indexPath: string) {
    this.#indexPath = indexPath;
  }

  /** Puts the copy in the place of the index, and gives up the lock with the same step. */
  async commit(index: PrivateIndex): Promise<void> {
    const lockPath = `${this.#indexPath}.lock`;
    await rename(index.path, lockPath);
    await rename(lockPath, this.#indexPath);
    this.#isHeld = false;
  }
}

async function acquire(
  lockPath: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await create(lockPath))) {
    if (performance.now() >= deadline) {
      throw new GitApplyError(
        `another git process holds ${lockPath}: wait for it, or remove the file if none is running`,
        { kind: "locked" },
      );
    }
    await delay(lockPollMs);
    throwIfAborted(signal);
  }
}

async function create(lockPath: string): Promise<boolean> {
  try {
    await (await open(lockPath, "wx")).close();
    return true;
  } catch (cause) {
    if (hasCode(cause, "EEXIST")) return false;
    throw new GitApplyError(`${lockPath} cannot be written`, { kind: "git_failed", cause });
  }
}

async function makeFolder(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, "codex-apply-"));
  } catch (cause) {
    throw new GitApplyError(`a temporary folder cannot be made in ${parent}`, { kind: "git_failed", cause });
  }
}
