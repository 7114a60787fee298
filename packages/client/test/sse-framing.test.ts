import { expect, test } from "vitest";
import { decodeSse, TransportError } from "../src/index.js";
import vectors from "./vectors/sse-framing.js" with { type: "json" };

type Chunk = string | { readonly base64: string };

async function* source(input: {
  readonly chunks: readonly unknown[];
  readonly after: unknown;
}): AsyncGenerator<Uint8Array> {
  for (const chunk of input.chunks as Chunk[]) {
    yield typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk.base64, "base64");
  }
  if (input.after !== "eof") throw new TransportError("boom", { kind: "network" });
}

test.each(vectors.cases)("framing vector $name", async ({ input, expected }) => {
  const seen: unknown[] = [];
  try {
    for await (const event of decodeSse(source(input))) seen.push(event);
    seen.push("end");
  } catch (error) {
    seen.push({ error: (error as Error).message });
  }
  expect(seen).toEqual(
    expected.map((item) =>
      typeof item === "object" && "error_prefix" in item
        ? { error: expect.stringMatching(new RegExp(`^${item.error_prefix}`)) }
        : item,
    ),
  );
});
