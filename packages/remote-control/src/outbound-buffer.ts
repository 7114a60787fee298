import type { OutboundEnvelope } from "./outbound-envelope.js";
import { type StreamKey, toKeyText } from "./stream-key.js";

interface BufferedStream {
  readonly key: StreamKey;
  readonly envelopes: OutboundEnvelope[];
}

/** Everything that was sent and not acknowledged. It outlives a connection, and is sent again on the next one. */
export class OutboundBuffer {
  readonly #streams = new Map<string, BufferedStream>();
  #size = 0;

  /** How many envelopes are not acknowledged. */
  get size(): number {
    return this.#size;
  }

  add(key: StreamKey, envelopes: readonly OutboundEnvelope[]): void {
    const text = toKeyText(key);
    const stream = this.#streams.get(text) ?? { key, envelopes: [] };
    stream.envelopes.push(...envelopes);
    this.#streams.set(text, stream);
    this.#size += envelopes.length;
  }

  /**
   * Removes what was acknowledged: all of the stream up to an envelope, or up to all of a message.
   *
   * @param segmentId - Left out for all parts of the message.
   */
  acknowledge(key: StreamKey, seqId: number, segmentId: number = Number.POSITIVE_INFINITY): void {
    const stream = this.#streams.get(toKeyText(key));
    if (stream === undefined) return;
    const first = stream.envelopes.findIndex((envelope) => isAfter(envelope, seqId, segmentId));
    this.#remove(stream, first === -1 ? stream.envelopes.length : first);
  }

  /** Gives up what a stream has not acknowledged: nobody will. */
  forgetStream(key: StreamKey): void {
    const stream = this.#streams.get(toKeyText(key));
    if (stream !== undefined) this.#remove(stream, stream.envelopes.length);
  }

  /** Lists the streams that have not acknowledged everything. */
  streams(): readonly StreamKey[] {
    return [...this.#streams.values()].map(({ key }) => key);
  }

  /** Lists everything in the order in which it has to be sent, stream by stream. */
  *envelopes(): Generator<{ readonly key: StreamKey; readonly envelope: OutboundEnvelope }> {
    for (const { key, envelopes } of [...this.#streams.values()])
      for (const envelope of [...envelopes]) yield { key, envelope };
  }

  #remove({ key, envelopes }: BufferedStream, count: number): void {
    envelopes.splice(0, count);
    this.#size -= count;
    if (envelopes.length === 0) this.#streams.delete(toKeyText(key));
  }
}

function isAfter(envelope: OutboundEnvelope, seqId: number, segmentId: number): boolean {
  return envelope.seqId > seqId || (envelope.seqId === seqId && envelope.segmentId > segmentId);
}
