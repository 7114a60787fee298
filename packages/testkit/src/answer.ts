import type { ReceivedRequest } from "./received-request.js";

/** An answer in parts. Everything is optional; `{}` echoes like the default answer. */
export interface AnswerParts {
  /** The assistant's text, streamed in deltas of a word. Default: the last user text, unless another part is given. */
  readonly text?: string | undefined;
  /** A reasoning summary that comes before the text. */
  readonly reasoning?: string | undefined;
  /** Output items sent as they are, after the text: calls of tools, for instance. */
  readonly items?: readonly object[] | undefined;
  /** Event payloads in place of the usual sequence; nothing is added, no `response.completed` either. */
  readonly events?: readonly object[] | undefined;
  /** Raw event-stream text in place of the usual sequence, sent piece by piece as it comes. */
  readonly frames?: readonly string[] | AsyncIterable<string> | undefined;
  /** `response.usage` of `response.completed`. Default: an estimate of four bytes for a token. */
  readonly usage?: object | undefined;
  /** Added to the answer's headers, or in place of same-named ones (lower case). */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default 200. From 400 on the answer is a JSON error instead of a stream, unless `body` is given. */
  readonly status?: number | undefined;
  /** The whole body, as it is, in place of a stream. */
  readonly body?: string | Uint8Array | undefined;
  /** Wait before the headers, in milliseconds. */
  readonly delayMs?: number | undefined;
  /** Wait before each event (or frame) but the first, in milliseconds. */
  readonly chunkDelayMs?: number | undefined;
}

/** What `/responses` answers: a text, parts, or a function that makes one of them from the request. */
export type Answer = string | AnswerParts | ((request: ReceivedRequest) => Answer | Promise<Answer>);

/** Calls functions until parts are left. */
export async function resolveAnswer(answer: Answer, request: ReceivedRequest): Promise<AnswerParts> {
  let current = answer;
  while (typeof current === "function") current = await current(request);
  return typeof current === "string" ? { text: current } : current;
}
