import { isMemoryConsolidation, type SessionIdentity, subagentHeader } from "./session-identity.js";

/** What the headers of a request are made of. */
export interface HeaderFacts {
  readonly identity: SessionIdentity;
  readonly windowId: string;
  /** Absent for a request that is for nothing yet. */
  readonly turnMetadata: string | undefined;
  readonly betaFeatures: readonly string[];
  readonly attestation: string | undefined;
  /** Names the model to the edge of the Codex backend. */
  readonly routingHint: string | undefined;
}

/** The headers that a handshake and a request have in common. */
export function sharedHeaders(facts: HeaderFacts): Record<string, string | undefined> {
  const { identity, windowId, turnMetadata, betaFeatures, attestation, routingHint } = facts;
  const { originator, sessionSource } = identity;
  return {
    "x-codex-beta-features": betaFeatures.length === 0 ? undefined : betaFeatures.join(","),
    "x-codex-window-id": windowId,
    "x-codex-turn-metadata": turnMetadata,
    "x-codex-parent-thread-id": identity.parentThreadId,
    "x-openai-subagent": subagentHeader(sessionSource),
    "x-openai-memgen-request": isMemoryConsolidation(sessionSource) ? "true" : undefined,
    "x-oai-attestation": attestation,
    "x-codex-routing-hint": routingHint,
    originator,
  };
}

/** What a request over HTTP says besides. */
export interface HttpHeaderFacts {
  readonly turnState: string | undefined;
  readonly isLite: boolean;
}

/** The headers of a request over HTTP, which a WebSocket puts into its messages. */
export function httpHeaders({ turnState, isLite }: HttpHeaderFacts): Record<string, string | undefined> {
  return {
    "x-codex-turn-state": turnState,
    "x-openai-internal-codex-responses-lite": isLite ? "true" : undefined,
  };
}

/** Names the model, and its tier, to the edge of the Codex backend. */
export function routingHint(
  request: { readonly model: string; readonly service_tier?: string | undefined } | undefined,
): string | undefined {
  if (request === undefined) return undefined;
  const { model, service_tier: tier } = request;
  return tier === undefined ? `model=${model}` : `model=${model};tier=${tier}`;
}
