import fc from "fast-check";
import { expect, test } from "vitest";
import { type ClientChunkEnvelope, decodeEnvelope } from "../src/inbound-envelope.js";
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

test("a message is put together once, wherever the connection breaks and however often", () => {
  const property = fc.property(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 500 }),
    fc.integer({ min: 1, max: 40 }),
    fc.array(fc.nat(45), { maxLength: 6 }),
    (text, partBytes, breaks) => {
      const message = { method: "m", params: text };
      const parts = partsOf(Buffer.from(JSON.stringify(message)), partBytes);
      const assembler = new MessageAssembler();
      const delivered: unknown[] = [];
      // After each break everything comes again from the beginning, and once to the end.
      for (const end of [...breaks, parts.length]) {
        for (const part of parts.slice(0, end)) {
          const result = assembler.accept(part, 100);
          if (typeof result === "string") continue;
          delivered.push(result.message);
          assembler.noteDelivered({ clientId: "c", streamId: "s" }, 1);
        }
      }
      expect(delivered).toEqual([message]);
    },
  );
  fc.assert(property, { numRuns: 200 });
});

test("gives up the oldest unfinished message when there are too many, or too much", () => {
  const [first, second] = partsOf(Buffer.from('{"method":"m"}'), 7);
  if (first === undefined || second === undefined) throw new Error("there are two parts");
  const fromClient = (part: ClientChunkEnvelope, index: number) => ({ ...part, client_id: `c${index}` });
  const many = new MessageAssembler();
  for (let index = 0; index < 129; index += 1)
    expect(many.accept(fromClient(first, index), 100)).toBe("pending");
  expect(many.accept(fromClient(second, 0), 100)).toBe("dropped");
  expect(many.accept(fromClient(second, 1), 100)).toMatchObject({ message: { method: "m" } });

  const narrow = new MessageAssembler(14);
  for (let index = 0; index < 3; index += 1) narrow.accept(fromClient(first, index), 100);
  expect(narrow.accept(fromClient(second, 0), 100)).toBe("dropped");
  expect(narrow.accept(fromClient(second, 2), 100)).toMatchObject({ client_id: "c2" });
});

test("a client that has gone leaves nothing behind", () => {
  const [whole] = partsOf(Buffer.from('{"method":"m"}'), 100);
  if (whole === undefined) throw new Error("there is a part");
  const assembler = new MessageAssembler();
  assembler.noteDelivered({ clientId: "c", streamId: "s" }, 1);
  expect(assembler.accept(whole, 100)).toBe("dropped");
  assembler.forgetClient("c");
  expect(assembler.accept(whole, 100)).toMatchObject({ message: { method: "m" } });
});

function partsOf(bytes: Buffer, partBytes: number): ClientChunkEnvelope[] {
  const count = Math.ceil(bytes.length / partBytes);
  return Array.from({ length: count }, (_, index) => ({
    type: "client_message_chunk",
    client_id: "c",
    stream_id: "s",
    seq_id: 1,
    segment_id: index,
    segment_count: count,
    message_size_bytes: bytes.length,
    message_chunk_base64: bytes.subarray(index * partBytes, (index + 1) * partBytes).toString("base64"),
  }));
}
