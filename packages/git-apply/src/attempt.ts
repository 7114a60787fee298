import { resolve } from "node:path";
import { parseApplyOutput } from "./apply-output.js";
import type { ApplyResult, ApplyStatus, PreflightOptions } from "./apply-patch.js";
import { Git, type GitRun } from "./git.js";
import { type EnvironmentVariables, gitSettings } from "./git-environment.js";
import { type Patch, readPatch } from "./patch.js";
import { refuseDetours, unsafePath } from "./path-safety.js";
import type { PrivateIndex } from "./private-index.js";
import { findRepository, type Repository } from "./repository.js";
import { refreshIndex, refuseEntries, refuseLocalChanges, stageFiles } from "./tree-state.js";

/** One diff that is to be applied to one working tree. */
export class Attempt {
  readonly repository: Repository;
  readonly patch: Patch;
  readonly git: Git;
  readonly #revert: boolean;
  #trackedPaths: readonly string[] = [];

  /** Refuses what need not be tried. */
  static async open(
    diff: string,
    { cwd, revert = false, environment, signal }: PreflightOptions,
  ): Promise<Attempt> {
    if (typeof diff !== "string") throw new TypeError("diff must be a string");
    if (typeof cwd !== "string") throw new TypeError('"cwd" must be the path of a folder');
    const folder = resolve(cwd);
    const outside = new Git(folder, gitSettings(environment), signal);
    const repository = await findRepository(outside, folder);
    const git = outside.in(repository.root);
    const patch = await readPatch(git, diff, revert);
    await refuseDetours(repository.root, patch.touchedPaths, patch.replacedLinks);
    return new Attempt(repository, patch, git, revert);
  }

  private constructor(repository: Repository, patch: Patch, git: Git, revert: boolean) {
    this.repository = repository;
    this.patch = patch;
    this.git = git;
    this.#revert = revert;
  }

  /** Brings a private index up to date for a trial, and refuses what the state of the tree forbids. */
  async prepare({ trialVariables }: PrivateIndex): Promise<void> {
    const { git, patch } = this;
    this.#trackedPaths = await refuseEntries(git, patch.touchedPaths, trialVariables);
    await this.stage(trialVariables);
    if (!this.#revert) await refuseLocalChanges(git, this.#trackedPaths, trialVariables);
  }

  /** Brings an index up to date with the files; to take a diff back, with their contents too. */
  async stage(variables: EnvironmentVariables): Promise<void> {
    const { git, repository, patch } = this;
    await refreshIndex(git, this.#trackedPaths, variables);
    if (this.#revert) await stageFiles(git, repository.root, patch.touchedPaths, variables);
  }

  /** Runs `git apply`. */
  async apply(
    flags: readonly string[],
    text: string,
    variables: EnvironmentVariables,
  ): Promise<GitRun & { readonly command: string }> {
    const args = ["apply", ...flags, ...(this.#revert ? ["-R"] : []), "-"];
    const run = await this.git.run(args, { stdin: text, variables });
    return { ...run, command: this.git.render(args) };
  }

  /** Tries each reading of the diff, and returns the first that fits, or else what became of the first. */
  async firstFitting(
    flags: readonly string[],
    { trialVariables }: PrivateIndex,
  ): Promise<{ readonly text: string; readonly result: ApplyResult }> {
    const [first, ...others] = this.patch.readings;
    const attempt = async (text: string) => ({
      text,
      result: this.resultOf(await this.apply(flags, text, trialVariables)),
    });
    const best = await attempt(first);
    for (const text of best.result.status === "success" ? [] : others) {
      const other = await attempt(text);
      if (other.result.status === "success") return other;
    }
    return best;
  }

  /**
   * Says what a run of git came to.
   *
   * @param unmerged - Files that are known to conflict.
   */
  resultOf(
    { exitCode, stdout, stderr, command }: GitRun & { readonly command: string },
    unmerged: readonly string[] = [],
  ): ApplyResult {
    refuseUnsafeOutput(stderr);
    const { skipped, conflicted } = parseApplyOutput({ stdout, stderr });
    const conflicts = new Set([...conflicted, ...unmerged]);
    const isWritten = exitCode === 0 || unmerged.length > 0;
    const status: ApplyStatus = !isWritten ? "error" : conflicts.size > 0 ? "partial" : "success";
    return {
      status,
      // Git does not name files to which it applied the diff directly.
      appliedPaths: isWritten ? this.patch.newPaths.filter((path) => !conflicts.has(path)) : [],
      skippedPaths: isWritten ? [] : skipped,
      conflictPaths: [...conflicts].sort(),
      exitCode,
      stdout,
      stderr,
      command,
    };
  }
}

/** Git looks at paths too, and knows more about the disk. */
function refuseUnsafeOutput(stderr: string): void {
  const [, invalid, beyond] =
    /^error: (?:invalid path '(.*)'|affected file '(.*)' is beyond a symbolic link)$/m.exec(stderr) ?? [];
  if (invalid !== undefined) throw unsafePath(invalid, "git does not allow");
  if (beyond !== undefined) throw unsafePath(beyond, "goes through a symbolic link");
}
