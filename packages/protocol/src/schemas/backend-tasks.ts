import { z } from "zod";
import type { CloudEnvironment } from "../backend/environments.js";
import type {
  SiblingTurn,
  TaskContent,
  TaskDetails,
  TaskTurn,
  TaskTurnItem,
  TaskWorklog,
} from "../backend/task-details.js";
import type { PullRequest, TaskListItem, TaskPage, TaskPullRequest } from "../backend/task-list.js";
import { int64, orNull, withDefault } from "./optional.js";

const openObject = z.record(z.string(), z.unknown());

const pullRequestSchema: z.ZodType<PullRequest> = z.looseObject({
  number: int64,
  url: z.string(),
  state: z.string(),
  merged: z.boolean(),
  mergeable: z.boolean(),
});

const taskPullRequestSchema: z.ZodType<TaskPullRequest> = z.object({
  id: z.string(),
  assistant_turn_id: z.string(),
  pull_request: pullRequestSchema,
  codex_updated_sha: orNull(z.string()),
});

const taskListItemSchema: z.ZodType<TaskListItem> = z.object({
  id: z.string(),
  title: z.string(),
  archived: z.boolean(),
  has_unread_turn: z.boolean(),
  has_generated_title: orNull(z.boolean()),
  updated_at: orNull(z.number()),
  created_at: orNull(z.number()),
  task_status_display: orNull<TaskListItem["task_status_display"]>(openObject),
  pull_requests: orNull<readonly TaskPullRequest[]>(z.array(taskPullRequestSchema)),
});

/** Reads the answer of `GET …/tasks/list`. */
export const taskPageSchema: z.ZodType<TaskPage> = z.object({
  items: z.array(taskListItemSchema),
  cursor: orNull(z.string()),
});

const contentSchema: z.ZodType<TaskContent> = z.union([
  z.string(),
  z.object({ content_type: orNull(z.string()), text: orNull(z.string()) }),
]);

const itemSchema: z.ZodType<TaskTurnItem> = z.object({
  type: z.string().default(""),
  role: orNull(z.string()),
  content: orEmpty(contentSchema),
  diff: orNull(z.string()),
  output_diff: orNull(z.object({ diff: orNull(z.string()) })),
});

const worklogSchema: z.ZodType<TaskWorklog> = z.object({
  messages: orEmpty(
    z.object({
      author: orNull(z.object({ role: orNull(z.string()) })),
      // Unlike all other lists of a turn, this one may not be null.
      content: orNull(z.object({ parts: z.array(contentSchema).default([]) })),
    }),
  ),
});

const turnSchema: z.ZodType<TaskTurn> = z.object({
  id: orNull(z.string()),
  attempt_placement: orNull(int64),
  turn_status: orNull(z.string()),
  sibling_turn_ids: orEmpty(z.string()),
  input_items: orEmpty(itemSchema),
  output_items: orEmpty(itemSchema),
  worklog: orNull(worklogSchema),
  error: orNull(z.object({ code: orNull(z.string()), message: orNull(z.string()) })),
});

/** Reads the turns in the answer of `GET …/tasks/<id>`. Everything else in it, `task` too, is left out. */
export const taskDetailsSchema: z.ZodType<TaskDetails> = z.object({
  current_user_turn: orNull(turnSchema),
  current_assistant_turn: orNull(turnSchema),
  current_diff_task_turn: orNull(turnSchema),
});

/** Reads the answer of `GET …/tasks/<id>/turns/<id>/sibling_turns`. */
export const siblingTurnsSchema: z.ZodType<{ readonly sibling_turns: readonly SiblingTurn[] }> = z.object({
  sibling_turns: z.array(openObject).default([]),
});

/** Reads the answer of `GET …/environments`. */
export const cloudEnvironmentsSchema: z.ZodType<readonly CloudEnvironment[]> = z.array(
  z.object({
    id: z.string(),
    label: orNull(z.string()),
    is_pinned: orNull(z.boolean()),
    task_count: orNull(int64),
  }),
);

/** A list that may be missing or `null`, and then is empty. */
function orEmpty<Element>(element: z.ZodType<Element>): z.ZodType<readonly Element[]> {
  return withDefault<readonly Element[]>(z.array(element), []);
}
