import { ClientTracker } from "./client-tracker.js";
import { decodeEnvelope, type InboundEnvelope } from "./inbound-envelope.js";
import type { Limits } from "./limits.js";
import { MessageAssembler } from "./message-assembler.js";
import { Outbox } from "./outbox.js";
import type { RemoteClient, RemoteClientEnd } from "./remote-client.js";
import { type RemoteControlTelemetry, report } from "./telemetry.js";
import type { WaitingLine } from "./waiting-line.js";

/** What a channel needs of its surroundings. */
export interface ControlChannelOptions {
  readonly limits: Limits;
  readonly clock: () => number;
  readonly arrivals: WaitingLine<RemoteClient>;
  readonly telemetry: RemoteControlTelemetry | undefined;
}

/** All that outlives a connection of one enrolment: the clients, what is on its way to them, and how far we have read. */
export class ControlChannel {
  readonly outbox: Outbox;
  readonly #tracker: ClientTracker;
  readonly #assembler: MessageAssembler;
  readonly #telemetry: RemoteControlTelemetry | undefined;
  #cursor: string | undefined;

  constructor({ limits, clock, arrivals, telemetry }: ControlChannelOptions) {
    this.outbox = new Outbox(limits.unacknowledgedEnvelopes);
    this.#assembler = new MessageAssembler(limits.unfinishedBytes);
    this.#telemetry = telemetry;
    this.#tracker = new ClientTracker({
      limits,
      clock,
      arrivals,
      outbox: this.outbox,
      onStreamEnd: (key) => this.#assembler.forgetStream(key),
    });
  }

  /** Up to where everything was handed on, in the backend's own terms. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /**
   * Takes in what the backend has sent.
   *
   * @throws {@link RemoteControlError} when it could not be handed on. It has to be sent once more then.
   */
  async accept(text: string, signal: AbortSignal): Promise<void> {
    const bytes = Buffer.byteLength(text);
    const envelope = decodeEnvelope(text);
    if (envelope === undefined) {
      report(() => this.#telemetry?.onIgnored?.({ reason: "undecodable", bytes }));
      return;
    }
    if (envelope.type !== "client_message_chunk") {
      await this.#handOn(envelope, bytes, signal);
      return;
    }
    const message = this.#assembler.accept(envelope, bytes);
    if (message === "dropped") report(() => this.#telemetry?.onIgnored?.({ reason: "part", bytes }));
    if (typeof message === "string") return;
    await this.#handOn(message, envelope.message_size_bytes, signal);
    const { client_id: clientId, stream_id: streamId, seq_id: seqId } = message;
    if (streamId === undefined || seqId === undefined) return;
    // Nothing is kept of streams that nobody has opened, of which there may be any number.
    const key = { clientId, streamId };
    if (this.#tracker.isKnown(key)) this.#assembler.noteDelivered(key, seqId);
  }

  sweep(): void {
    this.#tracker.sweep();
  }

  /** Ends all clients. Where we have read up to is still known. */
  endClients(end: RemoteClientEnd): void {
    this.#tracker.endAll(end);
  }

  async #handOn(envelope: InboundEnvelope, bytes: number, signal: AbortSignal): Promise<void> {
    const { type, client_id: clientId, stream_id: streamId, seq_id: seqId } = envelope;
    if (type === "ack" && streamId !== undefined && seqId !== undefined)
      this.outbox.acknowledge({ clientId, streamId }, seqId, envelope.segment_id);
    await this.#tracker.accept(envelope, bytes, signal);
    if (type === "client_closed" && streamId === undefined) this.#assembler.forgetClient(clientId);
    this.#cursor = envelope.cursor ?? this.#cursor;
  }
}
