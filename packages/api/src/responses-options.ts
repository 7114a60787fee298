import type { RequestHeaders } from "@codex-ts/client";
import { type SessionSource, subagentLabel } from "@codex-ts/protocol";
import { mergeHeaders } from "./request-headers.js";
import type { TurnState } from "./turn-state.js";

/** What every Responses request may say. */
export interface EncodedResponsesOptions {
  /** Sent besides the provider's headers, and instead of those of the same name. */
  readonly headers?: RequestHeaders | undefined;
  /**
   * `zstd` compresses the body, where that is possible and worth it. Only the Codex backend understands it.
   *
   * @defaultValue "none"
   */
  readonly compression?: "none" | "zstd" | undefined;
  /**
   * Gets the turn's routing token from the answer, before the stream is returned. It is not sent from here: put its
   * value into `headers` as `x-codex-turn-state`.
   */
  readonly turnState?: TurnState | undefined;
  /** Ends the request or the stream at once, with an error of kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** What a Responses request may say about the session it belongs to. */
export interface ResponsesOptions extends EncodedResponsesOptions {
  /** Sent as `session-id`. */
  readonly sessionId?: string | undefined;
  /** Sent as `thread-id` and as `x-client-request-id`. */
  readonly threadId?: string | undefined;
  /** Sent as `x-openai-subagent` if it is a sub-agent. */
  readonly sessionSource?: SessionSource | undefined;
}

/** Gives the headers that the options stand for. */
export function sessionHeaders({
  headers,
  sessionId,
  threadId,
  sessionSource,
}: ResponsesOptions): Record<string, string> {
  return mergeHeaders(headers, {
    "x-client-request-id": threadId,
    "session-id": sessionId,
    "thread-id": threadId,
    "x-openai-subagent": sessionSource === undefined ? undefined : subagentLabel(sessionSource),
  });
}
