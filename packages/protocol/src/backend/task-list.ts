type OpenObject = Readonly<Record<string, unknown>>;

/** The answer of `GET …/tasks/list`: one page. */
export interface TaskPage {
  readonly items: readonly TaskListItem[];
  /** Asks for the next page; `null` on the last one. */
  readonly cursor: string | null;
}

/** One task of a list. What the server does not say is `null`. */
export interface TaskListItem {
  readonly id: string;
  readonly title: string;
  readonly archived: boolean;
  readonly has_unread_turn: boolean;
  readonly has_generated_title: boolean | null;
  /** Unix seconds, with fractions. */
  readonly updated_at: number | null;
  readonly created_at: number | null;
  /** State, labels and the size of the diff, as the server composes them. */
  readonly task_status_display: OpenObject | null;
  readonly pull_requests: readonly TaskPullRequest[] | null;
}

/** A pull request that came of a task. */
export interface TaskPullRequest {
  readonly id: string;
  readonly assistant_turn_id: string;
  readonly pull_request: PullRequest;
  readonly codex_updated_sha: string | null;
}

/** A pull request as its host knows it; further members are kept. */
export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly state: string;
  readonly merged: boolean;
  readonly mergeable: boolean;
  readonly [member: string]: unknown;
}
