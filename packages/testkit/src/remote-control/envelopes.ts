import { membersOf } from "../routes/members.js";

/** Largest envelope that a server may send, in bytes. */
const maxEnvelopeBytes = 150 * 1024;

/** What a server has sent. */
export type ServerEnvelope = {
  readonly clientId: string;
  readonly streamId: string;
  readonly seqId: number;
} & (
  | { readonly type: "server_message"; readonly message: object }
  | {
      readonly type: "server_message_chunk";
      readonly segmentId: number;
      readonly segmentCount: number;
      readonly sizeBytes: number;
      readonly bytes: Buffer;
    }
  | { readonly type: "pong"; readonly status: string }
);

const tail = ["client_id", "stream_id", "seq_id"];
const memberOrders: Readonly<Record<string, readonly string[]>> = {
  server_message: ["type", "message", ...tail],
  server_message_chunk: [
    "type",
    "segment_id",
    "segment_count",
    "message_size_bytes",
    "message_chunk_base64",
    ...tail,
  ],
  pong: ["type", "status", ...tail],
};

/**
 * Reads what a server has sent, to the letter.
 *
 * @throws Error that says what is wrong with it.
 */
export function readServerEnvelope(text: string): ServerEnvelope {
  const members = membersOf(JSON.parse(text));
  const type = String(members["type"]);
  const order = memberOrders[type];
  if (order === undefined) throw new Error(`a server sends no envelope of type ${JSON.stringify(type)}`);
  const names = Object.keys(members);
  if (names.join() !== order.join()) throw new Error(`the members of a ${type} are ${order}, not ${names}`);
  const { client_id: clientId, stream_id: streamId, seq_id: seqId } = members;
  if (typeof clientId !== "string" || typeof streamId !== "string")
    throw new Error("the stream is not named");
  if (!isCount(seqId) || seqId === 0) throw new Error("seq_id must be a number from 1 on");
  const base = { clientId, streamId, seqId };
  if (type === "pong") return { type, status: String(members["status"]), ...base };
  if (type === "server_message") return { type, message: membersOf(members["message"]), ...base };
  return { type: "server_message_chunk", ...readChunk(members, text), ...base };
}

function readChunk(members: Readonly<Record<string, unknown>>, text: string) {
  const { segment_id: segmentId, segment_count: segmentCount, message_size_bytes: sizeBytes } = members;
  const base64 = String(members["message_chunk_base64"]);
  if (!isCount(segmentId) || !isCount(segmentCount) || !isCount(sizeBytes))
    throw new Error("the numbers of a chunk must be whole ones");
  if (segmentCount < 2 || segmentCount > 1024 || segmentId >= segmentCount)
    throw new Error(`there is no segment ${segmentId} of ${segmentCount}`);
  if (Buffer.byteLength(text) > maxEnvelopeBytes) throw new Error("the envelope of a chunk is too large");
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length === 0 || bytes.toString("base64") !== base64) throw new Error("the chunk is not base64");
  return { segmentId, segmentCount, sizeBytes, bytes };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** What a client is to be sent as. */
export interface ClientStream {
  readonly clientId: string;
  /** Undefined for a client that names none. */
  readonly streamId: string | undefined;
}

/** Writes the envelopes of a message: one, or several of at most so many bytes of it. */
export function clientMessageEnvelopes(
  { clientId, streamId }: ClientStream,
  seqId: number,
  message: object,
  chunkBytes: number,
): readonly object[] {
  const tail = { client_id: clientId, stream_id: streamId, seq_id: seqId };
  const bytes = Buffer.from(JSON.stringify(message));
  if (bytes.length <= chunkBytes) return [{ type: "client_message", message, ...tail }];
  const count = Math.ceil(bytes.length / chunkBytes);
  return Array.from({ length: count }, (_, index) => ({
    type: "client_message_chunk",
    segment_id: index,
    segment_count: count,
    message_size_bytes: bytes.length,
    message_chunk_base64: bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes).toString("base64"),
    ...tail,
  }));
}
