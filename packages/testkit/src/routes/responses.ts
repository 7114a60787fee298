import { setTimeout } from "node:timers/promises";
import { type AnswerParts, resolveAnswer } from "../answer.js";
import { demandCredential } from "../credential-demand.js";
import { Refusal } from "../refusal.js";
import { statusReply } from "../replacing-fault.js";
import type { Reply } from "../reply.js";
import { type ResponsesBody, responseEvents } from "../response-events.js";
import { responsesBody } from "../responses-body.js";
import { toFrame } from "../sse-frame.js";
import { jsonBody } from "./json-body.js";
import type { Exchange, Route } from "./route.js";

/** `POST …/responses`: scripted answers, or the default one. */
export const responsesRoute: Route = {
  method: "POST",
  pattern: /^(?:\/v1|\/backend-api\/codex|\/api\/codex)\/responses$/,
  auth: "required",
  async handle({ request, state, signal }) {
    const body = responsesBody(jsonBody(request));
    const answer = await resolveAnswer(state.takeAnswer(), request);
    if (answer.delayMs !== undefined) await setTimeout(answer.delayMs, undefined, { signal });
    return answerReply(answer, body, state, signal);
  },
};

/** `GET …/responses`: the upgrade to a WebSocket, which clients replace by HTTP when it is refused so. */
export const webSocketRoute: Route = {
  method: "GET",
  pattern: responsesRoute.pattern,
  auth: "own",
  handle({ request, state }) {
    if (request.headers.upgrade?.toLowerCase() !== "websocket") {
      throw new Refusal("Use POST", { status: 405, code: "method_not_allowed", headers: { allow: "POST" } });
    }
    // With WebSockets on, only an upgrade without a good credential comes this way.
    if (state.webSocket) demandCredential(request.auth);
    throw new Refusal("This backend answers over HTTP only", {
      status: 426,
      code: "websocket_not_supported",
    });
  },
};

function answerReply(
  answer: AnswerParts,
  body: ResponsesBody,
  state: Exchange["state"],
  signal: AbortSignal,
): Reply {
  const { status = 200 } = answer;
  if (status >= 400 || answer.body !== undefined) return statusReply(status, answer.headers, answer.body);
  const frames = answer.frames ?? (answer.events ?? responseEvents(body, answer, state.now())).map(toFrame);
  return {
    status,
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "openai-model": body.model,
      "openai-processing-ms": "7",
      ...state.catalogue.announcement,
      ...state.rateLimitHeaders(),
      ...answer.headers,
    },
    body: paced(frames, answer.chunkDelayMs, signal),
  };
}

async function* paced(
  frames: readonly string[] | AsyncIterable<string>,
  delayMs: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let isFirst = true;
  for await (const frame of frames) {
    if (!isFirst && delayMs !== undefined) await setTimeout(delayMs, undefined, { signal });
    isFirst = false;
    yield frame;
  }
}
