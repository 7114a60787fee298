import type { RemoteControlMessage } from "@codex-ts/protocol";
import type { ClientMessageEnvelope, InboundEnvelope } from "./inbound-envelope.js";
import type { Limits } from "./limits.js";
import type { Outbox } from "./outbox.js";
import { goneError, type RemoteClient, type RemoteClientEnd, TrackedClient } from "./remote-client.js";
import { RemoteControlError } from "./remote-control-error.js";
import { type StreamKey, toKeyText } from "./stream-key.js";
import { uuidV7 } from "./uuid-v7.js";
import type { WaitingLine } from "./waiting-line.js";

interface Entry {
  readonly key: StreamKey;
  readonly client: TrackedClient;
  lastSeqId: number | undefined;
  lastActivityAt: number;
}

/** What a tracker needs of its surroundings. */
export interface ClientTrackerOptions {
  readonly limits: Limits;
  readonly outbox: Outbox;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Where new clients wait for the host. */
  readonly arrivals: WaitingLine<RemoteClient>;
  /** Called when a stream is of no interest any more. */
  readonly onStreamEnd: (key: StreamKey) => void;
}

/** Knows the clients, and hands them what they were sent. */
export class ClientTracker {
  readonly #options: ClientTrackerOptions;
  readonly #entries = new Map<string, Entry>();
  /** The stream of clients that name none. */
  readonly #unnamedStreams = new Map<string, string>();
  /** Streams that were closed from here and still get what was sent before, with the time since when. */
  readonly #draining = new Map<string, { readonly key: StreamKey; readonly since: number }>();

  constructor(options: ClientTrackerOptions) {
    this.#options = options;
  }

  /** Whether the stream is that of a client that is there. */
  isKnown(key: StreamKey): boolean {
    return this.#entries.has(toKeyText(key));
  }

  /**
   * Hands an envelope on, and returns when it was taken in.
   *
   * @param bytes - Size of the message.
   * @throws {@link RemoteControlError} of kind `timed_out` when nobody took it in. Nothing has changed then, and it may
   * be sent once more.
   */
  async accept(envelope: InboundEnvelope, bytes: number, signal: AbortSignal): Promise<void> {
    const key = this.#keyOf(envelope);
    switch (envelope.type) {
      case "ack":
        return;
      case "ping":
        this.#answerPing(key ?? { clientId: envelope.client_id, streamId: uuidV7(this.#options.clock()) });
        return;
      case "client_closed":
        if (key !== undefined) this.#endStream(key, "client_closed");
        return;
      case "client_message":
        if (isInitialize(envelope.message)) await this.#open(envelope, bytes, signal);
        else if (key !== undefined) await this.#forward(key, envelope, bytes, signal);
    }
  }

  /** Closes clients that have shown no life for too long, and gives up what closed ones never acknowledged. */
  sweep(): void {
    const { clock, limits, outbox } = this.#options;
    const limit = clock() - limits.clientIdleTimeoutMs;
    for (const { key, lastActivityAt } of [...this.#entries.values()])
      if (lastActivityAt <= limit) this.#endStream(key, "idle");
    for (const key of outbox.unfinishedStreams()) this.#watchDraining(key);
    for (const [text, { key, since }] of [...this.#draining]) {
      if (since > limit) continue;
      this.#draining.delete(text);
      if (!this.isKnown(key)) outbox.forgetStream(key, goneError("idle"));
    }
  }

  /** Ends all clients. Nothing is sent to them any more. */
  endAll(end: RemoteClientEnd): void {
    for (const { key } of [...this.#entries.values()]) this.#endStream(key, end);
    this.#draining.clear();
    this.#options.outbox.forgetAll(goneError(end));
  }

  #keyOf({ client_id: clientId, stream_id }: InboundEnvelope): StreamKey | undefined {
    const streamId = stream_id ?? this.#unnamedStreams.get(clientId);
    return streamId === undefined ? undefined : { clientId, streamId };
  }

  #answerPing(key: StreamKey): void {
    const entry = this.#entries.get(toKeyText(key));
    if (entry !== undefined) entry.lastActivityAt = this.#options.clock();
    this.#options.outbox.pong(key, entry === undefined ? "unknown" : "active");
  }

  async #open(envelope: ClientMessageEnvelope, bytes: number, signal: AbortSignal): Promise<void> {
    const { client_id: clientId, stream_id, seq_id } = envelope;
    const { arrivals, clock, limits, outbox } = this.#options;
    await this.#waitFor(arrivals, () => arrivals.hasRoom(0), signal);
    const previous = this.#unnamedStreams.get(clientId);
    if (stream_id === undefined && previous !== undefined)
      this.#endStream({ clientId, streamId: previous }, "replaced");
    const key = { clientId, streamId: stream_id ?? uuidV7(clock()) };
    this.#endStream(key, "replaced");
    const client = new TrackedClient({
      key,
      outbox,
      limits: { count: limits.unreadMessages, bytes: limits.unreadBytes },
      onClose: () => this.#onClosedByHost(key, client),
    });
    this.#entries.set(toKeyText(key), {
      key,
      client,
      // Without a stream of its own, a client counts anew from its next message on.
      lastSeqId: stream_id === undefined ? undefined : seq_id,
      lastActivityAt: clock(),
    });
    if (stream_id === undefined) this.#unnamedStreams.set(clientId, key.streamId);
    client.line.push(envelope.message, bytes);
    arrivals.push(client, 0);
  }

  async #forward(
    key: StreamKey,
    { message, seq_id: seqId }: ClientMessageEnvelope,
    bytes: number,
    signal: AbortSignal,
  ): Promise<void> {
    const entry = this.#entries.get(toKeyText(key));
    if (entry === undefined) return;
    entry.lastActivityAt = this.#options.clock();
    if (seqId !== undefined && entry.lastSeqId !== undefined && seqId <= entry.lastSeqId) return;
    const { line } = entry.client;
    const { outbox, limits } = this.#options;
    const hasRoom = (): boolean =>
      line.isEnded || line.hasRoom(bytes, outbox.isBlocked ? limits.readAheadBytes : 0);
    await this.#waitFor(line, hasRoom, signal);
    line.push(message, bytes);
    if (seqId !== undefined) entry.lastSeqId = seqId;
  }

  async #waitFor(
    { pulse }: WaitingLine<unknown>,
    hasRoom: () => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    if (hasRoom()) return;
    const { handOverTimeoutMs } = this.#options.limits;
    const isLimited = handOverTimeoutMs > 0 && Number.isFinite(handOverTimeoutMs);
    const limit = new AbortController();
    const timer = isLimited ? setTimeout(() => limit.abort(), handOverTimeoutMs) : undefined;
    try {
      while (!hasRoom()) {
        if (signal.aborted) throw interrupted();
        if (limit.signal.aborted) throw handOverTimeout(handOverTimeoutMs);
        await Promise.race([
          pulse.wait(signal, limit.signal),
          this.#options.outbox.pulse.wait(signal, limit.signal),
        ]);
      }
    } finally {
      clearTimeout(timer);
      limit.abort();
    }
  }

  #endStream(key: StreamKey, end: RemoteClientEnd): void {
    const entry = this.#entries.get(toKeyText(key));
    this.#options.onStreamEnd(key);
    if (entry === undefined) {
      if (end === "client_closed") this.#options.outbox.forgetStream(key, goneError(end));
      return;
    }
    this.#forget(key);
    entry.client.finish(end);
    this.#options.outbox.forgetStream(key, goneError(end));
  }

  /** What was taken in before is still sent, so the stream stays in the outbox. */
  #onClosedByHost(key: StreamKey, client: TrackedClient): void {
    if (this.#entries.get(toKeyText(key))?.client !== client) return;
    this.#forget(key);
    this.#options.onStreamEnd(key);
    this.#options.outbox.forgetQueued(key, goneError("closed"));
    this.#watchDraining(key);
  }

  #watchDraining(key: StreamKey): void {
    const text = toKeyText(key);
    if (!this.#entries.has(text) && !this.#draining.has(text))
      this.#draining.set(text, { key, since: this.#options.clock() });
  }

  #forget({ clientId, streamId }: StreamKey): void {
    this.#entries.delete(toKeyText({ clientId, streamId }));
    if (this.#unnamedStreams.get(clientId) === streamId) this.#unnamedStreams.delete(clientId);
  }
}

function isInitialize(message: RemoteControlMessage): boolean {
  return "id" in message && "method" in message && message.method === "initialize";
}

function handOverTimeout(milliseconds: number): RemoteControlError {
  return new RemoteControlError(`nobody has read what clients sent for ${milliseconds} ms`, {
    kind: "timed_out",
  });
}

function interrupted(): RemoteControlError {
  return new RemoteControlError("the connection has ended", { kind: "interrupted" });
}
