import type { ApplyResult, ApplyStatus } from "@codex-ts/git-apply";

/** What became of a task's diff in a working tree. */
export interface ApplyOutcome {
  /** Whether all of the diff is in the working tree now. */
  readonly applied: boolean;
  readonly status: ApplyStatus;
  /** A sentence for people. */
  readonly message: string;
  readonly appliedPaths: readonly string[];
  /** Files that the diff does not fit. */
  readonly skippedPaths: readonly string[];
  /** Files in which both sides changed the same lines. */
  readonly conflictPaths: readonly string[];
}

/** Says what became of a diff (spec/backend.md §5.8). */
export function toOutcome(taskId: string, result: ApplyResult, isPreflight: boolean): ApplyOutcome {
  const { status, appliedPaths, skippedPaths, conflictPaths } = result;
  const counts = `(applied=${appliedPaths.length}, skipped=${skippedPaths.length}, conflicts=${conflictPaths.length})`;
  const messages: Readonly<Record<ApplyStatus, string>> = isPreflight
    ? {
        success: `Preflight passed for task ${taskId} (applies cleanly)`,
        partial: `Preflight: patch does not fully apply for task ${taskId} ${counts}`,
        error: `Preflight failed for task ${taskId} ${counts}`,
      }
    : {
        success: `Applied task ${taskId} locally (${appliedPaths.length} files)`,
        partial: `Apply partially succeeded for task ${taskId} ${counts}`,
        error: `Apply failed for task ${taskId} ${counts}`,
      };
  return {
    applied: status === "success" && !isPreflight,
    status,
    message: messages[status],
    appliedPaths,
    skippedPaths,
    conflictPaths,
  };
}

/** Says that what the task has made is no diff that git can read. */
export const incompatibleFormat: ApplyOutcome = Object.freeze({
  applied: false,
  status: "error",
  message: "Expected unified git diff; backend returned an incompatible format.",
  appliedPaths: [],
  skippedPaths: [],
  conflictPaths: [],
});
