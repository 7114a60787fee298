import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { Refusal } from "./error-body.js";

/** The largest body that is taken in, compressed or not, in bytes. */
const maxBodyBytes = 128 * 1024 * 1024;

type Decoder = (bytes: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

const decoders = new Map<string, Decoder>([
  ["gzip", promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)],
  ["deflate", promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate)],
  ["br", promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.brotliDecompress)],
]);
// Node 22.15 and later; the types are those of Node 20.
const { zstdDecompress } = zlib as unknown as { zstdDecompress?: typeof zlib.gunzip };
if (zstdDecompress !== undefined) {
  decoders.set("zstd", promisify<Buffer, zlib.ZlibOptions, Buffer>(zstdDecompress));
}

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
    if (length > maxBodyBytes)
      throw new Refusal("The request body is too large", { status: 413, code: "body_too_large" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Undoes `content-encoding`.
 *
 * @throws {@link Refusal} 415 for a coding that this Node version does not have, 400 for bytes that are not of it.
 */
export async function decodeBody(bytes: Buffer, contentEncoding: string | undefined): Promise<Buffer> {
  const coding = contentEncoding?.trim().toLowerCase() ?? "identity";
  if (coding === "identity" || coding === "") return bytes;
  const decode = decoders.get(coding);
  if (decode === undefined) {
    // Says what would do, as RFC 9110 §12.5.3 has it.
    throw new Refusal(`Content-Encoding ${coding} is not supported`, {
      status: 415,
      code: "unsupported_content_encoding",
      headers: { "accept-encoding": [...decoders.keys()].join(", ") },
    });
  }
  try {
    return await decode(bytes, { maxOutputLength: maxBodyBytes });
  } catch (error) {
    throw new Refusal(`The body is not ${coding}`, {
      status: 400,
      code: "invalid_content_encoding",
      cause: error,
    });
  }
}
