/** What a task, or one attempt of it, comes to. */
export interface CloudResult {
  /** What the assistant says. Default: one message. */
  readonly messages?: readonly string[] | undefined;
  /** Default: a diff that adds a file. `null`: none. */
  readonly diff?: string | null | undefined;
  /** Puts the diff in an item of type `pr`, as for tasks that open a pull request. Default false. */
  readonly isPullRequest?: boolean | undefined;
  /** Makes the attempt a failed one. */
  readonly error?: { readonly code?: string; readonly message?: string } | undefined;
}

/** One attempt of a task. */
export interface CloudAttempt {
  readonly turnId: string;
  readonly placement: number;
  readonly result: CloudResult;
}

/** A task as the backend keeps it. */
export interface CloudTask {
  readonly id: string;
  readonly title: string;
  readonly prompt: string;
  readonly environmentId: string;
  readonly branch: string;
  /** The diff that was applied before the start, as `input_items` named it. */
  readonly startingDiff: string | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Whether its attempts are over. */
  readonly isFinished: boolean;
  /** After how many more questions for it it is finished; `undefined`: only on command. */
  readonly pollsLeft: number | undefined;
  readonly isArchived: boolean;
  /** Best first. */
  readonly attempts: readonly CloudAttempt[];
}

/** A task that a test adds. */
export interface CloudTaskSeed {
  readonly id?: string | undefined;
  /** Default: the beginning of the prompt. */
  readonly title?: string | undefined;
  readonly prompt?: string | undefined;
  /** Default: the first environment. */
  readonly environmentId?: string | undefined;
  readonly branch?: string | undefined;
  readonly startingDiff?: string | undefined;
  readonly isArchived?: boolean | undefined;
  /** How many attempts, or what each comes to. Default 1. */
  readonly attempts?: number | readonly CloudResult[] | undefined;
  /** Default {@link CloudBackend.pollsUntilReady}. */
  readonly pollsUntilReady?: number | undefined;
}

/** An environment in which tasks run. */
export interface CloudEnvironmentSeed {
  readonly id: string;
  readonly label?: string | undefined;
  readonly isPinned?: boolean | undefined;
  readonly taskCount?: number | undefined;
  /** `<provider>/<owner>/<repo>`, such as `github/openai/codex`. */
  readonly repositories?: readonly string[] | undefined;
}
