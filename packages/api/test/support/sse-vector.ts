import { expect } from "vitest";
import { isApiError, type ResponseStream } from "../../src/index.js";
import { readVectors } from "./read-vectors.js";

/** A piece of a body, as the vectors write it. */
export type Chunk =
  | string
  | { readonly base64: string }
  | { readonly delay_ms: number; readonly text: string };

/** What happens when all chunks are delivered. */
export type After =
  | "eof"
  | "hang"
  | { readonly error: { readonly kind: "network" | "timeout"; readonly message?: string } };

/** One case of `responses-sse.json` and `responses-sse-later.json`. */
export interface SseVector {
  readonly name: string;
  readonly input: {
    readonly headers: Readonly<Record<string, string>>;
    readonly chunks: readonly Chunk[];
    readonly after: After;
    readonly idle_timeout_ms?: number | undefined;
    readonly turn_state_slot?: string | null;
    readonly with_polls?: boolean;
  };
  readonly expected: {
    readonly items: readonly SseVectorItem[];
    readonly upstream_request_id: string | null;
    readonly turn_state?: string | null;
    readonly polls?: readonly object[];
  };
}

interface ExpectedError {
  readonly kind: string;
  readonly message?: string;
  readonly message_prefix?: string;
  readonly delay_ms?: number | null;
}

type SseVectorItem = { readonly event: unknown } | { readonly error: ExpectedError };

interface SseVectorFile {
  readonly constants?: Readonly<Record<string, unknown>>;
  readonly cases: readonly SseVector[];
}

/** Reads SSE vectors, with the constants that they name filled in, and at half their speed: a busy machine is late. */
export function readSseVectors(name: string): readonly SseVector[] {
  const { constants = {}, cases } = readVectors<SseVectorFile>(name);
  return cases.map((vector) => ({
    ...vector,
    input: slowedDown(vector.input),
    expected: {
      ...vector.expected,
      items: vector.expected.items.map((item) =>
        "event" in item && typeof item.event === "string" ? { event: constants[item.event] } : item,
      ),
    },
  }));
}

function slowedDown({ chunks, idle_timeout_ms = 1000, ...input }: SseVector["input"]): SseVector["input"] {
  return {
    ...input,
    idle_timeout_ms: 2 * idle_timeout_ms,
    chunks: chunks.map((chunk) => (isDelayed(chunk) ? { ...chunk, delay_ms: 2 * chunk.delay_ms } : chunk)),
  };
}

/** Tells whether a chunk is to be waited for. */
export function isDelayed(chunk: Chunk): chunk is Extract<Chunk, { readonly delay_ms: number }> {
  return typeof chunk === "object" && "delay_ms" in chunk;
}

/** Gives the bytes of a chunk. */
export function chunkBytes(chunk: Chunk): Buffer {
  if (typeof chunk === "string") return Buffer.from(chunk);
  return "base64" in chunk ? Buffer.from(chunk.base64, "base64") : Buffer.from(chunk.text);
}

/** Reads a stream to its end, in the form of the vectors. */
export async function collectItems(stream: ResponseStream): Promise<unknown[]> {
  const items: unknown[] = [];
  try {
    for await (const event of stream) items.push({ event });
  } catch (error) {
    if (!isApiError(error)) throw error;
    items.push({ error });
  }
  return items;
}

/** Compares what {@link collectItems} gave with the items of a vector. */
export function expectItems(actual: readonly unknown[], expected: SseVector["expected"]["items"]): void {
  expect(actual).toStrictEqual(
    expected.map((item) => ("error" in item ? { error: matchingError(item.error) } : item)),
  );
}

function matchingError({ kind, message, message_prefix, delay_ms }: ExpectedError): unknown {
  return expect.objectContaining({
    kind,
    delayMs: delay_ms ?? undefined,
    ...(message === undefined ? {} : { message }),
    ...(message_prefix === undefined ? {} : { message: expect.stringMatching(startingWith(message_prefix)) }),
  });
}

function startingWith(prefix: string): RegExp {
  return new RegExp(`^${prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);
}
