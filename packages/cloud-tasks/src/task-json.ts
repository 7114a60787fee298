import { taskUrl } from "./task-id.js";
import type { TaskListPage, TaskSummary } from "./task-summary.js";

/** A task in the JSON of `codex cloud list --json`. */
export interface TaskJson {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly status: string;
  /** RFC 3339, in UTC. */
  readonly updated_at: string;
  readonly environment_id: string | null;
  readonly environment_label: string | null;
  readonly summary: {
    readonly files_changed: number;
    readonly lines_added: number;
    readonly lines_removed: number;
  };
  readonly is_review: boolean;
  readonly attempt_total: number | null;
}

/**
 * Writes a page as `codex cloud list --json` does (spec/backend.md §6.3), to be passed to `JSON.stringify`.
 *
 * @param baseUrl - Of the client that the page came from.
 */
export function toTaskListJson(
  { tasks, cursor }: TaskListPage,
  baseUrl: string,
): { readonly tasks: readonly TaskJson[]; readonly cursor: string | null } {
  return { tasks: tasks.map((task) => toTaskJson(task, baseUrl)), cursor: cursor ?? null };
}

function toTaskJson(task: TaskSummary, baseUrl: string): TaskJson {
  const { id, title, status, updatedAt, summary } = task;
  return {
    id,
    url: taskUrl(baseUrl, id),
    title,
    status,
    updated_at: updatedAt.toISOString().replace(".000Z", "Z"),
    environment_id: task.environmentId ?? null,
    environment_label: task.environmentLabel ?? null,
    summary: {
      files_changed: summary.filesChanged,
      lines_added: summary.linesAdded,
      lines_removed: summary.linesRemoved,
    },
    is_review: task.isReview,
    attempt_total: task.attemptTotal ?? null,
  };
}
