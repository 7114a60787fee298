import type { DiffSummary } from "./diff-text.js";
import { taskUrl } from "./task-id.js";
import type { TaskListPage, TaskSummary } from "./task-summary.js";

/**
 * Shows a task in three lines, as `codex cloud status` does (spec/backend.md §6.3).
 *
 * @param now - What ages count from. @defaultValue the current time
 */
export function formatTask(task: TaskSummary, now: Date = new Date()): string[] {
  const { status, title, environmentLabel, environmentId, updatedAt, summary } = task;
  const place = environmentLabel ?? environmentId;
  return [
    `[${status.toUpperCase()}] ${title}`,
    [place, formatAge(updatedAt, now)].filter(Boolean).join("  •  "),
    formatSize(summary),
  ].map(onOneLine);
}

/**
 * Shows a page of tasks, as `codex cloud list` does, one string for each line.
 *
 * @param baseUrl - Of the client that the page came from.
 * @param now - What ages count from. @defaultValue the current time
 */
export function formatTaskList(
  { tasks, cursor }: TaskListPage,
  baseUrl: string,
  now: Date = new Date(),
): string[] {
  if (tasks.length === 0) return ["No tasks found."];
  const lines = tasks.flatMap((task, index) => [
    ...(index > 0 ? [""] : []),
    taskUrl(baseUrl, task.id),
    ...formatTask(task, now).map((line) => `  ${line}`),
  ]);
  if (cursor === undefined) return lines;
  const word = onOneLine(cursor).replaceAll("'", `'\\''`);
  return [...lines, "", `To fetch the next page, run codex cloud list --cursor='${word}'`];
}

/** `no diff`, or such as `+5/-2 • 3 files`. */
function formatSize({ filesChanged, linesAdded, linesRemoved }: DiffSummary): string {
  if (filesChanged === 0 && linesAdded === 0 && linesRemoved === 0) return "no diff";
  return `+${linesAdded}/-${linesRemoved} • ${filesChanged} file${filesChanged === 1 ? "" : "s"}`;
}

/** `5s ago`, `3m ago`, `2h ago`; after a day, the time of this machine such as `Nov  5 09:30`. */
function formatAge(time: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - time.getTime()) / 1000));
  if (seconds < 60) return `${seconds}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ago`;
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  const day = String(time.getDate()).padStart(2, " ");
  return `${months[time.getMonth()]} ${day} ${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Titles come from elsewhere, and must neither forge a line nor steer a terminal. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
