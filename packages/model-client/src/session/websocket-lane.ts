import {
  ResponsesWebSocketClient,
  type ResponsesWebSocketConnection,
  type StreamTelemetry,
  toUserError,
  type WebSocketConnectOptions,
} from "@codex-ts/api";
import type { WebSocketTransport } from "@codex-ts/client";
import { type ModelClientTelemetry, report } from "../telemetry.js";
import type { Access } from "./access.js";

/** A connection, and what is known about it. */
export interface Lane {
  readonly connection: ResponsesWebSocketConnection;
  readonly owner: string;
  /** Whether it was open before. */
  readonly isReused: boolean;
}

/** What connections are opened with. */
export interface LaneKeeperOptions {
  readonly transport: WebSocketTransport;
  readonly telemetry: ModelClientTelemetry | undefined;
  readonly streamTelemetry: StreamTelemetry | undefined;
}

/**
 * Keeps the connection of a session from one response to the next. Whoever takes it has it alone; who comes meanwhile
 * gets one of its own.
 */
export class LaneKeeper {
  readonly #options: LaneKeeperOptions;
  #parked: Omit<Lane, "isReused"> | undefined;
  #isClosed = false;

  constructor(options: LaneKeeperOptions) {
    this.#options = options;
  }

  /** Whether a connection waits that could be taken. */
  isReadyFor(owner: string): boolean {
    return this.#parked?.connection.isOpen === true && this.#parked.owner === owner;
  }

  /** Takes the connection that is there, or opens one. @throws ApiError of the handshake. */
  async take(access: Access, options: WebSocketConnectOptions): Promise<Lane> {
    const parked = this.#parked;
    this.#parked = undefined;
    if (parked !== undefined) {
      if (parked.connection.isOpen && parked.owner === access.owner) return { ...parked, isReused: true };
      void parked.connection.close();
    }
    return { connection: await this.#connect(access, options), owner: access.owner, isReused: false };
  }

  /** Gives a connection back. One that cannot be used again is let go. */
  put({ connection, owner }: Omit<Lane, "isReused">): void {
    if (!connection.isOpen) return;
    if (this.#isClosed || this.#parked?.connection.isOpen === true) {
      void connection.close();
      return;
    }
    this.#parked = { connection, owner };
  }

  /** Closes the connection that waits. */
  async drop(): Promise<void> {
    const parked = this.#parked;
    this.#parked = undefined;
    await parked?.connection.close();
  }

  /** Closes it, and whatever is given back from now on. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.drop();
  }

  async #connect(
    { provider, auth }: Access,
    options: WebSocketConnectOptions,
  ): Promise<ResponsesWebSocketConnection> {
    const { transport, telemetry, streamTelemetry } = this.#options;
    const startedAt = performance.now();
    const tell = (error: unknown): void =>
      report(() =>
        telemetry?.onWebSocketConnect?.({
          durationMs: performance.now() - startedAt,
          error: error === undefined ? undefined : toUserError(error),
        }),
      );
    try {
      const client = new ResponsesWebSocketClient({ transport, provider, auth, telemetry: streamTelemetry });
      const connection = await client.connect(options);
      tell(undefined);
      return connection;
    } catch (error) {
      tell(error);
      throw error;
    }
  }
}
