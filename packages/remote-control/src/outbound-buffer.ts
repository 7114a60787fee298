import type { OutboundEnvelope } from "./outbound-envelope.js";
import { type StreamKey, toKeyText } from "./stream-key.js";

/** An envelope that was sent, or is about to be. */
export interface Unacknowledged {
  readonly envelope: OutboundEnvelope;
  /** Whether it need not be sent any more. */
  readonly isAcknowledged: boolean;
}

interface BufferedStream {
  readonly key: StreamKey;
  readonly entries: { readonly envelope: OutboundEnvelope; isAcknowledged: boolean }[];
}

/** Everything that is not acknowledged. It outlives a connection, and is sent again on the next one. */
export class OutboundBuffer {
  readonly #streams = new Map<string, BufferedStream>();
  #size = 0;

  /** How many envelopes are not acknowledged. */
  get size(): number {
    return this.#size;
  }

  /** @returns The envelopes as they are kept. */
  add(key: StreamKey, envelopes: readonly OutboundEnvelope[]): readonly Unacknowledged[] {
    const text = toKeyText(key);
    const stream = this.#streams.get(text) ?? { key, entries: [] };
    const entries = envelopes.map((envelope) => ({ envelope, isAcknowledged: false }));
    stream.entries.push(...entries);
    this.#streams.set(text, stream);
    this.#size += entries.length;
    return entries;
  }

  /**
   * Removes what was acknowledged: all of the stream up to an envelope, or up to all of a message.
   *
   * @param segmentId - Left out for all parts of the message.
   */
  acknowledge(key: StreamKey, seqId: number, segmentId: number = Number.POSITIVE_INFINITY): void {
    const stream = this.#streams.get(toKeyText(key));
    if (stream === undefined) return;
    const first = stream.entries.findIndex(({ envelope }) => isAfter(envelope, seqId, segmentId));
    this.#remove(stream, first === -1 ? stream.entries.length : first);
  }

  /** Gives up what a stream has not acknowledged: nobody will. */
  forgetStream(key: StreamKey): void {
    const stream = this.#streams.get(toKeyText(key));
    if (stream !== undefined) this.#remove(stream, stream.entries.length);
  }

  /** Lists the streams that have not acknowledged everything. */
  streams(): readonly StreamKey[] {
    return [...this.#streams.values()].map(({ key }) => key);
  }

  /** Lists everything in the order in which it has to be sent, stream by stream. */
  all(): Unacknowledged[] {
    return [...this.#streams.values()].flatMap(({ entries }) => entries);
  }

  #remove({ key, entries }: BufferedStream, count: number): void {
    for (const entry of entries.splice(0, count)) entry.isAcknowledged = true;
    this.#size -= count;
    if (entries.length === 0) this.#streams.delete(toKeyText(key));
  }
}

function isAfter(envelope: OutboundEnvelope, seqId: number, segmentId: number): boolean {
  return envelope.seqId > seqId || (envelope.seqId === seqId && envelope.segmentId > segmentId);
}
