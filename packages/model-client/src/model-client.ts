import { createTransport, MemoryCookieJar, type Transport, type WebSocketTransport } from "@codex-ts/client";
import type { MemorySummary, MemoryTrace, ModelInfo, RateLimitSnapshot } from "@codex-ts/protocol";
import { compactConversation } from "./compaction/compact.js";
import type { CompactionOptions, CompactionResult } from "./compaction/compaction-options.js";
import { type MemoriesOptions, summarizeMemories } from "./memories.js";
import { checkModelClientOptions, type ModelClientOptions } from "./model-client-options.js";
import { openSetup } from "./open-setup.js";
import { Prewarm, type PrewarmStatus } from "./prewarm.js";
import type { ModelSettings } from "./request/model-settings.js";
import { type Prompt, toItemPrompt } from "./request/prompt.js";
import { parentThreadOf, type SessionIdentity } from "./request/session-identity.js";
import { withoutReservedKeys } from "./request/turn-metadata.js";
import { uuidV7 } from "./request/uuid-v7.js";
import { Session } from "./session/session.js";
import type { SessionUsage } from "./session/session-usage.js";
import { TurnContext } from "./stream/turn-context.js";
import { Turn, type TurnOptions } from "./turn.js";
import type { TurnParts } from "./turn-parts.js";

/**
 * The client of one session: its turns share a connection, the account, what they have cost, and what was learned
 * about the network.
 */
export class ModelClient implements AsyncDisposable {
  readonly #options: ModelClientOptions;
  readonly #session: Session;
  readonly #ownTransport: Transport | undefined;
  readonly #clock: () => number;
  #prewarm: Prewarm | undefined;

  /** Connects to nothing, and opens no login before it is needed. @throws TypeError for an option that cannot be. */
  constructor(options: ModelClientOptions) {
    checkModelClientOptions(options);
    const transport = options.transport ?? createOwnTransport(options);
    this.#ownTransport = options.transport === undefined ? transport : undefined;
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    this.#session = openSession(options, transport);
  }

  get threadId(): string {
    return this.#session.options.identity.threadId;
  }

  get sessionId(): string {
    return this.#session.options.identity.sessionId;
  }

  /** How often the conversation was made shorter. To be kept for a session that is to be resumed. */
  get windowNumber(): number {
    return this.#session.windowNumber;
  }

  /** What the session has cost so far. */
  get usage(): SessionUsage {
    return this.#session.usage.usage;
  }

  /** Newest state of each family of rate limits. */
  get rateLimits(): readonly RateLimitSnapshot[] {
    return this.#session.rateLimits.snapshots;
  }

  /** Begins a turn. Nothing is sent before its answer is read. */
  turn(options: TurnOptions = {}): Turn {
    const prewarm = this.#prewarm;
    this.#prewarm = undefined;
    return new Turn(this.#turnParts(options, prewarm));
  }

  /**
   * Has the conversation made shorter between two turns. The window of the session advances with it.
   *
   * @throws UserError
   */
  compact(
    prompt: string | Prompt,
    options: CompactionOptions & Omit<TurnOptions, "kind"> = {},
  ): Promise<CompactionResult> {
    const why = {
      trigger: "manual",
      reason: "user_requested",
      phase: "standalone_turn",
      ...options,
    } as const;
    return compactConversation(this.#turnParts(options, undefined), toItemPrompt(prompt), why);
  }

  /** Has recorded sessions summarized, one summary for each. @throws UserError */
  summarizeMemories(
    traces: readonly MemoryTrace[],
    options: MemoriesOptions = {},
  ): Promise<readonly MemorySummary[]> {
    return summarizeMemories(this.#session, this.#options.model, traces, options);
  }

  /**
   * Lets the server prepare for the first turn: with its instructions and tools, over the connection that it is going
   * to use. The first turn waits for it, but not long. Never rejects.
   */
  prewarm(
    prompt: Omit<Prompt, "input">,
    { signal, model, ...settings }: Pick<TurnOptions, keyof ModelSettings | "model" | "signal"> = {},
  ): Promise<PrewarmStatus> {
    return this.#prepare(prompt, { ...this.#options, ...settings }, model, signal);
  }

  /** Opens the connection that the first turn is going to use. Never rejects. */
  preconnect({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<PrewarmStatus> {
    return this.#prepare(undefined, this.#options, undefined, signal);
  }

  /** Ends all that is under way, and closes what the client has opened. Turns fail with kind `turn_aborted`. */
  async close(): Promise<void> {
    await this.#session.close(new Error("the client was closed"));
    await this.#ownTransport?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #prepare(
    prompt: Omit<Prompt, "input"> | undefined,
    settings: ModelSettings,
    model: string | ModelInfo | undefined,
    signal: AbortSignal | undefined,
  ): Promise<PrewarmStatus> {
    const facts = { session: this.#session, model: model ?? this.#options.model, settings, prompt };
    this.#prewarm = new Prewarm(facts, signal);
    return this.#prewarm.status;
  }

  #turnParts(options: TurnOptions, prewarm: Prewarm | undefined): TurnParts {
    const { model = this.#options.model, turnId = uuidV7(this.#clock()), signal } = options;
    const { kind = "turn", startedAtMs = this.#clock(), workspaces, metadata = {} } = options;
    const facts = { turnId, startedAtMs, workspaces, extras: withoutReservedKeys(metadata) };
    return {
      session: this.#session,
      kind,
      context: new TurnContext(facts, prewarm?.state, prewarm && ((waiter) => prewarm.wait(waiter))),
      model,
      settings: settingsOf(this.#options, options),
      signal,
    };
  }
}

/** What a turn says wins over what its client says. */
function settingsOf(client: ModelSettings, turn: ModelSettings): ModelSettings {
  return {
    effort: turn.effort ?? client.effort,
    summary: turn.summary ?? client.summary,
    verbosity: turn.verbosity ?? client.verbosity,
    serviceTier: turn.serviceTier ?? client.serviceTier,
  };
}

function createOwnTransport(options: ModelClientOptions): Transport & WebSocketTransport {
  const { network, identity, originator, trace } = options;
  const own = originator === undefined ? identity : { ...identity, originator };
  return createTransport({ cookies: new MemoryCookieJar(), ...network, identity: own, trace });
}

function openSession(options: ModelClientOptions, transport: Transport & WebSocketTransport): Session {
  const {
    clock = Date.now,
    random = Math.random,
    retryBaseDelayMs = 200,
    maxRetryAfterMs = 60_000,
  } = options;
  const { clientVersion = defaultClientVersion } = options;
  const identity = identityOf(options, clock);
  return new Session({
    identity,
    transport,
    openSetup: () => openSetup({ options, transport, clientVersion, retryBaseDelayMs, maxRetryAfterMs }),
    telemetry: options.telemetry,
    trace: options.trace,
    attestation: options.attestation,
    betaFeatures: options.betaFeatures ?? ["remote_compaction_v2"],
    promptCacheKey: options.promptCacheKey ?? identity.threadId,
    hasItemIds: options.itemIds ?? false,
    compressesBodies: options.compression ?? true,
    timingMetrics: options.timingMetrics ?? false,
    windowNumber: options.windowNumber ?? 0,
    retryBaseDelayMs,
    maxRetryAfterMs,
    clock,
    random,
  });
}

/** The release of the Codex CLI that was last compared with. */
export const defaultClientVersion = "0.169.0";

function identityOf(options: ModelClientOptions, clock: () => number): SessionIdentity {
  const { sessionSource = "cli", threadId = uuidV7(clock()) } = options;
  return {
    threadId,
    sessionId: options.sessionId ?? threadId,
    installationId: options.installationId,
    sessionSource,
    parentThreadId: options.parentThreadId ?? parentThreadOf(sessionSource),
    forkedFromThreadId: options.forkedFromThreadId,
    threadSource: options.threadSource,
    sandbox: options.sandbox,
    originator: options.originator,
  };
}
