import { expect, test } from "vitest";
import { decodeEnvelope } from "../src/inbound-envelope.js";
import { MessageAssembler } from "../src/message-assembler.js";
import { readVectors } from "./support/read-vectors.js";

interface InboundCase {
  readonly name: string;
  readonly frames: readonly {
    readonly json?: object;
    readonly text?: string;
    readonly pad_to_bytes?: number;
    readonly delivered?: boolean;
    readonly invalidate_stream?: readonly [string, string];
  }[];
  readonly expected: { readonly results: readonly unknown[]; readonly subscribe_cursor: string | null };
}

const { inbound } = readVectors<{ readonly inbound: readonly InboundCase[] }>("remote-control");

test.each(inbound)("vector: $name", ({ frames, expected }) => {
  const assembler = new MessageAssembler();
  let cursor: string | null = null;
  const results = frames.map(({ json, text, pad_to_bytes, delivered = true, invalidate_stream }) => {
    if (invalidate_stream !== undefined) {
      const [clientId, streamId] = invalidate_stream;
      assembler.forgetStream({ clientId, streamId });
      return "invalidated";
    }
    const frame = text ?? padded(json, pad_to_bytes);
    const envelope = decodeEnvelope(frame);
    if (envelope === undefined) return "undecodable";
    const isChunk = envelope.type === "client_message_chunk";
    const result = isChunk ? assembler.accept(envelope, Buffer.byteLength(frame)) : envelope;
    if (typeof result === "string") return result;
    const { client_id: clientId, stream_id: streamId, seq_id: seqId } = result;
    if (delivered && isChunk && streamId !== undefined && seqId !== undefined)
      assembler.noteDelivered({ clientId, streamId }, seqId);
    if (delivered) cursor = result.cursor ?? cursor;
    return { forward: result };
  });
  expect({ results, subscribe_cursor: cursor }).toStrictEqual(expected);
});

function padded(json: object | undefined, bytes: number | undefined): string {
  const text = JSON.stringify(json);
  if (bytes === undefined) return text;
  const start = `${text.slice(0, -1)},"padding":"`;
  return `${start}${"x".repeat(bytes - Buffer.byteLength(start) - 2)}"}`;
}
