import { normalizeBaseUrl } from "@codex-ts/backend-client";
import { CloudTasksError } from "./cloud-tasks-error.js";

/**
 * Finds the id of a task in what people paste: an id, or the URL of the task, with query or fragment, in white space
 * (spec/backend.md §6.3).
 *
 * @throws {@link CloudTasksError} of kind `invalid_input`.
 */
export function parseTaskId(text: string): string {
  if (typeof text !== "string") throw new TypeError("the task must be an id or a URL, as a string");
  const [withoutQuery = ""] = text.trim().split(/[#?]/, 1);
  const id = withoutQuery.slice(withoutQuery.lastIndexOf("/") + 1).trim();
  if (id === "") throw new CloudTasksError("task id must not be empty", { kind: "invalid_input" });
  // Encoding does not keep these from being steps of a path, and a control character or half a character in an id is a slip of the hand.
  if (/^\.{1,2}$|[\p{Cc}\p{Cs}\s]/u.test(id)) {
    throw new CloudTasksError(`${JSON.stringify(id.slice(0, 100))} is no task id`, { kind: "invalid_input" });
  }
  return id;
}

/** Gives the page on which people look at a task. */
export function taskUrl(baseUrl: string, taskId: string): string {
  const { baseUrl: base } = normalizeBaseUrl(baseUrl);
  const id = encodeURIComponent(taskId);
  const [, root] = /^(.*)\/(?:backend-api|api\/codex)$/.exec(base) ?? [];
  if (root !== undefined) return `${root}/codex/tasks/${id}`;
  return base.endsWith("/codex") ? `${base}/tasks/${id}` : `${base}/codex/tasks/${id}`;
}
