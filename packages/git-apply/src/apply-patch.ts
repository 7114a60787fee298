import { tmpdir } from "node:os";
import { join } from "node:path";
import { Attempt } from "./attempt.js";
import { GitApplyError, isGitApplyError } from "./git-apply-error.js";
import type { EnvironmentVariables } from "./git-environment.js";
import { IndexLock, PrivateIndex } from "./private-index.js";
import { Snapshot } from "./snapshot.js";
import { unmergedPaths } from "./tree-state.js";

/** What the whole came to: everything is applied, something is (the rest conflicts), or nothing is. */
export type ApplyStatus = "error" | "partial" | "success";

/** What became of a diff. Paths are from the root of the working tree, sorted. */
export interface ApplyResult {
  readonly status: ApplyStatus;
  /** Files that are as the diff wants them. Of a preflight: files that would be. */
  readonly appliedPaths: readonly string[];
  /** Files that the diff does not fit. They are as they were. */
  readonly skippedPaths: readonly string[];
  /**
   * Files in which both sides changed the same lines. With status `partial` they hold conflict markers (a binary file:
   * what it held before), with status `error` they are as they were.
   */
  readonly conflictPaths: readonly string[];
  /** Exit code of `git apply`; -1 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What was run, in the notation of a POSIX shell. It reads the diff from its standard input. */
  readonly command: string;
}

/** Where and how to try a diff. */
export interface PreflightOptions {
  /** A folder in the working tree. The diff's paths are taken from the tree's root, wherever in it this is. */
  readonly cwd: string;
  /** Take the diff back instead. Changes to its files that are not staged are staged first. @defaultValue false */
  readonly revert?: boolean | undefined;
  /**
   * The environment for git. What it needs is picked from it (`PATH`, `HOME` and the like; no credentials, no `GIT_DIR`),
   * and `CODEX_APPLY_GIT_CFG` (`key=value,key=value`: configuration for git) counts only here.
   *
   * @defaultValue that of this process, without `CODEX_APPLY_GIT_CFG`
   */
  readonly environment?: EnvironmentVariables | undefined;
  /** Ends git, puts back what it has changed, and rejects with kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Where and how to apply a diff. */
export interface ApplyOptions extends PreflightOptions {
  /**
   * What to do when both sides changed the same lines: `refuse` leaves the working tree as it is; `mark` applies
   * the rest and leaves conflict markers, as `git apply --3way` does.
   *
   * @defaultValue "refuse"
   */
  readonly onConflict?: "mark" | "refuse" | undefined;
  /** How long to wait for another git process that holds the index. @defaultValue 10_000 */
  readonly lockTimeoutMs?: number | undefined;
}

/**
 * Tells whether a diff applies as it is, without three-way merge (`git apply --check`, spec/backend.md §7), and
 * changes nothing, the index neither. A diff that fails here may still merge: {@link applyPatch} tries that.
 *
 * @param diff - A unified diff, as `git diff` makes it.
 * @returns Status `success` or `error`.
 * @throws {@link GitApplyError} when the diff is refused before it is tried.
 */
export async function preflightPatch(diff: string, options: PreflightOptions): Promise<ApplyResult> {
  return await inOwnTerms(async () => {
    const attempt = await Attempt.open(diff, options);
    return await PrivateIndex.use(attempt.repository, tmpdir(), async (index) => {
      await attempt.prepare(index);
      const { result } = await attempt.firstFitting(["--check", "--index"], index);
      return result;
    });
  });
}

/**
 * Applies a diff to the working tree and the index (`git apply --3way`), wholly or not at all.
 *
 * It is tried first without touching anything. What goes wrong after that (a disk that is full, a filter that fails, an
 * abort) is undone: the files are put back, and the index is replaced only at the end. The exception is wanted by
 * option: `onConflict: "mark"`.
 *
 * @param diff - A unified diff, as `git diff` makes it.
 * @throws {@link GitApplyError} when the diff is refused before it is tried, or could not be tried.
 */
export async function applyPatch(diff: string, options: ApplyOptions): Promise<ApplyResult> {
  const { onConflict = "refuse", lockTimeoutMs = 10_000, signal } = options;
  if (onConflict !== "mark" && onConflict !== "refuse")
    throw new TypeError('"onConflict" must be "mark" or "refuse"');
  if (!(lockTimeoutMs >= 0))
    throw new TypeError('"lockTimeoutMs" must be a non-negative number of milliseconds');
  return await inOwnTerms(async () => {
    const attempt = await Attempt.open(diff, options);
    const { indexPath, gitFolder } = attempt.repository;
    return await IndexLock.use(indexPath, { timeoutMs: lockTimeoutMs, signal }, (lock) =>
      PrivateIndex.use(attempt.repository, gitFolder, async (index) => {
        await attempt.prepare(index);
        const { text, result } = await attempt.firstFitting(["--check", "--3way"], index);
        if (!isWanted(result, onConflict)) return untouched(result);
        return await carryOut(attempt, text, index, lock, onConflict);
      }),
    );
  });
}

async function carryOut(
  attempt: Attempt,
  text: string,
  index: PrivateIndex,
  lock: IndexLock,
  onConflict: "mark" | "refuse",
): Promise<ApplyResult> {
  const { git, patch, repository } = attempt;
  const { variables } = index;
  const snapshot = await Snapshot.take(repository.root, patch.touchedPaths, join(index.folder, "backup"));
  let result: ApplyResult;
  try {
    await index.startOver();
    await attempt.stage(variables);
    const run = await attempt.apply(["--3way"], text, variables);
    // Git writes the index last: conflicts that stand in it are written in the files, and nothing is missing.
    const touched = new Set(patch.touchedPaths);
    const unmerged = run.exitCode === 1 ? await unmergedPaths(git, variables) : [];
    result = attempt.resultOf(
      run,
      unmerged.filter((path) => touched.has(path)),
    );
    if (isWanted(result, onConflict)) {
      await lock.commit(index);
      return result;
    }
  } catch (error) {
    await snapshot.restore();
    throw error;
  }
  await snapshot.restore();
  return untouched(result);
}

function isWanted({ status }: ApplyResult, onConflict: "mark" | "refuse"): boolean {
  return status === "success" || (status === "partial" && onConflict === "mark");
}

/** A disk that does not do what it should is one more reason for our error. */
async function inOwnTerms<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isGitApplyError(error) || !(error instanceof Error) || !("syscall" in error)) throw error;
    throw new GitApplyError(`the working tree or git's folder cannot be used: ${error.message}`, {
      kind: "git_failed",
      cause: error,
    });
  }
}

function untouched(result: ApplyResult): ApplyResult {
  // The check for conflicts calls them no failure.
  return { ...result, status: "error", appliedPaths: [], exitCode: result.exitCode || 1 };
}
