import type { ResponseEvent, ResponseItem } from "@codex-ts/protocol";
import type { PayloadDecoder } from "./batched-response-stream.js";
import { isJsonObject, type JsonObject } from "./json-object.js";
import type { NoEvent } from "./main-event.js";
import { isPayload, type Payload } from "./payload.js";
import { parseRateLimitEvent } from "./rate-limit-event.js";
import { ResponseDecoder } from "./response-decoder.js";
import { parseSafetyTreatment } from "./safety-treatment.js";
import type { TurnState } from "./turn-state.js";
import { type ErrorEventSource, parseErrorEvent } from "./websocket-error-event.js";

/** What a decoder needs to know of its connection. */
export interface WebSocketDecoderOptions {
  readonly source: ErrorEventSource;
  readonly turnState: TurnState | undefined;
  /** Asks for the whole again when the server has forgotten what the request continues; false if that was done. */
  readonly sendWhole: () => boolean;
}

/**
 * Decodes what comes over a WebSocket: the payloads of server-sent events, and those that say what HTTP says in the head
 * of each answer.
 */
export class WebSocketDecoder implements PayloadDecoder {
  /** The items that the response has given so far. */
  readonly output: ResponseItem[] = [];
  /** The id of the response, once it is complete. */
  completedId: string | undefined;
  readonly #options: WebSocketDecoderOptions;
  readonly #decoder: ResponseDecoder;

  constructor(options: WebSocketDecoderOptions) {
    this.#options = options;
    this.#decoder = new ResponseDecoder({
      treatment: { showBufferingUi: false, fasterModel: null },
      requestId: options.source.requestId,
    });
  }

  get responseId(): string | undefined {
    return this.#decoder.responseId;
  }

  decode(payload: unknown, before: ResponseEvent[], text: string): ResponseEvent | NoEvent | undefined {
    const { source, sendWhole } = this.#options;
    const failure = parseErrorEvent(payload, text, source);
    if (failure !== undefined) {
      if (failure.code === "previous_response_not_found" && sendWhole()) return undefined;
      throw failure;
    }
    if (!isPayload(payload)) return "malformed";
    if (isJsonObject(payload.headers)) this.#noteHeaders(payload, payload.headers);
    if (payload.type === "codex.rate_limits") return rateLimits(payload);
    const event = this.#decoder.decode(payload, before);
    if (typeof event === "object") this.#note(event);
    return event;
  }

  #noteHeaders({ type }: Payload, members: JsonObject): void {
    const headers = textMembers(members);
    const turnState = headers.get("x-codex-turn-state");
    if (type === "response.metadata" && turnState !== null) this.#options.turnState?.set(turnState);
    if (headers.has("x-codex-safety-buffering-enabled"))
      this.#decoder.treatment = parseSafetyTreatment(headers);
  }

  #note(event: ResponseEvent): void {
    if (event.type === "output_item_done") this.output.push(event.item);
    else if (event.type === "completed") this.completedId = event.response_id;
  }
}

function rateLimits(payload: Payload): ResponseEvent | NoEvent {
  const snapshot = parseRateLimitEvent(payload);
  return snapshot === null ? "malformed" : { type: "rate_limits", snapshot };
}

/** The members that are header values: a string, or a list that starts with one. */
function textMembers(members: JsonObject): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(members)) {
    const text: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof text !== "string") continue;
    try {
      headers.set(name, text);
    } catch {
      // Not a name, or not a value, of HTTP.
    }
  }
  return headers;
}
