import { setTimeout } from "node:timers/promises";
import { type AnswerParts, resolveAnswer } from "./answer.js";
import type { BackendState } from "./backend-state.js";
import { errorBody } from "./error-body.js";
import { errorEventText } from "./error-event.js";
import type { ReceivedRequest } from "./received-request.js";
import { type ResponsesBody, responseEvents } from "./response-events.js";
import { ssePayloads } from "./sse-payloads.js";

/** A message that asks for a response. */
export interface CreateExchange {
  readonly create: ResponsesBody & { readonly generate: boolean };
  readonly request: ReceivedRequest;
  readonly state: BackendState;
  /** Aborts when the connection has gone. */
  readonly signal: AbortSignal;
}

/** Makes the messages that answer one: what the same answer is over HTTP, each payload by itself. */
export async function* messagesOf(exchange: CreateExchange): AsyncGenerator<string> {
  const { create, request, state, signal } = exchange;
  if (!create.generate) {
    yield* events(create, { items: [] }, state);
    return;
  }
  const answer = await resolveAnswer(state.takeAnswer(), request);
  if (answer.delayMs !== undefined) await setTimeout(answer.delayMs, undefined, { signal });
  let isFirst = true;
  for await (const text of textsOf(answer, create, state)) {
    if (!isFirst && answer.chunkDelayMs !== undefined)
      await setTimeout(answer.chunkDelayMs, undefined, { signal });
    isFirst = false;
    yield text;
  }
}

async function* textsOf(
  answer: AnswerParts,
  create: ResponsesBody,
  state: BackendState,
): AsyncGenerator<string> {
  const { status = 200, headers, body, frames } = answer;
  if (status >= 400) {
    yield errorEventText({ status, error: errorOf(status, body), headers });
    return;
  }
  if (body !== undefined) {
    yield Buffer.from(body as Uint8Array).toString();
    return;
  }
  // What HTTP says in the head of each answer comes in an event here, because there is one head for all of them.
  if (headers !== undefined) yield JSON.stringify({ type: "response.metadata", headers });
  if (frames !== undefined) yield* ssePayloads(frames);
  else yield* events(create, answer, state);
}

function* events(create: ResponsesBody, answer: AnswerParts, state: BackendState): Generator<string> {
  for (const event of answer.events ?? responseEvents(create, answer, state.now()))
    yield JSON.stringify(event);
}

/** The member `error` of a JSON body, else one that quotes the body. */
function errorOf(status: number, body: string | Uint8Array | undefined): object {
  if (body === undefined) return errorBody(status, "testkit", `The test backend answers ${status}`).error;
  const text = Buffer.from(body as Uint8Array).toString();
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "object" && error !== null) return error;
  } catch {
    // A page or a text.
  }
  return errorBody(status, null, text).error;
}
