import { type ClientChunkEnvelope, type ClientMessageEnvelope, decodeMessage } from "./inbound-envelope.js";
import { maxEnvelopeBytes, maxMessageBytes, maxSegments } from "./outbound-envelope.js";
import { fromKeyText, type StreamKey, toKeyText } from "./stream-key.js";

/** What became of a part of a message. */
export type AssemblyResult = ClientMessageEnvelope | "dropped" | "pending";

interface Assembly {
  readonly streamId: string;
  readonly seqId: number;
  readonly segmentCount: number;
  readonly sizeBytes: number;
  readonly chunks: Uint8Array[];
  receivedBytes: number;
}

const maxAssemblies = 128;

/**
 * Puts messages together that clients have sent in parts, one message for each client at a time.
 *
 * Its state outlives a connection: what was received is not sent again.
 */
export class MessageAssembler {
  /** By client; the one whose last chunk is oldest comes first. */
  readonly #assemblies = new Map<string, Assembly>();
  /** The newest message of a stream that was put together and delivered. */
  readonly #delivered = new Map<string, number>();
  readonly #maxTotalBytes: number;
  #totalBytes = 0;

  /** @param maxTotalBytes - Of all unfinished messages together. Beyond it, the oldest are given up. */
  constructor(maxTotalBytes: number = Number.POSITIVE_INFINITY) {
    this.#maxTotalBytes = maxTotalBytes;
  }

  /** @param frameBytes - Size of the envelope as it came. */
  accept(chunk: ClientChunkEnvelope, frameBytes: number): AssemblyResult {
    const { client_id: clientId, stream_id: streamId, seq_id: seqId, segment_id: segmentId } = chunk;
    if (streamId !== undefined && seqId !== undefined && this.#wasDelivered({ clientId, streamId }, seqId))
      return "dropped";
    const pending = this.#assemblies.get(clientId);
    const own = pending?.streamId === streamId ? pending : undefined;
    if (own !== undefined && seqId !== undefined && isStale(own, seqId, segmentId)) return "dropped";
    if (frameBytes > maxEnvelopeBytes) return this.#reject(clientId, own);
    if (streamId === undefined || seqId === undefined) return "dropped";
    if (!isPlausible(chunk)) return this.#reject(clientId, own);
    if (own === undefined) this.#drop(clientId);
    const assembly = own ?? startAssembly(chunk, streamId, seqId);
    if (!continues(assembly, chunk, seqId)) return this.#reject(clientId, own);
    return this.#add(clientId, assembly, chunk);
  }

  /** A message was handed on: its parts are of no use any more, should they come once more. */
  noteDelivered(key: StreamKey, seqId: number): void {
    this.#delivered.set(toKeyText(key), seqId);
  }

  /** Forgets a stream that has ended. */
  forgetStream(key: StreamKey): void {
    this.#delivered.delete(toKeyText(key));
    if (this.#assemblies.get(key.clientId)?.streamId === key.streamId) this.#drop(key.clientId);
  }

  /** Forgets all streams of a client that has gone. */
  forgetClient(clientId: string): void {
    this.#drop(clientId);
    for (const text of this.#delivered.keys())
      if (fromKeyText(text).clientId === clientId) this.#delivered.delete(text);
  }

  #wasDelivered(key: StreamKey, seqId: number): boolean {
    return (this.#delivered.get(toKeyText(key)) ?? -1) >= seqId;
  }

  #add(clientId: string, assembly: Assembly, chunk: ClientChunkEnvelope): AssemblyResult {
    const bytes = decodeBase64(chunk.message_chunk_base64);
    if (bytes === undefined || assembly.receivedBytes + bytes.length > assembly.sizeBytes)
      return this.#reject(clientId, assembly);
    assembly.chunks.push(bytes);
    assembly.receivedBytes += bytes.length;
    this.#totalBytes += bytes.length;
    this.#assemblies.delete(clientId);
    this.#assemblies.set(clientId, assembly);
    if (assembly.chunks.length < assembly.segmentCount) {
      this.#makeRoom(clientId);
      return "pending";
    }
    this.#drop(clientId);
    return toMessage(assembly, chunk) ?? "dropped";
  }

  #makeRoom(newest: string): void {
    for (const clientId of this.#assemblies.keys()) {
      const isWithin = this.#assemblies.size <= maxAssemblies && this.#totalBytes <= this.#maxTotalBytes;
      if (isWithin || clientId === newest) return;
      this.#drop(clientId);
    }
  }

  #reject(clientId: string, own: Assembly | undefined): "dropped" {
    if (own !== undefined) this.#drop(clientId);
    return "dropped";
  }

  #drop(clientId: string): void {
    this.#totalBytes -= this.#assemblies.get(clientId)?.receivedBytes ?? 0;
    this.#assemblies.delete(clientId);
  }
}

function isStale({ seqId, chunks }: Assembly, newSeqId: number, segmentId: number): boolean {
  return newSeqId < seqId || (newSeqId === seqId && segmentId < chunks.length);
}

function isPlausible(chunk: ClientChunkEnvelope): boolean {
  const { segment_id, segment_count, message_size_bytes, message_chunk_base64 } = chunk;
  if (segment_count < 1 || segment_count > maxSegments || segment_id >= segment_count) return false;
  return message_size_bytes >= 1 && message_size_bytes <= maxMessageBytes && message_chunk_base64 !== "";
}

function startAssembly(chunk: ClientChunkEnvelope, streamId: string, seqId: number): Assembly {
  const { segment_count: segmentCount, message_size_bytes: sizeBytes } = chunk;
  return { streamId, seqId, segmentCount, sizeBytes, chunks: [], receivedBytes: 0 };
}

function continues(assembly: Assembly, chunk: ClientChunkEnvelope, seqId: number): boolean {
  return (
    assembly.seqId === seqId &&
    assembly.segmentCount === chunk.segment_count &&
    assembly.sizeBytes === chunk.message_size_bytes &&
    assembly.chunks.length === chunk.segment_id
  );
}

function toMessage(assembly: Assembly, last: ClientChunkEnvelope): ClientMessageEnvelope | undefined {
  if (assembly.receivedBytes !== assembly.sizeBytes) return undefined;
  const message = decodeMessage(parseUtf8Json(Buffer.concat(assembly.chunks)));
  if (message === undefined) return undefined;
  const { client_id, stream_id, seq_id, cursor } = last;
  return {
    type: "client_message",
    message,
    client_id,
    ...(stream_id === undefined ? {} : { stream_id }),
    ...(seq_id === undefined ? {} : { seq_id }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function parseUtf8Json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(strictUtf8.decode(bytes));
  } catch {
    return undefined;
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Node decodes whatever it is given; only what comes out again as it went in is base64 (RFC 4648 §3.5, §4). */
function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
