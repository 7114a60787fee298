import type { TaskContent, TaskDetails, TaskTurn } from "@codex-ts/protocol";
import { type BackendAnswer, decodeAnswer } from "./decode-answer.js";

/**
 * Reads the turns of a task from the body that {@link BackendClient.getTaskBody} gave.
 *
 * @throws {@link BackendError} of kind `decode`.
 */
export function parseTaskDetails(answer: BackendAnswer): Promise<TaskDetails> {
  return decodeAnswer(answer, ({ taskDetailsSchema }) => taskDetailsSchema);
}

/** Gives the diff that a task has made: of the turn that made one, else of the assistant's turn. */
export function unifiedDiff(details: TaskDetails): string | null {
  return (
    answeringTurns(details)
      .map(diffOf)
      .find((diff) => diff !== null) ?? null
  );
}

/** Gives everything that the assistant has said: in its answers, then in its notes. */
export function assistantMessages(details: TaskDetails): string[] {
  return answeringTurns(details).flatMap(({ output_items, worklog }) => [
    ...output_items.flatMap(({ type, content }) => (type === "message" ? texts(content) : [])),
    ...(worklog?.messages ?? []).flatMap(({ author, content }) =>
      equalsIgnoringCase(author?.role, "assistant") ? texts(content?.parts ?? []) : [],
    ),
  ]);
}

/** Gives what the user asked for, its parts separated by blank lines. */
export function userPrompt({ current_user_turn }: TaskDetails): string | null {
  const parts = (current_user_turn?.input_items ?? []).flatMap(({ type, role, content }) =>
    type === "message" && (role === null || equalsIgnoringCase(role, "user")) ? texts(content) : [],
  );
  return parts.length > 0 ? parts.join("\n\n") : null;
}

/** Tells why the assistant failed: `code: message`, or whichever there is. */
export function assistantError({ current_assistant_turn }: TaskDetails): string | null {
  const { code, message } = current_assistant_turn?.error ?? {};
  return [code, message].filter(Boolean).join(": ") || null;
}

function answeringTurns({ current_diff_task_turn, current_assistant_turn }: TaskDetails): TaskTurn[] {
  return [current_diff_task_turn, current_assistant_turn].filter((turn) => turn !== null);
}

function diffOf({ output_items }: TaskTurn): string | null {
  for (const { type, diff, output_diff } of output_items) {
    const found = type === "output_diff" ? diff : type === "pr" ? output_diff?.diff : undefined;
    if (found) return found;
  }
  return null;
}

/** A plain text of nothing but white space is none; a structured one is. */
function texts(content: readonly TaskContent[]): string[] {
  return content.flatMap((piece) => {
    if (typeof piece === "string") return /\P{White_Space}/u.test(piece) ? [piece] : [];
    return equalsIgnoringCase(piece.content_type, "text") && piece.text ? [piece.text] : [];
  });
}

/** Ignores the case of ASCII letters only: `toLowerCase` would also turn the Kelvin sign into a `k`. */
function equalsIgnoringCase(text: string | null | undefined, lowerCase: string): boolean {
  return text?.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) === lowerCase;
}
