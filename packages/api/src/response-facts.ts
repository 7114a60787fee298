import type { CompletedEvent, RateLimitSnapshot, ResponseEvent } from "@codex-ts/protocol";
import { ApiError } from "./api-error.js";
import { isJsonObject } from "./json-object.js";
import { parseRateLimitEvent } from "./rate-limit-event.js";

/** What the payloads of one response have told so far. */
export class ResponseFacts {
  readonly #rateLimits = new Map<string | null, RateLimitSnapshot>();
  #completed: CompletedEvent | undefined;
  #serverModel: string | null = null;
  /** What the last payload of type `error` held. The typed stream has no such event. */
  #serverError: { readonly code: string | undefined; readonly text: string } | undefined;

  get completed(): CompletedEvent | undefined {
    return this.#completed;
  }

  get serverModel(): string | null {
    return this.#serverModel;
  }

  get rateLimits(): readonly RateLimitSnapshot[] {
    return [...this.#rateLimits.values()];
  }

  note(event: ResponseEvent): void {
    if (event.type === "completed") this.#completed = event;
    else if (event.type === "server_model") this.#serverModel = event.model;
    else if (event.type === "rate_limits") this.#noteRateLimits(event.snapshot);
  }

  /** Notes a payload that gives no event. */
  noteIgnored(payload: unknown): void {
    const snapshot = parseRateLimitEvent(payload);
    if (snapshot !== null) this.#noteRateLimits(snapshot);
    if (isJsonObject(payload) && payload["type"] === "error")
      this.#serverError = toServerError(isJsonObject(payload["error"]) ? payload["error"] : payload);
  }

  /** Makes the error for a body that ended before the response did. A server's `error` explains it. */
  toClosedEarlyError(requestId: string | undefined): ApiError {
    const serverError = this.#serverError;
    return new ApiError("stream closed before response.completed", {
      kind: "stream",
      code: "closed_early",
      requestId,
      serverCode: serverError?.code,
      ...(serverError === undefined ? {} : { cause: new Error(serverError.text) }),
    });
  }

  #noteRateLimits(snapshot: RateLimitSnapshot): void {
    this.#rateLimits.set(snapshot.limit_id, snapshot);
  }
}

const longestQuote = 200;

function toServerError({ code, message }: Readonly<Record<string, unknown>>): {
  readonly code: string | undefined;
  readonly text: string;
} {
  const quote = typeof message === "string" ? `: ${JSON.stringify(message.slice(0, longestQuote))}` : "";
  return {
    code: typeof code === "string" ? code : undefined,
    text: `the server sent an error event${quote}`,
  };
}
