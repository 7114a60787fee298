import { randomBytes } from "node:crypto";
import type { AnswerParts } from "./answer.js";

/** The request members that an answer needs. */
export interface ResponsesBody {
  readonly model: string;
  readonly input: readonly unknown[];
}

/** Makes the events of a whole turn, in the order in which the backend sends them. */
export function responseEvents(body: ResponsesBody, answer: AnswerParts, nowMs: number): object[] {
  const isEmpty = answer.reasoning === undefined && answer.items === undefined;
  const text = answer.text ?? (isEmpty ? lastUserText(body.input) : undefined);
  const response = {
    id: id("resp"),
    object: "response",
    created_at: Math.floor(nowMs / 1000),
    model: body.model,
  };
  const items = [
    ...(answer.reasoning === undefined ? [] : [reasoningItem(answer.reasoning)]),
    ...(text === undefined ? [] : [messageItem(text)]),
    ...(answer.items ?? []).map(givenItem),
  ];
  const usage = answer.usage ?? estimateUsage(JSON.stringify(body.input), text ?? "", answer.reasoning ?? "");
  const events = [
    { type: "response.created", response: { ...response, status: "in_progress" } },
    { type: "response.in_progress", response: { ...response, status: "in_progress" } },
    ...items.flatMap((make, outputIndex) => make(outputIndex)),
    {
      type: "response.completed",
      response: { ...response, status: "completed", output: [], usage },
    },
  ];
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

/** The text of the last user message of an `input`; empty when there is none. */
function lastUserText(input: readonly unknown[]): string {
  const message = input.findLast((item) => isObject(item) && item["role"] === "user" && "content" in item);
  return isObject(message) ? contentText(message["content"]) : "";
}

function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part) => (isObject(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("");
}

type EventMaker = (outputIndex: number) => object[];

function messageItem(text: string): EventMaker {
  const item = { id: id("msg"), type: "message", role: "assistant" };
  const part = { type: "output_text", annotations: [], text };
  return (output_index) => {
    const at = { item_id: item.id, output_index, content_index: 0 };
    return [
      {
        type: "response.output_item.added",
        output_index,
        item: { ...item, status: "in_progress", content: [] },
      },
      { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
      ...words(text).map((delta) => ({ type: "response.output_text.delta", ...at, delta })),
      { type: "response.output_text.done", ...at, text },
      { type: "response.content_part.done", ...at, part },
      {
        type: "response.output_item.done",
        output_index,
        item: { ...item, status: "completed", content: [part] },
      },
    ];
  };
}

function reasoningItem(summary: string): EventMaker {
  const item = { id: id("rs"), type: "reasoning", encrypted_content: randomBytes(48).toString("base64") };
  const part = { type: "summary_text", text: summary };
  return (output_index) => {
    const at = { item_id: item.id, output_index, summary_index: 0 };
    return [
      { type: "response.output_item.added", output_index, item: { ...item, summary: [] } },
      { type: "response.reasoning_summary_part.added", ...at, part: { ...part, text: "" } },
      ...words(summary).map((delta) => ({ type: "response.reasoning_summary_text.delta", ...at, delta })),
      { type: "response.reasoning_summary_text.done", ...at, text: summary },
      { type: "response.reasoning_summary_part.done", ...at, part },
      { type: "response.output_item.done", output_index, item: { ...item, summary: [part] } },
    ];
  };
}

function givenItem(item: object): EventMaker {
  return (output_index) => [
    { type: "response.output_item.added", output_index, item },
    { type: "response.output_item.done", output_index, item },
  ];
}

function estimateUsage(input: string, text: string, reasoning: string): object {
  const inputTokens = tokens(input);
  const reasoningTokens = tokens(reasoning);
  const outputTokens = tokens(text) + reasoningTokens;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}

function tokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

function words(text: string): string[] {
  return text.match(/\s*\S+\s*|\s+/g) ?? [];
}

function id(prefix: string): string {
  return `${prefix}_${randomBytes(16).toString("hex")}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
