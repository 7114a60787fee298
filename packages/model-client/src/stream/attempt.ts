import { type ResponseStream, ResponsesClient } from "@codex-ts/api";
import { authHeaderTelemetry } from "@codex-ts/auth-provider";
import type { TraceContext, TraceSource } from "@codex-ts/client";
import type { ResponseEvent } from "@codex-ts/protocol";
import type { BuiltRequest } from "../request/build-request.js";
import { frameMetadata } from "../request/client-metadata.js";
import { httpHeaders, routingHint, sharedHeaders } from "../request/request-headers.js";
import type { Access, Setup } from "../session/access.js";
import type { Session } from "../session/session.js";
import type { Lane } from "../session/websocket-lane.js";
import { report } from "../telemetry.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnTransport } from "./turn-event.js";

/** What one attempt is made of. */
export interface AttemptFacts {
  readonly session: Session;
  readonly setup: Setup;
  readonly turn: TurnContext;
  readonly access: Access;
  readonly built: BuiltRequest;
  readonly isMemory: boolean;
  readonly signal: AbortSignal;
}

/** An answer that is under way. */
export interface Attempt {
  readonly transport: TurnTransport;
  readonly stream: ResponseStream;
  readonly events: AsyncIterator<ResponseEvent, undefined>;
  /** Over a connection that was open before. */
  readonly isReused: boolean;
  /** Gives the connection back, or lets it go if the answer has not come to its end. */
  release(): void;
}

/** Asks over HTTP. @throws ApiError */
export async function openOverHttp(facts: AttemptFacts): Promise<Attempt> {
  const { session, turn, access, built, signal, setup } = facts;
  const { options, streamTelemetry } = session;
  const { provider, auth, usesCodexBackend } = access;
  const { sessionId, threadId } = options.identity;
  const headers = {
    ...(await headersOf(facts)),
    ...httpHeaders({ turnState: turn.state.value, isLite: built.isLite }),
  };
  const isCompressed = options.compressesBodies && usesCodexBackend && setup.traits.isOpenai;
  const client = new ResponsesClient({
    transport: options.transport,
    provider,
    auth,
    telemetry: streamTelemetry,
  });
  const stream = await client.stream(built.request, {
    headers,
    sessionId,
    threadId,
    compression: isCompressed ? "zstd" : "none",
    turnState: turn.state,
    signal,
  });
  return {
    transport: "http",
    stream,
    events: stream[Symbol.asyncIterator](),
    isReused: false,
    release: () => stream.cancel(),
  };
}

/** Takes or opens a connection. @throws ApiError of the handshake. */
export async function openLane(
  facts: Omit<AttemptFacts, "built"> & {
    readonly built: Pick<BuiltRequest, "windowId"> & Partial<BuiltRequest>;
  },
): Promise<Lane> {
  const { session, setup, access, signal } = facts;
  const { identity, timingMetrics } = session.options;
  if (session.lanes.isReadyFor(access.owner)) return session.lanes.take(access, {});
  return session.lanes.take(access, {
    headers: {
      ...(await headersOf(facts)),
      "x-responsesapi-include-timing-metrics": timingMetrics ? "true" : undefined,
    },
    sessionId: identity.sessionId,
    threadId: identity.threadId,
    connectTimeoutMs: setup.provider.websocketConnectTimeoutMs,
    signal,
  });
}

/** Asks over a connection. @throws ApiError; the connection is lost then. */
export async function openOverWebSocket(facts: AttemptFacts, lane: Lane): Promise<Attempt> {
  const { session, turn, signal } = facts;
  const { connection, isReused } = lane;
  const stream = await connection.stream(withFrameMetadata(facts), { turnState: turn.state, signal });
  return {
    transport: "websocket",
    stream,
    events: stream[Symbol.asyncIterator](),
    isReused,
    release: once(() => {
      // Of an answer that is left early this drops the connection: what is left of it would be taken for the next.
      stream.cancel();
      session.lanes.put(lane);
    }),
  };
}

/** Lets the server prepare over a connection. @throws ApiError */
export async function prewarmOver(facts: AttemptFacts, { connection }: Lane): Promise<void> {
  const { turn, signal } = facts;
  await connection.prewarm(withFrameMetadata(facts), { turnState: turn.state, signal });
}

/** Tells with what an attempt is sent. */
export function reportAccess({ session, access }: AttemptFacts, attempt: number): void {
  const { telemetry } = session.options;
  if (telemetry?.onAccess === undefined) return;
  report(() => {
    const { attached, name } = authHeaderTelemetry(access.auth);
    telemetry.onAccess?.({
      attempt,
      mode: access.mode,
      authHeaderAttached: attached,
      authHeaderName: name,
      agentIdentity: access.agentIdentity,
    });
  });
}

function once(call: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    call();
  };
}

function withFrameMetadata({ session, turn, built }: AttemptFacts): BuiltRequest["request"] {
  const { clock, trace } = session.options;
  const frame = frameMetadata({
    turnState: turn.state.value,
    trace: currentTrace(trace),
    isLite: built.isLite,
    nowMs: clock(),
  });
  return { ...built.request, client_metadata: { ...built.request.client_metadata, ...frame } };
}

/** Tracing must not break a request. */
function currentTrace(source: TraceSource | undefined): TraceContext | undefined {
  try {
    return source?.();
  } catch {
    return undefined;
  }
}

async function headersOf({
  session,
  setup,
  access,
  built,
  isMemory,
}: Pick<AttemptFacts, "access" | "isMemory" | "session" | "setup"> & {
  readonly built: Pick<BuiltRequest, "windowId"> & Partial<BuiltRequest>;
}): Promise<Record<string, string | undefined>> {
  const { identity, betaFeatures } = session.options;
  return sharedHeaders({
    identity,
    windowId: built.windowId,
    turnMetadata: built.turnMetadata,
    betaFeatures: isMemory ? [] : betaFeatures,
    attestation: isMemory ? undefined : await session.attestation(setup, access),
    routingHint: access.usesCodexBackend && setup.traits.isOpenai ? routingHint(built.request) : undefined,
  });
}
