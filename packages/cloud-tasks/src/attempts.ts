import type { SiblingTurn } from "@codex-ts/protocol";
import { CloudTasksError } from "./cloud-tasks-error.js";
import { integerOf, listOf, memberOf, textOf, timeOf } from "./json-members.js";
import { type AttemptStatus, toAttemptStatus } from "./task-text.js";

/** One of the attempts that a task was given. */
export interface TaskAttempt {
  /** `undefined` for a task's own attempt when the backend does not name its turn. */
  readonly turnId: string | undefined;
  /** Which attempt it is, from 0 on. */
  readonly placement: number | undefined;
  readonly createdAt: Date | undefined;
  readonly status: AttemptStatus;
  readonly diff: string | undefined;
  readonly messages: readonly string[];
}

/** Reads the attempts beside a task's own, and sorts them (spec/backend.md §5.6). */
export function toSiblingAttempts(turns: readonly SiblingTurn[]): TaskAttempt[] {
  return turns.flatMap(toAttempt).sort(compareAttempts);
}

/** By placement, then by time, then by id; what is known comes before what is not. */
export function compareAttempts(left: TaskAttempt, right: TaskAttempt): number {
  return (
    compareKnown(left.placement, right.placement) ??
    compareKnown(left.createdAt?.getTime(), right.createdAt?.getTime()) ??
    compareKnown(left.turnId, right.turnId) ??
    0
  );
}

/**
 * Chooses an attempt among those that have a diff (spec/backend.md §6.3).
 *
 * @param number - Counts from 1.
 * @throws {@link CloudTasksError} of kind `no_diff` or `invalid_input`.
 */
export function selectAttempt(
  taskId: string,
  attempts: readonly TaskAttempt[],
  number: number,
): TaskAttempt & { readonly diff: string } {
  const withDiff = attempts.flatMap((attempt) => {
    const { diff } = attempt;
    return diff === undefined ? [] : [{ ...attempt, diff }];
  });
  if (withDiff.length === 0) {
    throw new CloudTasksError(`No diff available for task ${taskId}; it may still be running.`, {
      kind: "no_diff",
    });
  }
  const attempt = withDiff[number - 1];
  if (attempt !== undefined) return attempt;
  throw new CloudTasksError(`Attempt ${number} not available; only ${withDiff.length} attempt(s) found`, {
    kind: "invalid_input",
  });
}

function toAttempt(turn: SiblingTurn): TaskAttempt[] {
  const turnId = textOf(turn, "id");
  if (turnId === undefined) return [];
  const items = listOf(turn, "output_items");
  return [
    {
      turnId,
      placement: integerOf(turn, "attempt_placement"),
      createdAt: timeOf(turn, "created_at"),
      status: toAttemptStatus(turn["turn_status"]),
      diff: items.map(diffOf).find(Boolean),
      messages: items
        .filter((item) => textOf(item, "type") === "message")
        .flatMap((item) => listOf(item, "content"))
        .flatMap((part) => (textOf(part, "content_type") === "text" ? textOf(part, "text") || [] : [])),
    },
  ];
}

function diffOf(item: unknown): string | undefined {
  const type = textOf(item, "type");
  if (type === "output_diff") return textOf(item, "diff");
  return type === "pr" ? textOf(memberOf(item, "output_diff"), "diff") : undefined;
}

/** `undefined` when this does not tell them apart. Two placements that are the same do. */
function compareKnown<T extends number | string>(
  left: T | undefined,
  right: T | undefined,
): number | undefined {
  if (left === undefined && right === undefined) return undefined;
  if (left === undefined) return 1;
  if (right === undefined || left < right) return -1;
  return left > right ? 1 : undefined;
}
