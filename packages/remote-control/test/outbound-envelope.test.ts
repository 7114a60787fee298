import { expect, test } from "vitest";
import { maxEnvelopeBytes, messageEnvelopes, pongEnvelope } from "../src/outbound-envelope.js";
import { readVectors } from "./support/read-vectors.js";

interface SplitCase {
  readonly input: {
    readonly method: string;
    readonly params_length: number;
    readonly fill: string;
    readonly client_id: string;
    readonly stream_id: string;
    readonly seq_id: number;
  };
  readonly expected: {
    readonly message_size_bytes: number;
    readonly whole_envelope_bytes: number;
    readonly envelopes: number;
    readonly segments: readonly object[];
  };
}

const vectors = readVectors<{
  readonly server_envelope_json: { readonly expected: readonly string[] };
  readonly split: readonly SplitCase[];
}>("remote-control");

const key = { clientId: "c", streamId: "s" };

test("writes envelopes with their members in the order of the wire", () => {
  const [message, _ack, active, unknown, chunk] = vectors.server_envelope_json.expected;
  expect(messageEnvelopes(key, 7, '{"method":"m"}')?.map(({ text }) => text)).toEqual([message]);
  expect([pongEnvelope(key, 7, "active").text, pongEnvelope(key, 7, "unknown").text]).toEqual([
    active,
    unknown,
  ]);
  const [first] = messageEnvelopes(key, 7, JSON.stringify("x".repeat(200_000))) ?? [];
  expect(Object.keys(JSON.parse(first?.text ?? ""))).toEqual(Object.keys(JSON.parse(chunk ?? "")));
});

test.each(vectors.split)("splits $input.params_length times $input.fill", ({ input, expected }) => {
  const params = input.fill.repeat(input.params_length);
  const json = splitJson(input.method, params, expected.message_size_bytes);
  const split = messageEnvelopes(
    { clientId: input.client_id, streamId: input.stream_id },
    input.seq_id,
    json,
  );
  expect(split).toHaveLength(expected.envelopes);
  const parsed = (split ?? []).map(({ text }) => ({ text, envelope: JSON.parse(text) }));
  if (expected.segments.length === 0) {
    expect(Buffer.byteLength(parsed[0]?.text ?? "")).toBe(expected.whole_envelope_bytes);
    return;
  }
  const segments = parsed.map(({ text, envelope }) => ({
    segment_id: envelope.segment_id,
    segment_count: envelope.segment_count,
    message_size_bytes: envelope.message_size_bytes,
    raw_bytes: Buffer.from(envelope.message_chunk_base64, "base64").length,
    envelope_bytes: Buffer.byteLength(text),
    seq_id: envelope.seq_id,
  }));
  expect(segments).toStrictEqual(expected.segments);
  const chunks = parsed.map(({ envelope }) => Buffer.from(envelope.message_chunk_base64, "base64"));
  expect(Buffer.concat(chunks).toString()).toBe(json);
});

test("gives up a message of more than 100 MiB, and ids that leave no room", () => {
  expect(messageEnvelopes(key, 1, JSON.stringify("x".repeat(100 * 1024 * 1024)))).toBeUndefined();
  const longKey = { clientId: "c".repeat(maxEnvelopeBytes), streamId: "s" };
  expect(messageEnvelopes(longKey, 1, '{"method":"m"}')).toBeUndefined();
});

test("a long id makes more and smaller parts, down to the largest envelope", () => {
  const longKey = { clientId: "c".repeat(100_000), streamId: "s" };
  const split = messageEnvelopes(longKey, 1, JSON.stringify("x".repeat(200_000))) ?? [];
  expect(split.length).toBeGreaterThan(2);
  expect(Math.max(...split.map(({ text }) => text.length))).toBeLessThanOrEqual(maxEnvelopeBytes);
});

function splitJson(method: string, params: string, size: number): string {
  const json = JSON.stringify({ method, params });
  if (Buffer.byteLength(json) !== size) throw new Error(`the message has ${Buffer.byteLength(json)} bytes`);
  return json;
}
