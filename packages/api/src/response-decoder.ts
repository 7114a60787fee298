import type { ResponseEvent } from "@codex-ts/protocol";
import { isJsonObject } from "./json-object.js";
import { type NoEvent, toMainEvent } from "./main-event.js";
import { isPayload } from "./payload.js";
import type { SafetyTreatment } from "./safety-treatment.js";
import { metadataEvents, safetyBufferingEvent, serverModelOf } from "./side-events.js";

/** What a decoder knows of the response before the first payload. */
export interface ResponseDecoderOptions {
  readonly treatment: SafetyTreatment;
  /** For the errors. */
  readonly requestId: string | undefined;
}

/** Turns the payloads of one response into events, whatever carried them. */
export class ResponseDecoder {
  /** How an answer that is held back is to be shown from here on. */
  treatment: SafetyTreatment;
  readonly #requestId: string | undefined;
  #responseId: string | undefined;
  #serverModel: string | undefined;

  constructor({ treatment, requestId }: ResponseDecoderOptions) {
    this.treatment = treatment;
    this.#requestId = requestId;
  }

  /** The id of the response, once a payload has named it. */
  get responseId(): string | undefined {
    return this.#responseId;
  }

  /** The model that a payload named last. */
  get serverModel(): string | undefined {
    return this.#serverModel;
  }

  /**
   * Decodes one payload. Nothing follows an event of type `completed`.
   *
   * @param payload - Parsed JSON of any shape.
   * @param before - Gets the events that the payload carries besides its own; they come first.
   * @returns The payload's own event, or why it has none.
   * @throws ApiError when the payload ends the response with a failure.
   */
  decode(payload: unknown, before: ResponseEvent[]): ResponseEvent | NoEvent {
    if (!isPayload(payload)) return "malformed";
    const { type, headers, response, safety_buffering } = payload;
    // Nearly all payloads are deltas with none of these.
    if (response) this.#noteId(response);
    if (headers || response) this.#noteModel(serverModelOf(payload), before);
    if (type === "response.metadata") metadataEvents(payload, before);
    if (safety_buffering) {
      const buffering = safetyBufferingEvent(safety_buffering, this.treatment);
      if (buffering !== undefined) before.push(buffering);
    }
    return toMainEvent(payload, this.#requestId);
  }

  #noteId(response: unknown): void {
    if (isJsonObject(response) && typeof response["id"] === "string") this.#responseId = response["id"];
  }

  #noteModel(model: string | undefined, before: ResponseEvent[]): void {
    if (model === undefined || model === this.#serverModel) return;
    this.#serverModel = model;
    before.push({ type: "server_model", model });
  }
}
