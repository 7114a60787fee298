import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { firstLine, type Git } from "./git.js";
import { GitApplyError } from "./git-apply-error.js";

/** Where the parts of a working tree lie, as absolute paths. */
export interface Repository {
  /** The top of the working tree. */
  readonly root: string;
  /** Git's own folder for this working tree. */
  readonly gitFolder: string;
  readonly indexPath: string;
  readonly objectsFolder: string;
}

/**
 * Finds the working tree that a folder is in.
 *
 * @throws {@link GitApplyError} of kind `not_a_repository` or `bare_repository`.
 */
export async function findRepository(git: Git, folder: string): Promise<Repository> {
  const entry = await stat(folder).catch(() => undefined);
  if (!entry?.isDirectory()) {
    throw new GitApplyError(`${folder} is not a folder`, { kind: "not_a_repository" });
  }
  const { exitCode, stdout, stderr } = await git
    .in(folder)
    .run([
      "rev-parse",
      "--show-toplevel",
      "--absolute-git-dir",
      "--git-path",
      "index",
      "--git-path",
      "objects",
    ]);
  if (exitCode !== 0) {
    const isBare = /bare repository|must be run in a work tree/.test(stderr);
    throw new GitApplyError(
      isBare
        ? `${folder} is in a repository without a working tree (exit ${exitCode}): ${firstLine(stderr)}`
        : `not a git repository (exit ${exitCode}): ${firstLine(stderr)}`,
      { kind: isBare ? "bare_repository" : "not_a_repository" },
    );
  }
  const [root, gitFolder, index, objects, ...more] = stdout.split("\n");
  if (!root || !gitFolder || !index || !objects || more.join("") !== "") {
    throw new GitApplyError(`the path of the repository of ${folder} cannot be used`, { kind: "git_failed" });
  }
  return {
    root: resolve(root),
    gitFolder: resolve(gitFolder),
    indexPath: resolve(folder, index),
    objectsFolder: resolve(folder, objects),
  };
}
