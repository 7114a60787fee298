import type { RemoteControlMessage } from "@codex-ts/protocol";
import { ClientTracker } from "../../src/client-tracker.js";
import type { InboundEnvelope } from "../../src/inbound-envelope.js";
import type { RemoteClient, RemoteControlLimits } from "../../src/index.js";
import { toLimits } from "../../src/limits.js";
import { Outbox } from "../../src/outbox.js";
import { WaitingLine } from "../../src/waiting-line.js";

/** A tracker without a connection, with a clock that stands still. */
export class TrackerWorld {
  now = 1_000_000;
  readonly outbox: Outbox;
  readonly arrivals: WaitingLine<RemoteClient>;
  readonly tracker: ClientTracker;
  readonly ending = new AbortController();

  constructor(given: RemoteControlLimits = {}) {
    const limits = toLimits({ handOverTimeoutMs: 30, ...given });
    this.outbox = new Outbox(limits.unacknowledgedEnvelopes);
    this.arrivals = new WaitingLine({ count: limits.waitingClients, bytes: Number.POSITIVE_INFINITY });
    this.tracker = new ClientTracker({
      limits,
      outbox: this.outbox,
      arrivals: this.arrivals,
      clock: () => this.now,
      onStreamEnd: () => {},
    });
  }

  accept(envelope: InboundEnvelope, bytes = 10): Promise<void> {
    return this.tracker.accept(envelope, bytes, this.ending.signal);
  }

  /** The next client that has opened a session. */
  async next(): Promise<RemoteClient> {
    for await (const client of this.arrivals.read()) return client;
    throw new Error("nobody came");
  }

  /** What is to be sent. */
  async sent(): Promise<readonly { readonly [member: string]: unknown }[]> {
    const texts = await this.outbox.nextTexts(1_000_000, new AbortController().signal);
    return texts.map((text) => JSON.parse(text));
  }
}

/** A message of a client. */
export function messageOf(
  seqId: number | undefined,
  method: string,
  facts: { readonly streamId?: string | undefined; readonly clientId?: string } = { streamId: "s" },
): InboundEnvelope {
  const { streamId, clientId = "c" } = facts;
  const isRequest = method === "initialize";
  return {
    type: "client_message",
    client_id: clientId,
    message: (isRequest ? { id: 1, method } : { method }) as RemoteControlMessage,
    ...(streamId === undefined ? {} : { stream_id: streamId }),
    ...(seqId === undefined ? {} : { seq_id: seqId }),
  };
}

export function signOf(type: "client_closed" | "ping", streamId?: string, clientId = "c"): InboundEnvelope {
  return { type, client_id: clientId, ...(streamId === undefined ? {} : { stream_id: streamId }) };
}

/** Reads what has arrived for a client, without waiting for more. */
export async function drain(client: RemoteClient): Promise<string[]> {
  const methods: string[] = [];
  const reader = client.messages();
  for (;;) {
    const next = await Promise.race([
      reader.next(),
      new Promise<undefined>((r) => setImmediate(() => r(undefined))),
    ]);
    if (next === undefined || next.done) break;
    methods.push((next.value as { method: string }).method);
  }
  await reader.return?.();
  return methods;
}
