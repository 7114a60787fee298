import { OutboundBuffer, type Unacknowledged } from "./outbound-buffer.js";
import { messageEnvelopes, type OutboundEnvelope, pongEnvelope } from "./outbound-envelope.js";
import { Pulse } from "./pulse.js";
import { abortedError, RemoteControlError } from "./remote-control-error.js";
import { type StreamKey, toKeyText } from "./stream-key.js";

/** Something that waits for its turn to be sent. */
interface QueuedEvent {
  readonly key: StreamKey;
  /** A message as JSON, or what to answer to a ping. */
  readonly content: { readonly json: string } | { readonly pong: "active" | "unknown" };
  /** Leaves the queue, with the error if there is one. */
  readonly settle: (error?: RemoteControlError) => void;
}

/** So many streams are remembered that have nothing under way. */
const maxIdleCounters = 4096;
/** So many answers to pings wait. A client that gets none asks again. */
const maxQueuedPongs = 1024;

/**
 * What is on its way to the clients, on whatever connection there is. Numbers each event of a stream, keeps it until it
 * is acknowledged, and takes a new one only while there is room.
 */
export class Outbox {
  readonly #capacity: number;
  readonly #buffer = new OutboundBuffer();
  readonly #counters = new Map<string, number>();
  readonly #pulse = new Pulse();
  readonly #queue = new Set<QueuedEvent>();
  readonly #queuedPongs = new Set<string>();
  /** For the connection of this moment, in order. Those that were acknowledged meanwhile are skipped. */
  #unsent: Unacknowledged[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Whether somebody waits to send, for which acknowledgements have to come first. */
  get isBlocked(): boolean {
    return this.#queue.size > 0;
  }

  /** How many envelopes are not acknowledged. */
  get unacknowledged(): number {
    return this.#buffer.size;
  }

  /** Called whenever {@link Outbox.isBlocked} may have changed. */
  get pulse(): Pulse {
    return this.#pulse;
  }

  /**
   * Sends a message, on this connection or a later one.
   *
   * @returns When the message was taken in. It waits its turn before, no matter for how long.
   * @throws {@link RemoteControlError} when it will not be sent, in whole or in part.
   */
  send(key: StreamKey, json: string, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(abortedError(signal));
    return new Promise((resolve, reject) => {
      const event: QueuedEvent = {
        key,
        content: { json },
        settle: (error) => {
          signal?.removeEventListener("abort", onAbort);
          this.#queue.delete(event);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const onAbort = (): void => event.settle(signal && abortedError(signal));
      signal?.addEventListener("abort", onAbort);
      this.#enqueue(event);
    });
  }

  /** Answers a ping. Several that wait for the same stream are one. */
  pong(key: StreamKey, status: "active" | "unknown"): void {
    const text = toKeyText(key);
    if (this.#queuedPongs.has(text) || this.#queuedPongs.size >= maxQueuedPongs) return;
    this.#queuedPongs.add(text);
    const event: QueuedEvent = {
      key,
      content: { pong: status },
      settle: () => {
        this.#queuedPongs.delete(text);
        this.#queue.delete(event);
      },
    };
    this.#enqueue(event);
  }

  acknowledge(key: StreamKey, seqId: number, segmentId: number | undefined): void {
    this.#buffer.acknowledge(key, seqId, segmentId);
    this.#takeIn();
  }

  /** Gives up all that a stream was still to get; its numbers go on. */
  forgetStream(key: StreamKey, error: RemoteControlError): void {
    this.#buffer.forgetStream(key);
    this.forgetQueued(key, error);
  }

  /** Gives up what of a stream still waits its turn, and goes on to send what was taken in. */
  forgetQueued(key: StreamKey, error: RemoteControlError): void {
    const text = toKeyText(key);
    for (const event of this.#queue) if (toKeyText(event.key) === text) event.settle(error);
    this.#takeIn();
  }

  /** Gives up all that any stream was still to get. */
  forgetAll(error: RemoteControlError): void {
    for (const event of this.#queue) event.settle(error);
    for (const key of this.#buffer.streams()) this.#buffer.forgetStream(key);
    this.#pulse.notify();
  }

  /** Streams that have not acknowledged everything. */
  unfinishedStreams(): readonly StreamKey[] {
    return this.#buffer.streams();
  }

  /** Begins a new connection: everything that is not acknowledged is sent once more. */
  restart(): void {
    this.#unsent = this.#buffer.all();
  }

  /**
   * Takes what is to be sent next, about so many bytes of it.
   *
   * @returns An empty list when the signal has fired.
   */
  async nextTexts(maxBytes: number, signal: AbortSignal): Promise<readonly string[]> {
    while (!signal.aborted) {
      const texts = this.#takeUnsent(maxBytes);
      if (texts.length > 0) return texts;
      await this.#pulse.wait(signal);
    }
    return [];
  }

  #takeUnsent(maxBytes: number): readonly string[] {
    const texts: string[] = [];
    let bytes = 0;
    let taken = 0;
    for (const entry of this.#unsent) {
      if (bytes >= maxBytes) break;
      taken += 1;
      if (entry.isAcknowledged) continue;
      texts.push(entry.envelope.text);
      bytes += entry.envelope.text.length;
    }
    this.#unsent.splice(0, taken);
    return texts;
  }

  #enqueue(event: QueuedEvent): void {
    this.#queue.add(event);
    this.#takeIn();
  }

  #takeIn(): void {
    for (const event of this.#queue) {
      if (this.#buffer.size >= this.#capacity) break;
      this.#number(event);
    }
    this.#pulse.notify();
  }

  #number(event: QueuedEvent): void {
    const { key, content } = event;
    const seqId = this.#nextSeqId(key);
    const envelopes: readonly OutboundEnvelope[] | undefined =
      "json" in content
        ? messageEnvelopes(key, seqId, content.json)
        : [pongEnvelope(key, seqId, content.pong)];
    if (envelopes !== undefined) this.#unsent.push(...this.#buffer.add(key, envelopes));
    event.settle(envelopes === undefined ? tooLarge() : undefined);
  }

  #nextSeqId(key: StreamKey): number {
    const text = toKeyText(key);
    const seqId = (this.#counters.get(text) ?? 0) + 1;
    this.#counters.delete(text);
    this.#counters.set(text, seqId);
    this.#forgetCounters();
    return seqId;
  }

  /** Whoever has been silent for longest starts at 1 again, as the reference never lets it: its list only grows. */
  #forgetCounters(): void {
    if (this.#counters.size <= maxIdleCounters) return;
    const busy = new Set(this.#buffer.streams().map(toKeyText));
    for (const text of this.#counters.keys()) {
      if (this.#counters.size <= maxIdleCounters) return;
      if (!busy.has(text)) this.#counters.delete(text);
    }
  }
}

function tooLarge(): RemoteControlError {
  return new RemoteControlError("the message is too large: its JSON has more than 100 MiB", {
    kind: "invalid_input",
    code: "message_too_large",
  });
}
