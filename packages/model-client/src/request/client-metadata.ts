import type { TraceContext } from "@codex-ts/client";
import { type SessionIdentity, subagentHeader } from "./session-identity.js";

/** What `client_metadata` of a request is made of. */
export interface ClientMetadataFacts {
  readonly identity: SessionIdentity;
  readonly turnId: string | undefined;
  readonly windowId: string;
  /** The metadata of the turn as JSON. */
  readonly turnMetadata: string;
}

/** Gives the `client_metadata` of a request: what headers say, for a server that sees only the body. */
export function clientMetadata(facts: ClientMetadataFacts): Record<string, string> {
  const { identity, turnId, windowId, turnMetadata } = facts;
  return withoutUndefined({
    "x-codex-installation-id": identity.installationId,
    session_id: identity.sessionId,
    thread_id: identity.threadId,
    "x-codex-window-id": windowId,
    turn_id: turnId,
    "x-openai-subagent": subagentHeader(identity.sessionSource),
    "x-codex-parent-thread-id": identity.parentThreadId,
    "x-codex-turn-metadata": turnMetadata,
  });
}

/** What one message of a WebSocket says in place of the headers that it does not have. */
export interface FrameFacts {
  readonly turnState: string | undefined;
  readonly trace: TraceContext | undefined;
  readonly isLite: boolean;
  /** When the message is sent. */
  readonly nowMs: number;
}

/** Gives what a message of a WebSocket adds to `client_metadata`. */
export function frameMetadata({ turnState, trace, isLite, nowMs }: FrameFacts): Record<string, string> {
  return withoutUndefined({
    "x-codex-turn-state": turnState,
    ws_request_header_traceparent: trace?.traceparent,
    ws_request_header_tracestate: trace?.tracestate,
    ws_request_header_x_openai_internal_codex_responses_lite: isLite ? "true" : undefined,
    "x-codex-ws-stream-request-start-ms": String(nowMs),
  });
}

function withoutUndefined(members: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
