import { assistantError, assistantMessages, userPrompt } from "@codex-ts/backend-client";
import type { TaskDetails } from "@codex-ts/protocol";
import { listOf, memberOf, textOf } from "./json-members.js";

/** How far an attempt is. */
export type AttemptStatus = "completed" | "failed" | "in_progress" | "pending";

/** What was asked and answered in a task. */
export interface TaskText {
  readonly prompt: string | undefined;
  readonly messages: readonly string[];
  readonly turnId: string | undefined;
  /** Turns of the other attempts. */
  readonly siblingTurnIds: readonly string[];
  /** Which of the attempts this is, from 0 on. */
  readonly attemptPlacement: number | undefined;
  readonly attemptStatus: AttemptStatus;
}

/** Reads prompt and messages (spec/backend.md §5.4). */
export function toTaskText(answer: unknown, details: TaskDetails): TaskText {
  const turn = details.current_assistant_turn;
  return {
    prompt: userPrompt(details) ?? undefined,
    messages: messagesOf(answer, details),
    turnId: turn?.id ?? undefined,
    siblingTurnIds: turn?.sibling_turn_ids ?? [],
    attemptPlacement: turn?.attempt_placement ?? undefined,
    attemptStatus: toAttemptStatus(turn?.turn_status),
  };
}

/** What the assistant said; if it said nothing, why it failed; if that is not known either, nothing. */
export function messagesOrFailure(answer: unknown, details: TaskDetails): readonly string[] {
  const messages = messagesOf(answer, details);
  const error = assistantError(details);
  return messages.length === 0 && error !== null ? [`Task failed: ${error}`] : messages;
}

/** Reads the status of a turn. One that is not known counts as pending: a client that waits goes on waiting. */
export function toAttemptStatus(turnStatus: unknown): AttemptStatus {
  return turnStatus === "failed" || turnStatus === "completed" || turnStatus === "in_progress"
    ? turnStatus
    : "pending";
}

function messagesOf(answer: unknown, details: TaskDetails): readonly string[] {
  const messages = assistantMessages(details);
  return messages.length > 0 ? messages : worklogMessages(answer);
}

/** The notes of the assistant, read less strictly: an empty text counts too. */
function worklogMessages(answer: unknown): string[] {
  const worklog = memberOf(memberOf(answer, "current_assistant_turn"), "worklog");
  return listOf(worklog, "messages")
    .filter((message) => textOf(memberOf(message, "author"), "role") === "assistant")
    .flatMap((message) => listOf(memberOf(message, "content"), "parts"))
    .flatMap((part) => {
      if (typeof part === "string") return part === "" ? [] : [part];
      return textOf(part, "content_type") === "text" ? (textOf(part, "text") ?? []) : [];
    });
}
