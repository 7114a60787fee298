import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.js";
import { GitApplyError } from "./git-apply-error.js";
import type { EnvironmentVariables } from "./git-environment.js";
import { insideRepository, isBelow, quote } from "./path-safety.js";

/**
 * Refuses files that the index has as submodules or conflicts.
 *
 * @param variables - Make git use the index in question.
 * @throws {@link GitApplyError} of kind `submodule` or `dirty_tree`.
 */
export async function refuseEntries(
  git: Git,
  paths: readonly string[],
  variables: EnvironmentVariables,
): Promise<void> {
  const touched = new Set(paths);
  const entries = await readIndex(git, ["--stage"], variables);
  const submodules = entries.filter(({ mode }) => mode === "160000").map(({ path }) => path);
  const inside = paths.filter((path) =>
    submodules.some((submodule) => path === submodule || isBelow(path, submodule)),
  );
  if (inside.length > 0) throw insideRepository(inside);
  refuseDirty(
    entries.filter(({ stage, path }) => stage !== "0" && touched.has(path)).map(({ path }) => path),
    "conflicts that are not resolved",
  );
}

/**
 * Refuses files that are not as the index has them: applying to them would lose or mix in what is not staged.
 *
 * @throws {@link GitApplyError} of kind `dirty_tree`.
 */
export async function refuseLocalChanges(
  git: Git,
  paths: readonly string[],
  variables: EnvironmentVariables,
): Promise<void> {
  const touched = new Set(paths);
  const changed = await git.query(["diff-files", "--name-only", "-z", "--ignore-submodules"], { variables });
  refuseDirty(
    changed.split("\0").filter((path) => touched.has(path)),
    "local changes that are not staged",
  );
}

/** Makes the index look at the files again, so that a mere change of their times counts for nothing. */
export async function refreshIndex(git: Git, variables: EnvironmentVariables): Promise<void> {
  // It fails when there are local changes, which is for others to judge.
  await git.run(["update-index", "-q", "--refresh"], { variables });
}

/** Stages the files as they are: a diff that was applied can be taken back also when it was never staged. */
export async function stageFiles(
  git: Git,
  root: string,
  paths: readonly string[],
  variables: EnvironmentVariables,
): Promise<void> {
  const present: string[] = [];
  for (const path of paths) {
    const stats = await lstat(join(root, path)).catch(() => undefined);
    if (stats?.isFile() || stats?.isSymbolicLink()) present.push(path);
  }
  await git.query(["update-index", "--add", "-z", "--stdin"], {
    variables,
    stdin: present.map((path) => `${path}\0`).join(""),
  });
}

/** The files that an index has as conflicts. */
export async function unmergedPaths(git: Git, variables: EnvironmentVariables): Promise<string[]> {
  const entries = await readIndex(git, ["--unmerged"], variables);
  return [...new Set(entries.map(({ path }) => path))];
}

interface IndexEntry {
  readonly mode: string;
  readonly stage: string;
  readonly path: string;
}

async function readIndex(
  git: Git,
  args: readonly string[],
  variables: EnvironmentVariables,
): Promise<IndexEntry[]> {
  const output = await git.query(["ls-files", "-z", ...args], { variables });
  return output.split("\0").flatMap((entry) => {
    const [, mode, stage, path] = /^(\d+) [0-9a-f]+ (\d)\t(.+)$/s.exec(entry) ?? [];
    return mode === undefined || stage === undefined || path === undefined ? [] : { mode, stage, path };
  });
}

function refuseDirty(paths: readonly string[], what: string): void {
  if (paths.length === 0) return;
  const unique = [...new Set(paths)].sort();
  const more = unique.length > 1 ? ` and ${unique.length - 1} more` : "";
  throw new GitApplyError(
    `files that the diff touches have ${what} (${quote(unique[0] ?? "")}${more}): commit, stage or stash them first`,
    { kind: "dirty_tree", paths: unique },
  );
}
