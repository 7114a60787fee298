import type { ResponseItem, ResponsesRequest } from "@codex-ts/protocol";
import { responsesRequest } from "../responses-request.ts";

/** What one round does: so many turns on a history that is at least so long. */
export interface TurnsInput {
  readonly items: number;
  readonly turns: number;
}

/** The turns of one round, what each of them sent in items, and the time spent in asking for them. */
export interface TurnsOutcome {
  readonly turns: number;
  readonly newItems: number;
  readonly busyMs: number;
}

/** A conversation of calls of tools, as sessions with a coding agent are: about 1 kB for each item. */
export function makeHistory(length: number): ResponseItem[] {
  return Array.from({ length }, (_item, index) => makeItem(index));
}

/** A request with this history. Its tools are as many as those of the Codex CLI. */
export function requestWith(input: readonly ResponseItem[]): ResponsesRequest {
  return { ...responsesRequest, input, tools };
}

function makeItem(index: number): ResponseItem {
  const text = `${index} ${"The quick brown fox jumps over the lazy dog. ".repeat(20)}`;
  const call_id = `call_${index - (index % 2)}`;
  if (index % 10 === 0) return { type: "message", role: "user", content: [{ type: "input_text", text }] };
  if (index % 2 === 0) {
    const id = `fc_${index}`;
    return { type: "function_call", id, call_id, name: "shell", arguments: JSON.stringify({ text }) };
  }
  return { type: "function_call_output", call_id, output: text };
}

const tools = Array.from({ length: 12 }, (_tool, index) => ({
  type: "function",
  name: `tool_${index}`,
  description: "Does one thing, and does it well. ".repeat(10),
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
}));
