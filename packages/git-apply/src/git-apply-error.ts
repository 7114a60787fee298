/**
 * Why a diff was not even tried, or why nothing came of it. In each case working tree and index are as they were,
 * except after `restore_failed`.
 *
 * - `aborted`: the caller's signal fired.
 * - `bare_repository`: the repository has no working tree here.
 * - `binary_diff`: a binary file is named without the full object ids that git needs.
 * - `dirty_tree`: files that the diff touches have local changes that are not staged, or conflicts. See `paths`.
 * - `empty_diff`: there is nothing to apply.
 * - `git_failed`: git could not be run, or gave no usable answer.
 * - `git_missing`: there is no `git` on the `PATH`.
 * - `invalid_diff`: git cannot read the diff.
 * - `locked`: another git process holds the index.
 * - `not_a_repository`: the folder is in no git working tree.
 * - `restore_failed`: the apply failed, and so did putting the files back. The message says where they are.
 * - `submodule`: the diff touches a submodule, or a repository inside this one.
 * - `unsafe_path`: a path leads out of the working tree, or into git's own folder.
 */
export type GitApplyErrorKind =
  | "aborted"
  | "bare_repository"
  | "binary_diff"
  | "dirty_tree"
  | "empty_diff"
  | "git_failed"
  | "git_missing"
  | "invalid_diff"
  | "locked"
  | "not_a_repository"
  | "restore_failed"
  | "submodule"
  | "unsafe_path";

/** Facts about a refusal. */
export interface GitApplyErrorOptions extends ErrorOptions {
  readonly kind: GitApplyErrorKind;
  /** The files that it is about, from the root of the working tree. @defaultValue [] */
  readonly paths?: readonly string[] | undefined;
}

const brand: unique symbol = Symbol.for("@codex-ts/git-apply.GitApplyError");

/** Thrown when a diff is refused before it is tried, or could not be tried. The tree is as it was. */
export class GitApplyError extends Error {
  override readonly name = "GitApplyError";
  readonly kind: GitApplyErrorKind;
  /** The files that it is about, from the root of the working tree; empty when it is about none in particular. */
  readonly paths: readonly string[];
  /** @internal */
  declare readonly [brand]: true;

  constructor(message: string, { kind, paths = [], cause }: GitApplyErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.paths = paths;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Narrows a caught value, also when another copy of this package made it. */
export function isGitApplyError(error: unknown): error is GitApplyError {
  return typeof error === "object" && error !== null && brand in error;
}
