import type { AnswerParts, ReceivedRequest } from "@codex-ts/testkit";
import { callEvents, completed, created, messageEvents } from "./answers.js";

/** What a turn of the soak is made of, as its user says it: `turn <number> <messages> <call or none>`. */
export interface SoakTurn {
  readonly number: number;
  readonly messages: number;
  readonly hasCall: boolean;
}

export function turnText({ number, messages, hasCall }: SoakTurn): string {
  return `turn ${number} ${messages} ${hasCall ? "call" : "none"}`;
}

/** The ids of the items that a turn consists of, in order: its messages, the call, and what follows the call. */
export function expectedIds({ number, messages, hasCall }: SoakTurn): string[] {
  const ids = Array.from({ length: messages }, (_, index) => `msg_${number}_${index}`);
  return hasCall ? [...ids, `fc_${number}`, `msg_${number}_last`] : ids;
}

export function expectedText(turn: SoakTurn): string {
  return expectedIds(turn)
    .map((id) => (id.startsWith("msg_") ? textOf(id) : ""))
    .join("");
}

/** Answers as a model does: with what the turn still lacks. */
export function soakAnswer(request: ReceivedRequest): AnswerParts {
  const { input } = request.json() as { readonly input: readonly Item[] };
  const last = input.at(-1);
  const number = last?.type === "function_call_output" ? Number(last.call_id) : undefined;
  if (number !== undefined) return answer(number, [`msg_${number}_last`]);
  const start = input.findLastIndex(({ role }) => role === "user");
  const turn = parseTurn(input[start]?.content?.[0]?.text ?? "");
  const given = input.slice(start + 1);
  // Behind a call comes only what its output makes of it.
  const isAnswered = given.some(({ type }) => type === "function_call_output");
  const wanted = expectedIds(turn).slice(0, isAnswered || !turn.hasCall ? undefined : -1);
  return answer(
    turn.number,
    wanted.slice(given.filter(({ type }) => type !== "function_call_output").length),
  );
}

interface Item {
  readonly type: string;
  readonly role?: string;
  readonly call_id?: string;
  readonly content?: readonly { readonly text?: string }[];
}

function parseTurn(text: string): SoakTurn {
  const [, number, messages, call] = text.split(" ");
  return { number: Number(number), messages: Number(messages), hasCall: call === "call" };
}

function answer(number: number, ids: readonly string[]): AnswerParts {
  const events = ids.flatMap((id) =>
    id.startsWith("fc_") ? callEvents(String(number)) : messageEvents(id, textOf(id)),
  );
  return { events: [created(`resp_${number}`), ...events, completed(`resp_${number}_${ids.length}`)] };
}

function textOf(id: string): string {
  return `this is the text of ${id} `;
}
