import type { CloudAttempt, CloudEnvironmentSeed, CloudTask } from "./cloud-task.js";

/** A task as an entry of a list shows it. */
export function toListItem(task: CloudTask, environment: CloudEnvironmentSeed | undefined): object {
  const { id, title, isArchived } = task;
  return {
    id,
    title,
    archived: isArchived,
    has_unread_turn: task.isFinished,
    has_generated_title: false,
    created_at: task.createdAt / 1000,
    updated_at: task.updatedAt / 1000,
    task_status_display: statusDisplay(task, environment),
    pull_requests: [],
  };
}

/** A task with its turns. */
export function toDetails(task: CloudTask, environment: CloudEnvironmentSeed | undefined): object {
  const [best, ...others] = task.attempts;
  const siblings = others.map(({ turnId }) => turnId);
  const diff = best === undefined || !task.isFinished ? [] : diffItems(task, best);
  return {
    task: {
      id: task.id,
      title: task.title,
      environment_id: task.environmentId,
      is_review: false,
      archived: task.isArchived,
      created_at: task.createdAt / 1000,
      updated_at: task.updatedAt / 1000,
    },
    task_status_display: statusDisplay(task, environment),
    current_user_turn: { id: `${task.id}~usrtrn`, input_items: inputItems(task), output_items: [] },
    current_assistant_turn: best === undefined ? null : { ...toTurn(task, best), sibling_turn_ids: siblings },
    current_diff_task_turn:
      best === undefined || diff.length === 0 ? null : { id: best.turnId, output_items: diff },
  };
}

/** One attempt, as the list of siblings shows it. */
export function toTurn(task: CloudTask, attempt: CloudAttempt): object {
  const { turnId, placement, result } = attempt;
  return {
    id: turnId,
    attempt_placement: placement,
    turn_status: turnStatus(task, attempt),
    created_at: task.createdAt / 1000,
    output_items: task.isFinished ? [...messages(task, attempt), ...diffItems(task, attempt)] : [],
    worklog: { messages: [] },
    error: task.isFinished && result.error !== undefined ? result.error : null,
  };
}

function statusDisplay(task: CloudTask, environment: CloudEnvironmentSeed | undefined): object {
  const [best] = task.attempts;
  return {
    environment_label: environment?.label ?? null,
    latest_turn_status_display: {
      turn_status: best === undefined ? "pending" : turnStatus(task, best),
      updated_at: task.updatedAt / 1000,
      sibling_turn_ids: task.attempts.slice(1).map(({ turnId }) => turnId),
      diff_stats: best === undefined || !task.isFinished ? null : diffStats(diffOf(task, best)),
    },
  };
}

function turnStatus({ isFinished }: CloudTask, { result }: CloudAttempt): string {
  if (!isFinished) return "in_progress";
  return result.error === undefined ? "completed" : "failed";
}

function inputItems({ prompt, startingDiff }: CloudTask): object[] {
  const message = { type: "message", role: "user", content: [{ content_type: "text", text: prompt }] };
  if (startingDiff === undefined) return [message];
  return [message, { type: "pre_apply_patch", output_diff: { diff: startingDiff } }];
}

function messages({ prompt }: CloudTask, { placement, result }: CloudAttempt): object[] {
  const texts =
    result.messages ?? (result.error === undefined ? [`Attempt ${placement + 1}: ${prompt}`] : []);
  return texts.map((text) => ({
    type: "message",
    role: "assistant",
    content: [{ content_type: "text", text }],
  }));
}

function diffItems(task: CloudTask, attempt: CloudAttempt): object[] {
  const diff = diffOf(task, attempt);
  if (diff === null) return [];
  return [
    attempt.result.isPullRequest ? { type: "pr", output_diff: { diff } } : { type: "output_diff", diff },
  ];
}

function diffOf(task: CloudTask, { placement, result }: CloudAttempt): string | null {
  if (result.diff !== undefined) return result.diff;
  return result.error === undefined
    ? newFileDiff("codex-task.md", [task.prompt, `Attempt ${placement + 1}`])
    : null;
}

/** A diff in git's form that adds a file. */
function newFileDiff(path: string, content: readonly string[]): string {
  const lines = content.flatMap((text) => text.split(/\r?\n/));
  return [
    `diff --git a/${path} b/${path}`,
    "new file mode 100644",
    "--- /dev/null",
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    "",
  ].join("\n");
}

function diffStats(diff: string | null): object {
  const lines = diff?.split("\n") ?? [];
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  return {
    files_modified: count(/^diff --git /),
    lines_added: count(/^\+(?!\+\+)/),
    lines_removed: count(/^-(?!--)/),
  };
}
