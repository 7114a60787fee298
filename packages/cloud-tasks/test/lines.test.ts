import { expect, test } from "vitest";
import {
  formatTask,
  formatTaskList,
  parseAttempts,
  parseLimit,
  type TaskSummary,
  toTaskListJson,
} from "../src/index.js";

const now = new Date("2026-11-26T12:00:00Z");
const baseUrl = "https://chatgpt.com/backend-api";

function task(facts: Partial<TaskSummary> = {}): TaskSummary {
  return {
    id: "task_1",
    title: "Fix it",
    status: "ready",
    updatedAt: new Date(now.getTime() - 125_000),
    environmentId: "env-1",
    environmentLabel: "Prod",
    summary: { filesChanged: 3, linesAdded: 5, linesRemoved: 2 },
    isReview: false,
    attemptTotal: 2,
    ...facts,
  };
}

test("shows a task in three lines, with its environment and the size of its diff", () => {
  expect(formatTask(task(), now)).toEqual(["[READY] Fix it", "Prod  •  2m ago", "+5/-2 • 3 files"]);
});

test("shows the environment's id when it has no label, and that there is no diff", () => {
  const summary = { filesChanged: 0, linesAdded: 0, linesRemoved: 0 };
  expect(formatTask(task({ environmentLabel: undefined, status: "pending", summary }), now)).toEqual([
    "[PENDING] Fix it",
    "env-1  •  2m ago",
    "no diff",
  ]);
});

test("shows the age alone when no environment is known, and one file as one", () => {
  const summary = { filesChanged: 1, linesAdded: 0, linesRemoved: 1 };
  const facts = { environmentId: undefined, environmentLabel: undefined, summary };
  expect(formatTask(task(facts), now)).toEqual(["[READY] Fix it", "2m ago", "+0/-1 • 1 file"]);
});

test.each([
  [-5, "0s ago"],
  [0, "0s ago"],
  [59, "59s ago"],
  [60, "1m ago"],
  [3_599, "59m ago"],
  [3_600, "1h ago"],
  [86_399, "23h ago"],
])("says of %d seconds: %s", (seconds, text) => {
  const updatedAt = new Date(now.getTime() - seconds * 1000);
  expect(formatTask(task({ updatedAt }), now)[1]).toBe(`Prod  •  ${text}`);
});

test("after a day shows date and time of this machine", () => {
  expect(formatTask(task({ updatedAt: new Date(2026, 10, 5, 9, 3) }), now)[1]).toBe("Prod  •  Nov  5 09:03");
  expect(formatTask(task({ updatedAt: new Date(2026, 0, 15, 23, 59) }), now)[1]).toBe(
    "Prod  •  Jan 15 23:59",
  );
});

test("shows a page of tasks, their URLs, and how to go on", () => {
  const tasks = [task(), task({ id: "task_2", title: "Other" })];
  expect(formatTaskList({ tasks, cursor: "next" }, baseUrl, now)).toEqual([
    "https://chatgpt.com/codex/tasks/task_1",
    "  [READY] Fix it",
    "  Prod  •  2m ago",
    "  +5/-2 • 3 files",
    "",
    "https://chatgpt.com/codex/tasks/task_2",
    "  [READY] Other",
    "  Prod  •  2m ago",
    "  +5/-2 • 3 files",
    "",
    "To fetch the next page, run codex cloud list --cursor='next'",
  ]);
  expect(formatTaskList({ tasks, cursor: undefined }, baseUrl, now)).toHaveLength(9);
  expect(formatTaskList({ tasks: [], cursor: undefined }, baseUrl, now)).toEqual(["No tasks found."]);
});

test("text of others neither forges a line nor steers a terminal nor leaves its quotes", () => {
  const [line] = formatTask(task({ title: "a\nb\u001b[31m\u009bc" }), now);
  expect(line).toBe("[READY] a b [31m c");
  const lines = formatTaskList({ tasks: [task()], cursor: "x'; rm -rf ~; '\n" }, baseUrl, now);
  expect(lines.at(-1)).toBe(
    "To fetch the next page, run codex cloud list --cursor='x'\\''; rm -rf ~; '\\'' '",
  );
});

test("writes a page as JSON in the wire's names", () => {
  const other = task({
    id: "task_2",
    environmentId: undefined,
    environmentLabel: undefined,
    attemptTotal: undefined,
  });
  expect(toTaskListJson({ tasks: [task(), other], cursor: undefined }, baseUrl)).toEqual({
    tasks: [
      {
        id: "task_1",
        url: "https://chatgpt.com/codex/tasks/task_1",
        title: "Fix it",
        status: "ready",
        updated_at: "2026-11-26T11:57:55Z",
        environment_id: "env-1",
        environment_label: "Prod",
        summary: { files_changed: 3, lines_added: 5, lines_removed: 2 },
        is_review: false,
        attempt_total: 2,
      },
      expect.objectContaining({ environment_id: null, environment_label: null, attempt_total: null }),
    ],
    cursor: null,
  });
  expect(toTaskListJson({ tasks: [], cursor: "c" }, baseUrl).cursor).toBe("c");
});

test("reads numbers that people type, within their limits", () => {
  expect(["1", "4", "+2"].map(parseAttempts)).toEqual([1, 4, 2]);
  expect(["1", "20"].map(parseLimit)).toEqual([1, 20]);
  for (const text of ["", "x", "1.5", "1e1", "-1", " 2"]) {
    expect(() => parseAttempts(text)).toThrow("attempts must be an integer between 1 and 4");
    expect(() => parseLimit(text)).toThrow("limit must be an integer between 1 and 20");
  }
  for (const text of ["0", "5"])
    expect(() => parseAttempts(text)).toThrow("attempts must be between 1 and 4");
  for (const text of ["0", "21"]) expect(() => parseLimit(text)).toThrow("limit must be between 1 and 20");
});
