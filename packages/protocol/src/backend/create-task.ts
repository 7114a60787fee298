/** The body of `POST …/tasks`. */
export interface CreateTaskRequest {
  readonly new_task: {
    readonly environment_id: string;
    /** Name of a branch or another reference. */
    readonly branch: string;
    readonly run_environment_in_qa_mode: boolean;
  };
  readonly input_items: readonly TaskInputItem[];
  /** Asks for several attempts. */
  readonly metadata?: { readonly best_of_n: number } | undefined;
}

/** What a task starts from: what the user asks for, and a diff to apply first. */
export type TaskInputItem =
  | {
      readonly type: "message";
      readonly role: "user";
      readonly content: readonly { readonly content_type: "text"; readonly text: string }[];
    }
  | { readonly type: "pre_apply_patch"; readonly output_diff: { readonly diff: string } };
