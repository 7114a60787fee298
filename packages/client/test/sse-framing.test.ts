import { expect, test } from "vitest";
import { decodeSse, TransportError } from "../src/index.js";
import { readVectors } from "./support/read-vectors.js";

interface FramingCase {
  readonly name: string;
  readonly input: { readonly chunks: readonly Chunk[]; readonly after: "eof" | { readonly error: object } };
  readonly expected: readonly (string | { readonly error_prefix?: string })[];
}
type Chunk = string | { readonly base64: string };

async function* source({ chunks, after }: FramingCase["input"]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    yield typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk.base64, "base64");
  }
  if (after !== "eof") throw new TransportError("boom", { kind: "network" });
}

const { cases } = readVectors<{ readonly cases: readonly FramingCase[] }>("sse-framing");

test.each(cases)("framing vector $name", async ({ input, expected }) => {
  const seen: unknown[] = [];
  try {
    for await (const event of decodeSse(source(input))) seen.push(event);
    seen.push("end");
  } catch (error) {
    seen.push({ error: (error as Error).message });
  }
  expect(seen).toEqual(
    expected.map((item) =>
      typeof item === "object" && item.error_prefix !== undefined
        ? { error: expect.stringMatching(`^${item.error_prefix}`) }
        : item,
    ),
  );
});
