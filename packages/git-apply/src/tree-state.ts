import type { Git } from "./git.js";
import { GitApplyError } from "./git-apply-error.js";
import type { EnvironmentVariables } from "./git-environment.js";
import { insideRepository, isBelow, quote } from "./path-safety.js";
import { entryIn } from "./tree-entry.js";

/**
 * Refuses files that the index has as submodules or conflicts.
 *
 * @param variables - Make git use the index in question.
 * @returns Those of the files that the index has.
 * @throws {@link GitApplyError} of kind `submodule` or `dirty_tree`.
 */
export async function refuseEntries(
  git: Git,
  paths: readonly string[],
  variables: EnvironmentVariables,
): Promise<readonly string[]> {
  const touched = new Set(paths);
  const tracked = new Set<string>();
  const unmerged: string[] = [];
  const submodules: string[] = [];
  for (const { isSubmodule, isUnmerged, path } of await readIndex(git, ["--stage"], variables)) {
    if (isSubmodule) submodules.push(path);
    if (!touched.has(path)) continue;
    tracked.add(path);
    if (isUnmerged) unmerged.push(path);
  }
  const inside = paths.filter((path) =>
    submodules.some((submodule) => path === submodule || isBelow(path, submodule)),
  );
  if (inside.length > 0) throw insideRepository(inside);
  refuseDirty(unmerged, "conflicts that are not resolved");
  return [...tracked];
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
  if (paths.length === 0) return;
  const touched = new Set(paths);
  // A command line takes only so much. Without paths git looks at all files, which takes longer.
  const isShort = paths.reduce((length, path) => length + path.length, 0) < 16_000 && paths.length < 1_000;
  const changed = await git.query(
    ["diff-files", "--name-only", "-z", "--ignore-submodules", "--", ...(isShort ? paths : [])],
    { variables: { ...variables, ...literally } },
  );
  refuseDirty(
    changed.split("\0").filter((path) => touched.has(path)),
    "local changes that are not staged",
  );
}

/**
 * Makes the index look at files again, so that a mere change of their times counts for nothing.
 *
 * @param paths - Files that the index has.
 */
export async function refreshIndex(
  git: Git,
  paths: readonly string[],
  variables: EnvironmentVariables,
): Promise<void> {
  if (paths.length === 0) return;
  // It fails for files outside of a sparse checkout, having done the others; those are as the index has them.
  await git.run(["add", "--refresh", "--pathspec-from-file=-", "--pathspec-file-nul"], {
    stdin: listed(paths),
    variables: { ...variables, ...literally },
  });
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
    const stats = await entryIn(root, path);
    if (stats?.isFile() || stats?.isSymbolicLink()) present.push(path);
  }
  await git.query(["update-index", "--add", "-z", "--stdin"], {
    variables,
    stdin: listed(present),
  });
}

/** The files that an index has as conflicts. */
export async function unmergedPaths(git: Git, variables: EnvironmentVariables): Promise<string[]> {
  const entries = await readIndex(git, ["--unmerged"], variables);
  return [...new Set(entries.map(({ path }) => path))];
}

interface IndexEntry {
  readonly isSubmodule: boolean;
  readonly isUnmerged: boolean;
  readonly path: string;
}

/** Reads lines of the form `<mode> <id> <stage>\t<path>`. There can be very many. */
async function readIndex(
  git: Git,
  args: readonly string[],
  variables: EnvironmentVariables,
): Promise<IndexEntry[]> {
  const output = await git.query(["ls-files", "-z", ...args], { variables });
  return output.split("\0").flatMap((entry) => {
    const tab = entry.indexOf("\t");
    if (tab === -1) return [];
    return {
      isSubmodule: entry.startsWith("160000 "),
      isUnmerged: entry[tab - 1] !== "0",
      path: entry.slice(tab + 1),
    };
  });
}

/** No character of a path has a meaning. */
const literally: EnvironmentVariables = { GIT_LITERAL_PATHSPECS: "1" };

function listed(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join("");
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
