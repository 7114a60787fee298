import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { GitApplyError } from "./git-apply-error.js";
import type { EnvironmentVariables } from "./git-environment.js";

/**
 * Finds git on the `PATH`. The system would do so too, but takes entries of the `PATH` that are not absolute (and Windows
 * the folder itself) from where git is to run: a working tree, which could bring a `git` of its own.
 *
 * @throws {@link GitApplyError} of kind `git_missing`.
 */
export async function findGit(variables: EnvironmentVariables): Promise<string> {
  const [, path = ""] = Object.entries(variables).find(([name]) => name.toUpperCase() === "PATH") ?? [];
  const program = process.platform === "win32" ? "git.exe" : "git";
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, program);
    if (isAbsolute(folder) && (await isProgram(candidate))) return candidate;
  }
  throw new GitApplyError("git was not found: install it, or put it on the PATH", { kind: "git_missing" });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
