import type { StreamTelemetry } from "@codex-ts/api";
import type { TraceSource, Transport, WebSocketTransport } from "@codex-ts/client";
import { InputItems } from "../request/input-items.js";
import type { SessionIdentity } from "../request/session-identity.js";
import { type ModelClientTelemetry, toStreamTelemetry } from "../telemetry.js";
import type { Access, Setup } from "./access.js";
import { RateLimitBoard } from "./rate-limit-board.js";
import { UsageMeter } from "./session-usage.js";
import { LaneKeeper } from "./websocket-lane.js";

/** Gives the value of `x-oai-attestation`, anew for each attempt. */
export type AttestationSource = () => Promise<string | undefined> | string | undefined;

/** What a session is made of. */
export interface SessionOptions {
  readonly identity: SessionIdentity;
  readonly transport: Transport & WebSocketTransport;
  readonly openSetup: () => Promise<Setup>;
  readonly telemetry: ModelClientTelemetry | undefined;
  readonly trace: TraceSource | undefined;
  readonly attestation: AttestationSource | undefined;
  readonly betaFeatures: readonly string[];
  readonly promptCacheKey: string;
  readonly hasItemIds: boolean;
  readonly compressesBodies: boolean;
  readonly timingMetrics: boolean;
  readonly windowNumber: number;
  readonly retryBaseDelayMs: number;
  readonly maxRetryAfterMs: number;
  readonly clock: () => number;
  readonly random: () => number;
}

/** What all turns of a session have in common, and what they leave behind for the next. */
export class Session {
  readonly options: SessionOptions;
  readonly items: InputItems;
  readonly usage: UsageMeter = new UsageMeter();
  readonly rateLimits: RateLimitBoard = new RateLimitBoard();
  readonly lanes: LaneKeeper;
  readonly streamTelemetry: StreamTelemetry | undefined;
  readonly #closing = new AbortController();
  #opening: Promise<Setup> | undefined;
  #setup: Setup | undefined;
  #windowNumber: number;
  #attests: boolean | undefined;

  constructor(options: SessionOptions) {
    this.options = options;
    this.items = new InputItems(options.clock);
    this.streamTelemetry = toStreamTelemetry(options.telemetry);
    this.lanes = new LaneKeeper({
      transport: options.transport,
      telemetry: options.telemetry,
      streamTelemetry: this.streamTelemetry,
    });
    this.#windowNumber = options.windowNumber;
  }

  /** `<thread>:<n>`: how often the conversation was made shorter. */
  get windowId(): string {
    return `${this.options.identity.threadId}:${this.#windowNumber}`;
  }

  get windowNumber(): number {
    return this.#windowNumber;
  }

  /** Fires when the session is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  advanceWindow(): void {
    this.#windowNumber += 1;
  }

  /** Asked again after a failure. */
  async setup(): Promise<Setup> {
    this.closing.throwIfAborted();
    this.#opening ??= this.options.openSetup();
    const opening = this.#opening;
    try {
      this.#setup = await opening;
      return this.#setup;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }

  /** Whether requests attest is decided by the login of the first one. */
  async attestation({ supportsAttestation }: Setup, { mode }: Access): Promise<string | undefined> {
    if (this.options.attestation === undefined) return undefined;
    this.#attests ??= supportsAttestation(mode);
    return this.#attests ? await this.options.attestation() : undefined;
  }

  async close(reason: unknown): Promise<void> {
    if (this.closing.aborted) return;
    this.#closing.abort(reason);
    await this.lanes.close();
    if (this.#setup !== undefined) await this.#setup.close();
    // What is still being opened may take its time, and is closed when it is there.
    else
      this.#opening?.then(
        (late) => late.close(),
        () => {},
      );
  }
}
