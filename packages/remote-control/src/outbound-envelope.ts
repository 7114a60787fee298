import type { StreamKey } from "./stream-key.js";

/** An envelope that is ready to be sent. */
export interface OutboundEnvelope {
  readonly seqId: number;
  /** 0 for what is not split. */
  readonly segmentId: number;
  readonly text: string;
}

/** Largest envelope that is sent whole, and largest chunk envelope, in bytes. */
export const maxEnvelopeBytes: number = 150 * 1024;
const targetChunkBytes = 100 * 1024;
export const maxMessageBytes: number = 100 * 1024 * 1024;
export const maxSegments = 1024;

/** Says to a client whether it is known. */
export function pongEnvelope(key: StreamKey, seqId: number, status: "active" | "unknown"): OutboundEnvelope {
  return { seqId, segmentId: 0, text: `{"type":"pong","status":"${status}",${tail(key, seqId)}` };
}

/**
 * Puts a message in one envelope or, if that were too large, in several.
 *
 * @param json - The message as compact JSON.
 * @returns Nothing for a message that is too large however it is split.
 */
export function messageEnvelopes(
  key: StreamKey,
  seqId: number,
  json: string,
): readonly OutboundEnvelope[] | undefined {
  const end = tail(key, seqId);
  const whole = `{"type":"server_message","message":${json},${end}`;
  if (isWithin(whole, maxEnvelopeBytes)) return [{ seqId, segmentId: 0, text: whole }];
  const raw = Buffer.from(json);
  if (raw.length > maxMessageBytes) return undefined;
  const count = segmentCount(raw.length, Buffer.byteLength(end));
  if (count === undefined) return undefined;
  const chunkBytes = Math.ceil(raw.length / count);
  return Array.from({ length: count }, (_, segmentId) => {
    const chunk = raw.toString("base64", segmentId * chunkBytes, (segmentId + 1) * chunkBytes);
    return { seqId, segmentId, text: `${chunkHead(segmentId, count, raw.length)}"${chunk}",${end}` };
  });
}

function tail({ clientId, streamId }: StreamKey, seqId: number): string {
  return `"client_id":${JSON.stringify(clientId)},"stream_id":${JSON.stringify(streamId)},"seq_id":${seqId}}`;
}

function chunkHead(segmentId: number, count: number, size: number): string {
  return `{"type":"server_message_chunk","segment_id":${segmentId},"segment_count":${count},"message_size_bytes":${size},"message_chunk_base64":`;
}

/** Finds into how many chunks a message has to be split so that each envelope is small enough. */
function segmentCount(size: number, tailBytes: number): number | undefined {
  let count = Math.max(2, Math.ceil(size / targetChunkBytes));
  let previous = Number.POSITIVE_INFINITY;
  for (;;) {
    const even = Math.ceil(size / count);
    // One chunk more may not make any of them smaller. The reference then goes straight to the smallest.
    const chunkBytes = even < previous ? even : 1;
    count = Math.ceil(size / chunkBytes);
    if (count > maxSegments) return undefined;
    if (largestChunkEnvelope(count, chunkBytes, size, tailBytes) <= maxEnvelopeBytes) return count;
    if (chunkBytes === 1) return undefined;
    previous = chunkBytes;
    count += 1;
  }
}

function largestChunkEnvelope(count: number, chunkBytes: number, size: number, tailBytes: number): number {
  const base64Bytes = 4 * Math.ceil(chunkBytes / 3);
  return chunkHead(count - 1, count, size).length + base64Bytes + '"",'.length + tailBytes;
}

/** A text has at most three bytes for each of its units, so that most need not be measured. */
function isWithin(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return false;
  return text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}
