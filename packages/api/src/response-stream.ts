import type { RateLimitSnapshot, ResponseEvent, TokenUsage } from "@codex-ts/protocol";

/**
 * The events of one response, as they arrive. Can be read once, by `for await`.
 *
 * It ends after the event `completed`, and rejects with an `ApiError` when the response fails, breaks off or stalls.
 * Nothing is read ahead of the reader, so a slow reader slows the server. Leaving the loop in any way, `cancel()`
 * and the signal of the request end the HTTP request at once; a stream that nobody reads keeps it open, so cancel
 * what you do not read.
 *
 * The facts below are `null` until they are known, and stay after the end.
 */
export interface ResponseStream extends AsyncIterable<ResponseEvent>, AsyncDisposable {
  /** Header `x-request-id` of the answer. */
  readonly upstreamRequestId: string | null;
  /** The id to quote to the server's support: `x-request-id`, or else `x-oai-request-id`. */
  readonly requestId: string | null;
  /** Id of the response. */
  readonly responseId: string | null;
  /** What the response cost. Known after `completed`, if the server says so. */
  readonly usage: TokenUsage | null;
  /** False when the model wants to be called again. Known after `completed`, if the server says so. */
  readonly endTurn: boolean | null;
  /** The model that really answers, if the server names it. */
  readonly serverModel: string | null;
  /** Newest state of each family of rate limits, `codex` first. */
  readonly rateLimits: readonly RateLimitSnapshot[];
  /** How many events were left out because their type is not known. */
  readonly unknownEventCount: number;
  /** Ends the stream and frees its connection. A reader that waits sees the end. Safe to call at any time. */
  cancel(): void;
}
