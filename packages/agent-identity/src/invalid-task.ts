import { asObject, parseJsonObject } from "./json-object.js";

/** What is looked at of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Error codes with which the backend, or a relay in front of it, says that a task is not, or no longer, known. An
 * `agent_` in front is ignored.
 */
const invalidTaskCodes: ReadonlySet<string> = new Set([
  "invalid_task",
  "invalid_task_id",
  "task_expired",
  "task_invalid",
  "task_not_found",
  "unknown_task",
  "unknown_task_id",
]);

// The same said in words, for answers without a code: "Invalid task id", "task_id is invalid", "Task not found".
const invalidTaskPhrase =
  /\b(?:(?:invalid|unknown|expired) (?:agent )?task(?:[ _]id)?|task(?:[ _]id)?(?: is| has| was)? (?:invalid|unknown|expired|not found))\b/i;

// Longer texts are pages and logs, in which the words may stand by chance.
const maxPhraseLength = 500;

/**
 * Tells whether a 401 says that the task, and not the agent or its signature, is the trouble.
 *
 * Looked at are `error.code`, `error`, `code` and `detail` of a JSON body with the codes above, the messages beside
 * them or a short plain text with those words, and the backend's error headers.
 */
export function isInvalidTaskRefusal({ status, headers, body }: Refusal): boolean {
  if (status !== 401) return false;
  const answer = parseJsonObject(body);
  return [
    ...(answer === undefined ? [body] : statementsOf(answer)),
    ...statementsOf(parseJsonObject(errorHeader(headers)) ?? {}),
    headers.get("x-openai-authorization-error"),
  ].some((statement) => typeof statement === "string" && saysInvalidTask(statement.trim()));
}

/** The error code of a refusal, if it has one that is safe to show. */
export function refusalCode({ body }: Refusal): string | undefined {
  const answer = parseJsonObject(body);
  const code = asObject(answer?.["error"])?.["code"] ?? answer?.["code"];
  return typeof code === "string" && /^[\w.-]{1,64}$/.test(code) ? code : undefined;
}

function saysInvalidTask(text: string): boolean {
  if (text.length > maxPhraseLength || text.startsWith("<")) return false;
  return invalidTaskCodes.has(text.toLowerCase().replace(/^agent_/, "")) || invalidTaskPhrase.test(text);
}

// `x-error-json` holds the error of the body once more, as base64.
function errorHeader(headers: Headers): string {
  return Buffer.from(headers.get("x-error-json") ?? "", "base64").toString();
}

function statementsOf(answer: Record<string, unknown>): readonly unknown[] {
  return [answer, asObject(answer["error"]), asObject(answer["detail"])].flatMap((part) =>
    statementNames.map((name) => part?.[name]),
  );
}

const statementNames = ["code", "message", "error", "detail", "error_description"];
