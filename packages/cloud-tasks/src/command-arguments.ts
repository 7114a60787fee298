import { CloudTasksError } from "./cloud-tasks-error.js";
import { maxAttempts } from "./create-task.js";

/**
 * Reads how many attempts somebody wants: 1 to 4.
 *
 * @throws {@link CloudTasksError} of kind `invalid_input`.
 */
export function parseAttempts(text: string): number {
  return parseInteger("attempts", text, maxAttempts);
}

/**
 * Reads how many tasks somebody wants to see: 1 to 20.
 *
 * @throws {@link CloudTasksError} of kind `invalid_input`.
 */
export function parseLimit(text: string): number {
  return parseInteger("limit", text, 20);
}

function parseInteger(name: string, text: string, most: number): number {
  const fail = (what: string): CloudTasksError =>
    new CloudTasksError(`${name} must be ${what} 1 and ${most}`, { kind: "invalid_input" });
  if (!/^\+?\d{1,10}$/.test(text)) throw fail("an integer between");
  const value = Number(text);
  if (value < 1 || value > most) throw fail("between");
  return value;
}
