import type { DiffSummary } from "./diff-text.js";
import { integerOf, memberOf, textOf, timeOf } from "./json-members.js";

/** How far a task is. */
export type TaskStatus = "applied" | "error" | "pending" | "ready";

/** What the backend says of the state of a task (spec/backend.md §5.7). */
export interface StatusDisplay {
  readonly status: TaskStatus;
  readonly environmentLabel: string | undefined;
  readonly summary: DiffSummary;
  readonly updatedAt: Date | undefined;
  /** How many attempts there are, if the backend says. */
  readonly attemptTotal: number | undefined;
}

/** Reads a `task_status_display`, which can hold anything. */
export function readStatusDisplay(display: unknown): StatusDisplay {
  const latest = memberOf(display, "latest_turn_status_display");
  const stats = memberOf(latest, "diff_stats");
  const count = (name: string): number => Math.max(0, integerOf(stats, name) ?? 0);
  const siblings = memberOf(latest, "sibling_turn_ids");
  return {
    status: statusOf(textOf(latest, "turn_status"), textOf(display, "state")),
    environmentLabel: textOf(display, "environment_label"),
    summary: {
      filesChanged: count("files_modified"),
      linesAdded: count("lines_added"),
      linesRemoved: count("lines_removed"),
    },
    updatedAt: timeOf(latest, memberOf(latest, "updated_at") === undefined ? "created_at" : "updated_at"),
    attemptTotal: Array.isArray(siblings) ? siblings.length + 1 : undefined,
  };
}

function statusOf(turnStatus: string | undefined, state: string | undefined): TaskStatus {
  if (turnStatus !== undefined) return ofTurn.get(turnStatus) ?? "pending";
  return ofState.get(state ?? "") ?? "pending";
}

const ofTurn: ReadonlyMap<string, TaskStatus> = new Map([
  ["cancelled", "error"],
  ["completed", "ready"],
  ["failed", "error"],
]);

const ofState: ReadonlyMap<string, TaskStatus> = new Map([
  ["applied", "applied"],
  ["error", "error"],
  ["ready", "ready"],
]);
