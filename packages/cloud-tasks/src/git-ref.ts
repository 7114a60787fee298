import { runGit } from "@codex-ts/git-apply";
import { askGit, type GitQuestion } from "./git-question.js";

/** What a new task can start from. */
export interface GitRefs {
  /** What the user asked for. */
  readonly override?: string | undefined;
  readonly currentBranch?: string | undefined;
  readonly defaultBranch?: string | undefined;
}

/** Chooses what a new task starts from: what the user asked for, the current branch, the default branch, or `main`. */
export function chooseGitRef({ override, currentBranch, defaultBranch }: GitRefs): string {
  return override?.trim() || currentBranch || defaultBranch || "main";
}

/**
 * Finds out what a new task starts from (spec/backend.md §6.3). The default branch is the one that a remote names, or else
 * `main` or `master` if there is such a branch; nothing is fetched.
 *
 * @param override - What the user asked for, if anything.
 * @throws {@link CloudTasksError} of kind `aborted`. Without git, or outside of a repository, it is `main`.
 */
export async function resolveGitRef(override: string | undefined, question: GitQuestion): Promise<string> {
  const asked = override?.trim();
  if (asked) return asked;
  return askGit(chooseGitRef({}), async () => {
    const currentBranch = await answer(question, ["branch", "--show-current"]);
    return chooseGitRef({ currentBranch, defaultBranch: currentBranch || (await defaultBranch(question)) });
  });
}

async function defaultBranch(question: GitQuestion): Promise<string | undefined> {
  const remotes = (await answer(question, ["remote"])).split("\n").filter(Boolean);
  for (const remote of ["origin", ...remotes.filter((name) => name !== "origin")]) {
    const prefix = `refs/remotes/${remote}/`;
    const head = await answer(question, ["symbolic-ref", "--quiet", `${prefix}HEAD`]);
    if (head.startsWith(prefix)) return head.slice(prefix.length);
  }
  for (const branch of ["main", "master"]) {
    const commit = await answer(question, ["rev-parse", "--verify", "--quiet", `refs/heads/${branch}`]);
    if (commit !== "") return branch;
  }
  return undefined;
}

async function answer(question: GitQuestion, args: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runGit(args, question);
  return exitCode === 0 ? stdout.trim() : "";
}
