import { isApiError } from "@codex-ts/api";
import type { ModelInfo, ResponseItem } from "@codex-ts/protocol";
import type { Setup } from "../session/access.js";
import type { Session } from "../session/session.js";
import type { Lane } from "../session/websocket-lane.js";
import { report } from "../telemetry.js";
import { untilAborted } from "./abort-scope.js";
import {
  type Attempt,
  type AttemptFacts,
  openLane,
  openOverHttp,
  openOverWebSocket,
  reportAccess,
} from "./attempt.js";
import type { StreamPlan } from "./stream-plan.js";
import type { TurnContext } from "./turn-context.js";
import type { TurnTransport } from "./turn-event.js";

/** How far an attempt has got. */
export interface AttemptTrace {
  transport: TurnTransport | undefined;
  isHandshake: boolean;
  isReused: boolean;
}

/** What an attempt needs besides the plan. */
export interface AttemptInput {
  readonly setup: Setup;
  readonly model: ModelInfo;
  readonly finished: readonly ResponseItem[];
  readonly signal: AbortSignal;
  /** 0 for the first. */
  readonly number: number;
  readonly trace: AttemptTrace;
}

/** Whether a turn goes over a WebSocket, as far as is known. */
export function usesWebSocket(setup: Setup, turn: TurnContext): boolean {
  return setup.choice.isWebSocketEnabled && !turn.isWebSocketOff;
}

/**
 * Asks for an answer, with credential and request made anew. A server that speaks HTTP only is asked over HTTP at
 * once, and nobody needs to know.
 *
 * @throws whatever kept it from being sent, or from being answered.
 */
export async function openAttempt(plan: StreamPlan, input: AttemptInput): Promise<Attempt> {
  const { session, turn, isMemory } = plan;
  const { setup, model, finished, signal, number, trace } = input;
  const access = await untilAborted(setup.resolve(signal, { isSideCall: isMemory }), signal);
  const built = plan.build(setup, model, finished);
  const facts: AttemptFacts = { session, setup, turn, access, built, isMemory, signal };
  reportAccess(facts, number);
  if (usesWebSocket(setup, turn)) {
    trace.transport = "websocket";
    trace.isHandshake = true;
    const lane = await laneOrNone(facts);
    trace.isHandshake = false;
    if (lane !== undefined) {
      trace.isReused = lane.isReused;
      return await overLane(facts, lane);
    }
  }
  trace.transport = "http";
  return await openOverHttp(facts);
}

/** Opens a connection for what is not to be answered yet. @returns Nothing when the server speaks HTTP only. */
export async function laneOrNone(facts: Parameters<typeof openLane>[0]): Promise<Lane | undefined> {
  const { session, setup } = facts;
  try {
    return await openLane(facts);
  } catch (error) {
    if (!isApiError(error) || error.status !== 426) throw error;
    leaveWebSockets(session, setup);
    return undefined;
  }
}

function leaveWebSockets(session: Session, setup: Setup): void {
  const isForSession = setup.choice.fallBack("upgrade_required");
  report(() => session.options.telemetry?.onFallback?.({ reason: "upgrade_required", isForSession }));
  void session.lanes.drop();
}

async function overLane(facts: AttemptFacts, lane: Lane): Promise<Attempt> {
  try {
    return await openOverWebSocket(facts, lane);
  } catch (error) {
    void lane.connection.close();
    throw error;
  }
}
