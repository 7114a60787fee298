/** The answer of `GET …/tasks/<id>`: the turns that a task has now. */
export interface TaskDetails {
  readonly current_user_turn: TaskTurn | null;
  readonly current_assistant_turn: TaskTurn | null;
  readonly current_diff_task_turn: TaskTurn | null;
}

/** A turn. What the server does not say is `null`, or an empty list. */
export interface TaskTurn {
  readonly id: string | null;
  /** Which attempt of several this is, from 0 on. */
  readonly attempt_placement: number | null;
  /** Such as `pending`, `in_progress`, `completed`, `failed`, `cancelled`. */
  readonly turn_status: string | null;
  /** The other attempts. */
  readonly sibling_turn_ids: readonly string[];
  readonly input_items: readonly TaskTurnItem[];
  readonly output_items: readonly TaskTurnItem[];
  readonly worklog: TaskWorklog | null;
  readonly error: TaskTurnError | null;
}

/** A piece of a turn: a message, a diff, a pull request. */
export interface TaskTurnItem {
  /** Such as `message`, `output_diff`, `pr`; empty when the server does not say. */
  readonly type: string;
  readonly role: string | null;
  readonly content: readonly TaskContent[];
  readonly diff: string | null;
  readonly output_diff: { readonly diff: string | null } | null;
}

/** A piece of a message. */
export type TaskContent = string | { readonly content_type: string | null; readonly text: string | null };

/** What an assistant noted while it worked. */
export interface TaskWorklog {
  readonly messages: readonly TaskWorklogMessage[];
}

/** One note. */
export interface TaskWorklogMessage {
  readonly author: { readonly role: string | null } | null;
  readonly content: { readonly parts: readonly TaskContent[] } | null;
}

/** Why a turn failed. */
export interface TaskTurnError {
  readonly code: string | null;
  readonly message: string | null;
}

/** Another attempt of a turn, as the server describes it: nothing of it is checked. */
export type SiblingTurn = Readonly<Record<string, unknown>>;
