import { type BackendAnswer, parseJson } from "./decode-answer.js";
import { BackendError } from "./errors.js";

/** What a new task is known by. */
export interface CreatedTask {
  readonly id: string;
}

/**
 * Finds the id of the new task in the answer: `task.id`, or `id`.
 *
 * @throws {@link BackendError} of kind `decode`.
 */
export function toCreatedTask(answer: BackendAnswer): CreatedTask {
  const value = parseJson(answer);
  for (const id of [memberOf(memberOf(value, "task"), "id"), memberOf(value, "id")])
    if (typeof id === "string") return { id };
  const message = `${answer.method} ${answer.url} succeeded but no task id found`;
  throw new BackendError(message, { kind: "decode", ...answer });
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
