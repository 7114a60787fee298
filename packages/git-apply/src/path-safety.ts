import { join } from "node:path";
import type { DiffHeader } from "./diff-headers.js";
import { GitApplyError } from "./git-apply-error.js";
import { entryAt, foldersOf } from "./tree-entry.js";

/**
 * Refuses paths that lead out of a working tree or into `.git`, in the notation of any system: a diff is not
 * written on the machine where it is applied.
 *
 * @throws {@link GitApplyError} of kind `unsafe_path`.
 */
export function refuseUnsafePaths(paths: Iterable<string>): void {
  for (const path of paths) {
    const reason = whyUnsafe(path);
    if (reason !== undefined) throw unsafePath(path, reason);
  }
}

/**
 * Refuses what can be told to be wrong from the headers alone.
 *
 * @throws {@link GitApplyError} of kind `unsafe_path`, `submodule` or `binary_diff`.
 */
export function refuseHeaders(headers: readonly DiffHeader[]): void {
  for (const { rawNames, paths, isSubmodule, isBinary, hasFullIndex } of headers) {
    for (const name of rawNames) {
      // Git takes the first folder off, which would make "/etc/x" mean "etc/x".
      if (isAbsolute(name)) throw unsafePath(name, "is absolute");
    }
    refuseUnsafePaths(paths);
    if (isSubmodule) throw insideRepository(paths);
    if (isBinary && !hasFullIndex) {
      throw new GitApplyError(
        `the diff changes a binary file (${quote(paths[0] ?? "")}) without its full index line: make it with "git diff --binary"`,
        { kind: "binary_diff", paths },
      );
    }
  }
  for (const link of headers.filter(({ isSymlink }) => isSymlink)) {
    const through = headers.find(
      (file) => !isReplacement(link, file) && file.paths.some((path) => isBelowAny(path, link.paths)),
    );
    if (through !== undefined) {
      throw unsafePath(through.paths[0] ?? "", "goes through a symbolic link of the same diff");
    }
  }
}

/** Links of a diff that it replaces by a folder, or (to take it back) a folder by them. */
export function replacedLinks(headers: readonly DiffHeader[]): ReadonlySet<string> {
  const links = headers.filter(({ isSymlink, change }) => isSymlink && change !== undefined);
  return new Set(links.flatMap(({ paths }) => paths));
}

/**
 * Refuses paths that, on this disk, go through a symbolic link or into a repository inside the working tree.
 *
 * @param except - Links that the diff itself takes away. Whether it does is for git to check.
 * @throws {@link GitApplyError} of kind `unsafe_path` or `submodule`.
 */
export async function refuseDetours(
  root: string,
  paths: Iterable<string>,
  except: ReadonlySet<string>,
): Promise<void> {
  const seen = new Set(except);
  for (const path of paths) {
    for (const folder of foldersOf(path)) {
      if (seen.has(folder)) continue;
      seen.add(folder);
      const entry = await entryAt(join(root, folder));
      if (entry?.isSymbolicLink()) throw unsafePath(path, `goes through the symbolic link ${quote(folder)}`);
      if ((await entryAt(join(root, folder, ".git"))) !== undefined) throw insideRepository([path]);
    }
  }
}

/** Refuses entries that the index has as submodules. */
export function insideRepository(paths: readonly string[]): GitApplyError {
  return new GitApplyError(
    `the diff touches a submodule or a repository inside this one (${quote(paths[0] ?? "")}): apply it there`,
    { kind: "submodule", paths },
  );
}

/** Says what is wrong with a path. */
export function unsafePath(path: string, reason: string): GitApplyError {
  return new GitApplyError(`the diff names a path that ${reason}: ${quote(path)}`, {
    kind: "unsafe_path",
    paths: [path],
  });
}

/** Tells whether a path lies below a folder. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function isBelowAny(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isBelow(path, folder));
}

/** Whether one of them goes where the other comes: then neither is used through the other. */
function isReplacement(one: DiffHeader, other: DiffHeader): boolean {
  return one.change !== undefined && other.change !== undefined && one.change !== other.change;
}

/** Shows a path from a diff so that it cannot forge a line. */
export function quote(path: string): string {
  return JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
}

function whyUnsafe(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.includes("\0")) return "holds a NUL";
  if (isAbsolute(path)) return "is absolute";
  const segments = path.split(/[\\/]/);
  if (segments.includes("..")) return "leads out of the working tree";
  if (segments.includes(".")) return "holds a dot segment";
  if (segments.some(isGitFolder)) return "leads into git's own folder";
  return undefined;
}

function isAbsolute(path: string): boolean {
  return /^[\\/]|^[A-Za-z]:/.test(path);
}

/** Names that some file system takes for `.git`: other case, ignored characters, dots and spaces, short names. */
function isGitFolder(segment: string): boolean {
  const name = segment
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "")
    .replace(/:.*$/s, "")
    .replace(/[. ]+$/, "")
    .toLowerCase();
  return name === ".git" || name === "git~1";
}
