import { constants, type Stats } from "node:fs";
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  readlink,
  rename,
  rm,
  rmdir,
  symlink,
  utimes,
} from "node:fs/promises";
import { join } from "node:path";
import { GitApplyError } from "./git-apply-error.js";
import { quote } from "./path-safety.js";
import { hasCode } from "./system-error.js";
import { entryIn, foldersOf } from "./tree-entry.js";

/** What was at a path. */
type Entry =
  | { readonly type: "absent" }
  | { readonly type: "file"; readonly backup: string }
  | { readonly type: "folder"; readonly mode: number }
  | { readonly type: "link"; readonly target: string };

/** The state of some paths of a working tree, to go back to. */
export class Snapshot {
  readonly #root: string;
  readonly #folder: string;
  readonly #entries = new Map<string, Entry>();

  /**
   * @param root - Top of the working tree.
   * @param paths - Paths below it. The folders above them are remembered too.
   * @param folder - Where the backups go, best on the same disk as the tree.
   */
  static async take(root: string, paths: readonly string[], folder: string): Promise<Snapshot> {
    const snapshot = new Snapshot(root, folder);
    await mkdir(folder);
    // From the top, so that folders are made before what is in them.
    const all = new Set([...paths.flatMap(foldersOf), ...paths]);
    for (const path of [...all].sort()) snapshot.#entries.set(path, await snapshot.#read(path));
    return snapshot;
  }

  private constructor(root: string, folder: string) {
    this.#root = root;
    this.#folder = folder;
  }

  /**
   * Puts every path back: content, mode, and time of the last change.
   *
   * @throws {@link GitApplyError} of kind `restore_failed`, after putting back the others; then the backups must be kept.
   */
  async restore(): Promise<void> {
    const failures = new Map<string, unknown>();
    const step = async (path: string, work: Promise<void>): Promise<void> => {
      await work.catch((cause: unknown) => failures.set(path, cause));
    };
    for (const [path, entry] of [...this.#entries].reverse()) await step(path, this.#clear(path, entry));
    for (const [path, entry] of this.#entries) await step(path, this.#put(path, entry));
    if (failures.size === 0) return;
    const paths = [...failures.keys()].sort();
    throw new GitApplyError(
      `the apply failed, and files could not be put back (${paths.map(quote).join(", ")}): what they held is in ${this.#folder}`,
      { kind: "restore_failed", paths, cause: new AggregateError(failures.values()) },
    );
  }

  async #read(path: string): Promise<Entry> {
    const stats = await entryIn(this.#root, path);
    if (stats === undefined) return { type: "absent" };
    if (stats.isDirectory()) return { type: "folder", mode: stats.mode & 0o7777 };
    if (stats.isSymbolicLink()) return { type: "link", target: await readlink(this.#at(path)) };
    const backup = join(this.#folder, String(this.#entries.size));
    await keep(this.#at(path), backup, stats);
    return { type: "file", backup };
  }

  /** Removes what is there now, unless it is a folder that stays. Folders that were not there go when they are empty. */
  async #clear(path: string, entry: Entry): Promise<void> {
    const stats = await entryIn(this.#root, path);
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      if (entry.type !== "file") await rm(this.#at(path));
    } else if (entry.type !== "folder") {
      await rmdir(this.#at(path)).catch((error: unknown) => {
        // Somebody else has put something there meanwhile.
        if (entry.type !== "absent" || !hasCode(error, "ENOTEMPTY")) throw error;
      });
    }
  }

  async #put(path: string, entry: Entry): Promise<void> {
    if (entry.type === "absent") return;
    if (entry.type === "folder") {
      const isNew = (await mkdir(this.#at(path), { recursive: true })) !== undefined;
      if (isNew) await chmod(this.#at(path), entry.mode);
    } else if (entry.type === "link") await symlink(entry.target, this.#at(path));
    else await moveBack(entry.backup, this.#at(path));
  }

  #at(path: string): string {
    return join(this.#root, path);
  }
}

/** Git never writes into a file, it makes a new one: a second name for the old one is backup enough. */
async function keep(path: string, backup: string, stats: Stats): Promise<void> {
  try {
    await link(path, backup);
  } catch {
    // Another disk, or no hard links.
    await copyWithTime(path, backup, stats);
  }
}

async function moveBack(backup: string, path: string): Promise<void> {
  try {
    await rename(backup, path);
  } catch (error) {
    if (!hasCode(error, "EXDEV")) throw error;
    await rm(path, { force: true });
    await copyWithTime(backup, path, await lstat(backup));
  }
}

async function copyWithTime(from: string, to: string, { mode, atime, mtime }: Stats): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, mode & 0o7777);
  await utimes(to, atime, mtime);
}
