import type { IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { Decompress } from "fzstd";
import { Refusal } from "./refusal.js";

type Decoder = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", gunzipSync],
  ["deflate", inflateSync],
  ["br", brotliDecompressSync],
  // Not from node:zlib: Node 20 has no zstd, and the Codex CLI does not fall back when it is refused.
  ["zstd", zstdDecompress],
]);

/**
 * Reads a request body to its end, also one that is too large: its sender would not look at an answer before.
 *
 * @throws {@link Refusal} 413 for more than `maxBytes`; the stream's own error when the client goes away.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
  }
  if (length > maxBytes) {
    throw new Refusal("The request body is too large", { status: 413, code: "body_too_large" });
  }
  return Buffer.concat(chunks);
}

/**
 * Undoes `content-encoding`.
 *
 * @throws {@link Refusal} 415 for an unknown coding, 400 for bytes that are not of the coding or become too many.
 */
export function decodeBody(bytes: Buffer, contentEncoding: string | undefined, maxBytes: number): Buffer {
  const coding = contentEncoding?.trim().toLowerCase() ?? "identity";
  if (coding === "identity") return bytes;
  const decode = decoders.get(coding);
  if (decode === undefined) {
    throw new Refusal(`Content-Encoding ${coding} is not supported`, {
      status: 415,
      code: "unsupported_content_encoding",
      // Says what would do, as RFC 9110 §12.5.3 has it.
      headers: { "accept-encoding": [...decoders.keys()].join(", ") },
    });
  }
  try {
    return decode(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    throw new Refusal(`The body is not ${coding}`, {
      status: 400,
      code: "invalid_content_encoding",
      cause: error,
    });
  }
}

function zstdDecompress(bytes: Buffer, { maxOutputLength }: { readonly maxOutputLength: number }): Buffer {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((chunk) => {
    length += chunk.length;
    if (length > maxOutputLength) throw new RangeError("the decompressed body is too large");
    chunks.push(chunk);
  });
  stream.push(bytes, true);
  return Buffer.concat(chunks);
}
