import { TurnState } from "@codex-ts/api";
import type { ModelInfo } from "@codex-ts/protocol";
import { buildRequest } from "./request/build-request.js";
import type { ModelSettings } from "./request/model-settings.js";
import type { Prompt } from "./request/prompt.js";
import type { Session } from "./session/session.js";
import { AbortScope, untilAborted } from "./stream/abort-scope.js";
import { prewarmOver } from "./stream/attempt.js";
import { laneOrNone, usesWebSocket } from "./stream/open-attempt.js";
import { TurnContext } from "./stream/turn-context.js";
import { type PrewarmReport, report } from "./telemetry.js";

/** What became of it. */
export type PrewarmStatus = PrewarmReport["status"];

/** What the first turn is going to look like. */
export interface PrewarmFacts {
  readonly session: Session;
  readonly model: string | ModelInfo | undefined;
  readonly settings: ModelSettings;
  /** Nothing: only a connection is opened. */
  readonly prompt: Omit<Prompt, "input"> | undefined;
}

/** Prepares a session for its first turn. That it fails does no harm. */
export class Prewarm {
  /** For the first turn, which is routed to where the preparation happened. */
  readonly state: TurnState = new TurnState();
  readonly status: Promise<PrewarmStatus>;
  readonly #facts: PrewarmFacts;
  readonly #scope: AbortScope;
  readonly #startedAt = performance.now();
  #isTimedOut = false;

  constructor(facts: PrewarmFacts, signal: AbortSignal | undefined) {
    this.#facts = facts;
    this.#scope = new AbortScope(signal, facts.session.closing);
    this.status = this.#run();
  }

  /** Waits until it is done, but not longer than a connection may take to open. */
  async wait(signal: AbortSignal): Promise<void> {
    const { provider } = await untilAborted(this.#facts.session.setup(), signal);
    const leftMs = provider.websocketConnectTimeoutMs - (performance.now() - this.#startedAt);
    const timer = setTimeout(() => this.#giveUp(), Math.max(0, leftMs));
    try {
      await untilAborted(this.status, signal);
    } finally {
      clearTimeout(timer);
    }
  }

  #giveUp(): void {
    this.#isTimedOut = true;
    this.#scope.abort(new Error("the first turn waits no longer"));
  }

  async #run(): Promise<PrewarmStatus> {
    const status = await this.#prepare().catch(
      (): PrewarmStatus => (this.#isTimedOut ? "timed_out" : "failed"),
    );
    this.#scope[Symbol.dispose]();
    const durationMs = performance.now() - this.#startedAt;
    report(() => this.#facts.session.options.telemetry?.onPrewarm?.({ status, durationMs }));
    return status;
  }

  async #prepare(): Promise<PrewarmStatus> {
    const { session, model, settings, prompt } = this.#facts;
    const { signal } = this.#scope;
    const turn = new TurnContext(noTurn, this.state);
    const setup = await untilAborted(session.setup(), signal);
    // Also without a WebSocket: it may take a while to get.
    const access = await untilAborted(setup.resolve(signal), signal);
    if (!usesWebSocket(setup, turn)) return "skipped";
    const facts = { session, setup, turn, access, isMemory: false, signal };
    if (prompt === undefined) {
      if (session.lanes.isReadyFor(access.owner)) return "ready";
      const lane = await laneOrNone({ ...facts, built: { windowId: session.windowId } });
      if (lane !== undefined) session.lanes.put(lane);
      return lane === undefined ? "skipped" : "ready";
    }
    const info = typeof model === "object" ? model : await untilAborted(setup.findModel(model), signal);
    const built = buildRequest({
      identity: session.options.identity,
      turn: noTurn,
      windowId: session.windowId,
      kind: "prewarm",
      model: info,
      settings,
      prompt: { ...prompt, input: [] },
      promptCacheKey: session.options.promptCacheKey,
      hasItemIds: session.options.hasItemIds,
      dialect: { isOpenAi: setup.traits.isOpenai, isAzure: setup.traits.isAzure },
      items: session.items,
    });
    const lane = await laneOrNone({ ...facts, built });
    if (lane === undefined) return "skipped";
    try {
      await prewarmOver({ ...facts, built }, lane);
    } finally {
      // One that has failed is closed already, and is not kept.
      session.lanes.put(lane);
    }
    return "ready";
  }
}

const noTurn = { turnId: undefined, startedAtMs: undefined, workspaces: undefined, extras: {} } as const;
