import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { dirname } from "node:path/posix";
import { hasCode } from "./system-error.js";

/** The folders above a path, from the top, without the root: `a`, `a/b` for `a/b/c`. */
export function foldersOf(path: string): string[] {
  const folder = dirname(path);
  return folder === "." ? [] : [...foldersOf(folder), folder];
}

/** What is at a path of the disk: a link itself, not what it leads to. */
export async function entryAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return undefined;
    throw error;
  }
}

/** What is at a path of a tree. Nothing is seen through a symbolic link: what it leads to can be anywhere. */
export async function entryIn(root: string, path: string): Promise<Stats | undefined> {
  for (const folder of foldersOf(path)) {
    if ((await entryAt(join(root, folder)))?.isSymbolicLink()) return undefined;
  }
  return await entryAt(join(root, path));
}
