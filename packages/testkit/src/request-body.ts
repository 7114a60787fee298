import type { IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { Decompress } from "fzstd";
import { Refusal } from "./error-body.js";

/** The largest body that is taken in, before and after decompression, in bytes. */
const maxBodyBytes = 128 * 1024 * 1024;
const limit = { maxOutputLength: maxBodyBytes };

const decoders: ReadonlyMap<string, (bytes: Buffer) => Buffer> = new Map([
  ["gzip", (bytes) => gunzipSync(bytes, limit)],
  ["deflate", (bytes) => inflateSync(bytes, limit)],
  ["br", (bytes) => brotliDecompressSync(bytes, limit)],
  // Not from node:zlib: Node 20 has no zstd, and the Codex CLI does not fall back when it is refused.
  ["zstd", zstdDecompress],
]);

/**
 * Reads a request body to its end.
 *
 * @throws {@link Refusal} 413 for a body that is too large; the stream's own error when the client goes away.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) {
      throw new Refusal("The request body is too large", { status: 413, code: "body_too_large" });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Undoes `content-encoding`.
 *
 * @throws {@link Refusal} 415 for an unknown coding, 400 for bytes that are not of the coding.
 */
export function decodeBody(bytes: Buffer, contentEncoding: string | undefined): Buffer {
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
    return decode(bytes);
  } catch (error) {
    throw new Refusal(`The body is not ${coding}`, {
      status: 400,
      code: "invalid_content_encoding",
      cause: error,
    });
  }
}

function zstdDecompress(bytes: Buffer): Buffer {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((chunk) => {
    length += chunk.length;
    if (length > maxBodyBytes) throw new RangeError("too large");
    chunks.push(chunk);
  });
  stream.push(bytes, true);
  return Buffer.concat(chunks);
}
