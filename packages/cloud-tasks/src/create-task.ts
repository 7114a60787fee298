import type { CreateTaskRequest, TaskInputItem } from "@codex-ts/protocol";
import { CloudTasksError } from "./cloud-tasks-error.js";

/** What is to be done, and where. */
export interface NewTask {
  readonly prompt: string;
  readonly environmentId: string;
  /** Branch or commit to start from; see {@link resolveGitRef}. */
  readonly gitRef: string;
  /** How many attempts are made at once, 1 to 4. @defaultValue 1 */
  readonly bestOfN?: number | undefined;
  /** A diff that is applied before the start. */
  readonly startingDiff?: string | undefined;
  /** @defaultValue false */
  readonly qaMode?: boolean | undefined;
}

/**
 * Writes the request for a new task (spec/backend.md §5.5).
 *
 * @throws {@link CloudTasksError} of kind `invalid_input`.
 */
export function toCreateRequest(task: NewTask): CreateTaskRequest {
  const { prompt, environmentId, gitRef, bestOfN = 1, startingDiff = "", qaMode = false } = task;
  refuseBlank("prompt", prompt);
  refuseBlank("environment id", environmentId);
  refuseBlank("git ref", gitRef);
  if (!Number.isInteger(bestOfN) || bestOfN < 1 || bestOfN > maxAttempts) {
    throw new CloudTasksError(`attempts must be between 1 and ${maxAttempts}`, { kind: "invalid_input" });
  }
  const message: TaskInputItem = {
    type: "message",
    role: "user",
    content: [{ content_type: "text", text: prompt }],
  };
  const patch: TaskInputItem = { type: "pre_apply_patch", output_diff: { diff: startingDiff } };
  return {
    new_task: { environment_id: environmentId, branch: gitRef, run_environment_in_qa_mode: qaMode },
    input_items: startingDiff === "" ? [message] : [message, patch],
    ...(bestOfN > 1 && { metadata: { best_of_n: bestOfN } }),
  };
}

/** The backend makes no more at once. */
export const maxAttempts = 4;

function refuseBlank(name: string, text: unknown): void {
  if (typeof text === "string" && text.trim() !== "") return;
  throw new CloudTasksError(`${name} must not be empty`, { kind: "invalid_input" });
}
