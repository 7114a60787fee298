import { unifiedDiff } from "@codex-ts/backend-client";
import type { TaskDetails, TaskListItem } from "@codex-ts/protocol";
import { CloudTasksError } from "./cloud-tasks-error.js";
import { countDiff, type DiffSummary } from "./diff-text.js";
import { isObject, memberOf, textOf, timeOf } from "./json-members.js";
import { readStatusDisplay, type TaskStatus } from "./status-display.js";

/** What a list shows of a task. What is not known is `undefined`. */
export interface TaskSummary {
  readonly id: string;
  readonly title: string;
  readonly status: TaskStatus;
  readonly updatedAt: Date;
  /** Only {@link CloudTasksClient.summary} knows it. */
  readonly environmentId: string | undefined;
  readonly environmentLabel: string | undefined;
  /** The size of the diff; all 0 if there is none yet. */
  readonly summary: DiffSummary;
  /** Whether it reviews a pull request. */
  readonly isReview: boolean;
  /** How many attempts were made at once. */
  readonly attemptTotal: number | undefined;
}

/** One page of tasks. */
export interface TaskListPage {
  readonly tasks: readonly TaskSummary[];
  /** Asks for the next page; `undefined` on the last one. */
  readonly cursor: string | undefined;
}

/** Reads an entry of a list (spec/backend.md §5.2). */
export function toListedTask(item: TaskListItem, now: Date): TaskSummary {
  const { status, environmentLabel, summary, attemptTotal } = readStatusDisplay(item.task_status_display);
  return {
    id: item.id,
    title: item.title,
    status,
    updatedAt: timeOf(item, "updated_at") ?? now,
    environmentId: undefined,
    environmentLabel,
    summary,
    isReview: (item.pull_requests ?? []).length > 0,
    attemptTotal,
  };
}

/**
 * Reads the answer for one task (spec/backend.md §5.3).
 *
 * @param answer - The whole answer.
 * @param details - The same, with what is known of its turns.
 * @throws {@link CloudTasksError} of kind `http`.
 */
export function toTaskSummary(id: string, answer: unknown, details: TaskDetails, now: Date): TaskSummary {
  const task = memberOf(answer, "task");
  if (!isObject(task)) {
    throw new CloudTasksError(`Task metadata missing from details for ${id}`, { kind: "http" });
  }
  const ownDisplay = memberOf(answer, "task_status_display");
  const display = readStatusDisplay(
    ownDisplay === undefined ? memberOf(task, "task_status_display") : ownDisplay,
  );
  return {
    id,
    title: textOf(task, "title") ?? "<untitled>",
    status: display.status,
    updatedAt: timeOf(task, "updated_at") ?? timeOf(task, "created_at") ?? display.updatedAt ?? now,
    environmentId: textOf(task, "environment_id"),
    environmentLabel: display.environmentLabel,
    summary: isEmpty(display.summary) ? countDiff(unifiedDiff(details) ?? "") : display.summary,
    isReview: memberOf(task, "is_review") === true,
    attemptTotal: display.attemptTotal,
  };
}

function isEmpty({ filesChanged, linesAdded, linesRemoved }: DiffSummary): boolean {
  return filesChanged === 0 && linesAdded === 0 && linesRemoved === 0;
}
