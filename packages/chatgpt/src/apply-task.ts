import { type ApplyOptions, type ApplyResult, applyPatch, isGitApplyError } from "@codex-ts/git-apply";
import type { TaskDetails } from "@codex-ts/protocol";
import { ChatgptError } from "./errors.js";
import type { CallOptions } from "./options.js";

/** Where and how the diff of a task is applied. */
export interface ApplyTaskOptions extends Omit<ApplyOptions, "cwd">, CallOptions {
  /**
   * A folder in a git working tree.
   *
   * @defaultValue that of the process
   */
  readonly cwd?: string | undefined;
}

/**
 * Gives the diff of the pull request that a task has made. It may be empty.
 *
 * @throws {@link ChatgptError} of kind `task` when the task has made none, `decode` when the server leaves its diff out.
 */
export function pullRequestDiff({ current_diff_task_turn: turn }: TaskDetails): string {
  if (turn === null) throw new ChatgptError("No diff turn found", { kind: "task" });
  const item = turn.output_items.find(({ type }) => type === "pr");
  if (item === undefined) throw new ChatgptError("No PR output item found", { kind: "task" });
  const { diff = null } = item.output_diff ?? {};
  if (diff !== null) return diff;
  throw new ChatgptError("the pull request of the task has no diff", { kind: "decode" });
}

/**
 * Applies a diff, wholly or not at all unless conflict markers are wanted.
 *
 * @throws ChatgptError of kind `apply` or `aborted`.
 */
export async function applyDiff(
  diff: string,
  { cwd = process.cwd(), ...options }: Omit<ApplyTaskOptions, "timeoutMs">,
): Promise<ApplyResult> {
  const result = await applied(diff, { cwd, ...options });
  if (result.status === "success") return result;
  const counts = [
    `applied=${result.appliedPaths.length}`,
    `skipped=${result.skippedPaths.length}`,
    `conflicts=${result.conflictPaths.length}`,
  ];
  throw new ChatgptError(`Git apply failed (${counts.join(", ")})`, { kind: "apply", applyResult: result });
}

async function applied(diff: string, options: ApplyOptions): Promise<ApplyResult> {
  try {
    return await applyPatch(diff, options);
  } catch (cause) {
    if (!isGitApplyError(cause)) throw cause;
    const kind = cause.kind === "aborted" ? "aborted" : "apply";
    throw new ChatgptError(cause.message, { kind, cause });
  }
}
