import type { RateLimitSnapshot, ResponseEvent } from "@codex-ts/protocol";
import { toHeaderEvents } from "./header-events.js";
import { headerText, headerToken } from "./header-value.js";
import { parseRateLimits } from "./rate-limits.js";
import { requestIdOf } from "./request-id.js";

/** What the server's answer to a handshake tells. It holds for all responses of the connection. */
export interface WebSocketHandshake {
  readonly headers: Headers;
  /** The id to quote to the server's support. */
  readonly requestId: string | null;
  /** `x-codex-turn-state`. The Codex CLI does not send it back. */
  readonly turnState: string | null;
  /** Version of the model catalogue. */
  readonly modelsEtag: string | null;
  /** The model that really answers, if the server names it. */
  readonly serverModel: string | null;
  /** Whether reasoning items of earlier turns count as known. */
  readonly reasoningIncluded: boolean;
  /** State of each family of rate limits when the connection was opened, `codex` first. */
  readonly rateLimits: readonly RateLimitSnapshot[];
  /** Whether messages are compressed. */
  readonly isCompressed: boolean;
}

/** Reads the headers of the answer to a handshake. */
export function parseHandshake(headers: Headers, isCompressed: boolean): WebSocketHandshake {
  return {
    headers,
    requestId: requestIdOf(headers) ?? null,
    turnState: headerText(headers, "x-codex-turn-state") ?? null,
    modelsEtag: headerText(headers, "x-models-etag") ?? null,
    serverModel: headerToken(headers, "openai-model") ?? null,
    reasoningIncluded: headers.has("x-reasoning-included"),
    rateLimits: parseRateLimits(headers),
    isCompressed,
  };
}

/** The events that each response of the connection begins with. Limits go out of date, and come as events instead. */
export function toHandshakeEvents({ headers }: WebSocketHandshake): ResponseEvent[] {
  return toHeaderEvents(headers).filter(({ type }) => type !== "rate_limits");
}
