import { expect, test } from "vitest";
import { OutboundBuffer } from "../src/outbound-buffer.js";
import { readVectors } from "./support/read-vectors.js";

interface Position {
  readonly client_id: string;
  readonly stream_id: string;
  readonly seq_id: number;
  readonly segment_id?: number | null;
}

interface AckCase {
  readonly name: string;
  readonly buffered: readonly Position[];
  readonly acks: readonly Position[];
  readonly expected: { readonly remaining: readonly Position[]; readonly used: number };
}

const { acks } = readVectors<{ readonly acks: readonly AckCase[] }>("remote-control");

test.each(acks)("vector: $name", ({ buffered, acks: received, expected }) => {
  const buffer = new OutboundBuffer();
  for (const position of buffered) {
    const segmentId = position.segment_id ?? 0;
    buffer.add(keyOf(position), [{ seqId: position.seq_id, segmentId, text: JSON.stringify(position) }]);
  }
  for (const ack of received) buffer.acknowledge(keyOf(ack), ack.seq_id, ack.segment_id ?? undefined);
  const remaining = buffer.all().map(({ envelope }) => ({
    segment_id: null,
    ...JSON.parse(envelope.text),
  }));
  expect({ remaining, used: buffer.size }).toStrictEqual(expected);
});

test("gives up a stream that has ended, and nothing else", () => {
  const buffer = new OutboundBuffer();
  const [gone, other] = [
    { clientId: "c", streamId: "1" },
    { clientId: "c", streamId: "2" },
  ];
  buffer.add(gone, [{ seqId: 1, segmentId: 0, text: "a" }]);
  buffer.add(other, [{ seqId: 1, segmentId: 0, text: "b" }]);
  buffer.forgetStream(gone);
  expect([buffer.size, buffer.streams()]).toEqual([1, [other]]);
});

function keyOf({ client_id: clientId, stream_id: streamId }: Position) {
  return { clientId, streamId };
}
