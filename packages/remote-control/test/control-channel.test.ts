import { expect, test } from "vitest";
import { ControlChannel } from "../src/control-channel.js";
import type { RemoteClient } from "../src/index.js";
import { toLimits } from "../src/limits.js";
import { WaitingLine } from "../src/waiting-line.js";
import { readVectors } from "./support/read-vectors.js";

interface CursorCase {
  readonly name: string;
  readonly frames: readonly {
    readonly json?: object;
    readonly text?: string;
    readonly delivered?: boolean;
  }[];
  readonly expected: { readonly subscribe_cursor: string | null };
}

const { inbound } = readVectors<{ readonly inbound: readonly CursorCase[] }>("remote-control");
const going = new AbortController().signal;

function openChannel(limits = {}): { channel: ControlChannel; arrivals: WaitingLine<RemoteClient> } {
  const arrivals = new WaitingLine<RemoteClient>({ count: 128, bytes: Number.POSITIVE_INFINITY });
  const options = { limits: toLimits(limits), clock: Date.now, arrivals, telemetry: undefined };
  return { channel: new ControlChannel(options), arrivals };
}

test.each(inbound.filter(({ frames }) => frames.every(({ delivered = true }) => delivered)))(
  "vector: where to go on after $name",
  async ({ frames, expected }) => {
    const { channel } = openChannel();
    for (const { json, text = JSON.stringify(json) } of frames)
      if (text !== undefined) await channel.accept(text, going);
    expect(channel.cursor ?? null).toBe(expected.subscribe_cursor);
  },
);

test("goes on after what was handed on, not after parts and not after what nobody took in", async () => {
  const { channel } = openChannel({ unreadMessages: 1, handOverTimeoutMs: 10 });
  const tail = { client_id: "c", stream_id: "s" };
  const send = (envelope: object): Promise<void> =>
    channel.accept(JSON.stringify({ ...tail, ...envelope }), going);
  await send({ type: "client_message", message: { id: 1, method: "initialize" }, seq_id: 1, cursor: "one" });
  expect(channel.cursor).toBe("one");
  await send({ type: "ping", cursor: "two" });
  expect(channel.cursor).toBe("two");
  await send({
    type: "client_message_chunk",
    segment_id: 0,
    segment_count: 2,
    message_size_bytes: 20,
    message_chunk_base64: "eyJt",
    seq_id: 2,
    cursor: "three",
  });
  expect(channel.cursor).toBe("two");
  const refused = send({ type: "client_message", message: { method: "m" }, seq_id: 3, cursor: "four" });
  await expect(refused).rejects.toMatchObject({ kind: "timed_out" });
  expect(channel.cursor).toBe("two");
});
