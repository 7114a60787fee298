import type { CallOptions } from "./call-options.js";

/** Which tasks are listed. */
export interface ListTasksOptions extends CallOptions {
  /** How many on a page at most. */
  readonly limit?: number | undefined;
  /** Such as `current`. */
  readonly taskFilter?: string | undefined;
  /** Of the page before. */
  readonly cursor?: string | undefined;
  readonly environmentId?: string | undefined;
}

/**
 * Writes the query of a list of tasks, in the order in which the reference writes it.
 *
 * @throws TypeError for a limit that is no 32-bit integer.
 */
export function taskQuery({ limit, taskFilter, cursor, environmentId }: ListTasksOptions): URLSearchParams {
  if (limit !== undefined && (limit | 0) !== limit) throw new TypeError('"limit" must be a 32-bit integer');
  const query = new URLSearchParams();
  const members = { limit, task_filter: taskFilter, cursor, environment_id: environmentId };
  for (const [name, value] of Object.entries(members))
    if (value !== undefined) query.set(name, String(value));
  return query;
}
