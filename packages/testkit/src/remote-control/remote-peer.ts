import { clientMessageEnvelopes, type ServerEnvelope } from "./envelopes.js";

/** How a client of a server behaves. */
export interface RemotePeerOptions {
  /** Default: `phone-` and a number. */
  readonly clientId?: string | undefined;
  /** Default: `stream-` and a number. `null`: names none, as old clients do. */
  readonly streamId?: string | null | undefined;
  /** Larger messages are sent in parts of so many bytes. Default 100 KiB. */
  readonly chunkBytes?: number | undefined;
  /** Whether everything is acknowledged as it comes. Default true. Can be changed at any time. */
  readonly acknowledges?: boolean | undefined;
}

/** A client, such as a phone, that talks to a server. */
export interface RemotePeer {
  readonly clientId: string;
  readonly streamId: string | null;
  acknowledges: boolean;
  /** Called with each message, once and in order. What it returns is waited for before the next envelope is read. */
  onMessage: ((message: object) => void | Promise<void>) | undefined;
  /** All messages so far, unless there is an `onMessage`. */
  readonly received: readonly object[];
  /** Statuses of all answers to pings so far. */
  readonly pongs: readonly string[];
  /** Resolves when so many messages have come. */
  waitFor(count: number): Promise<readonly object[]>;
  /** Resolves when so many answers to pings have come. */
  waitForPongs(count: number): Promise<readonly string[]>;
  /**
   * Sends a JSON-RPC message.
   *
   * @returns When all of it was written to a connection, which may be a later one.
   */
  send(message: object): Promise<void>;
  /** Asks whether it is known. */
  ping(): Promise<void>;
  /** Says that it has gone. */
  close(): Promise<void>;
  /** Acknowledges a message, or a part of it. */
  acknowledge(seqId: number, segmentId?: number): void;
}

/** What a peer needs of its server. */
export interface PeerLink {
  /** Queues envelopes that the server must not miss. */
  readonly queue: (envelopes: readonly object[]) => Promise<void>;
  /** Sends an envelope on the connection of this moment, if there is one. */
  readonly sendNow: (envelope: object) => void;
  /** Takes down what a server should not have done. */
  readonly blame: (what: string) => void;
}

/** A client while a test runs. */
export class LocalPeer implements RemotePeer {
  readonly clientId: string;
  readonly streamId: string | null;
  readonly received: object[] = [];
  readonly pongs: string[] = [];
  acknowledges: boolean;
  onMessage: RemotePeer["onMessage"];
  readonly #chunkBytes: number;
  readonly #link: PeerLink;
  readonly #waiters = new Set<() => void>();
  #sentSeqId = 0;
  /** The stream that a server has made up for a client that names none. */
  #actualStreamId: string | undefined;
  #lastSeqId = 0;
  /** Parts of the message that is under way. */
  #parts: Buffer[] = [];

  constructor(link: PeerLink, number: number, options: RemotePeerOptions) {
    const { clientId = `phone-${number}`, streamId = `stream-${number}` } = options;
    this.#link = link;
    this.clientId = clientId;
    this.streamId = streamId;
    this.#chunkBytes = options.chunkBytes ?? 100 * 1024;
    this.acknowledges = options.acknowledges ?? true;
  }

  send(message: object): Promise<void> {
    this.#sentSeqId += 1;
    return this.#link.queue(clientMessageEnvelopes(this.#stream, this.#sentSeqId, message, this.#chunkBytes));
  }

  ping(): Promise<void> {
    return this.#link.queue([this.#sign("ping")]);
  }

  close(): Promise<void> {
    return this.#link.queue([this.#sign("client_closed")]);
  }

  acknowledge(seqId: number, segmentId?: number): void {
    const stream_id = this.streamId ?? this.#actualStreamId;
    this.#link.sendNow({
      type: "ack",
      client_id: this.clientId,
      stream_id,
      seq_id: seqId,
      segment_id: segmentId,
    });
  }

  async waitFor(count: number): Promise<readonly object[]> {
    await this.#until(() => this.received.length >= count);
    return this.received;
  }

  async waitForPongs(count: number): Promise<readonly string[]> {
    await this.#until(() => this.pongs.length >= count);
    return this.pongs;
  }

  /** Whether an envelope is for this client. */
  isFor({ clientId, streamId }: ServerEnvelope): boolean {
    if (clientId !== this.clientId) return false;
    return this.streamId === null
      ? this.#actualStreamId === undefined || this.#actualStreamId === streamId
      : this.streamId === streamId;
  }

  /** Takes an envelope in. What came before is acknowledged again, and not delivered again. */
  async accept(envelope: ServerEnvelope): Promise<void> {
    this.#actualStreamId = envelope.streamId;
    if (envelope.seqId > this.#lastSeqId) await this.#advance(envelope);
    for (const wake of this.#waiters) wake();
    if (!this.acknowledges) return;
    const isChunk = envelope.type === "server_message_chunk";
    this.acknowledge(envelope.seqId, isChunk ? envelope.segmentId : undefined);
  }

  async #advance(envelope: ServerEnvelope): Promise<void> {
    if (envelope.seqId !== this.#lastSeqId + 1)
      this.#link.blame(`seq_id ${envelope.seqId} came after ${this.#lastSeqId}`);
    if (envelope.type === "server_message_chunk" && !this.#collect(envelope)) return;
    this.#lastSeqId = envelope.seqId;
    if (envelope.type === "pong") {
      this.pongs.push(envelope.status);
      return;
    }
    const message =
      envelope.type === "server_message" ? envelope.message : (JSON.parse(this.#takeParts()) as object);
    if (this.onMessage === undefined) this.received.push(message);
    else await this.onMessage(message);
  }

  /** @returns Whether that was the last part. */
  #collect(chunk: Extract<ServerEnvelope, { type: "server_message_chunk" }>): boolean {
    const { segmentId, segmentCount, sizeBytes, bytes } = chunk;
    // It was sent once more after a disconnect.
    if (segmentId < this.#parts.length) return false;
    if (segmentId > this.#parts.length) {
      this.#link.blame(`segment ${segmentId} came after ${this.#parts.length - 1}`);
      return false;
    }
    this.#parts.push(bytes);
    if (this.#parts.length < segmentCount) return false;
    const size = this.#parts.reduce((sum, part) => sum + part.length, 0);
    if (size !== sizeBytes) this.#link.blame(`a message of ${sizeBytes} bytes came with ${size}`);
    return true;
  }

  #takeParts(): string {
    const text = Buffer.concat(this.#parts).toString();
    this.#parts = [];
    return text;
  }

  #sign(type: "client_closed" | "ping"): object {
    return { type, client_id: this.clientId, stream_id: this.streamId ?? undefined };
  }

  get #stream() {
    return { clientId: this.clientId, streamId: this.streamId ?? undefined };
  }

  #until(isReached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!isReached()) return;
        this.#waiters.delete(check);
        resolve();
      };
      this.#waiters.add(check);
      check();
    });
  }
}
