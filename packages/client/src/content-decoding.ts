import type { Transform } from "node:stream";
import { TransportError } from "./errors.js";
import { codeOf } from "./network-error.js";
import { describeTarget, type RequestTarget } from "./request-target.js";

/** Decodes one content coding, whole or as it arrives. */
export interface ContentDecoder {
  readonly decode: (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;
  readonly createStream: () => Transform;
}

/**
 * Finds the decoders for an answer, in the order in which they are to be applied. We ask for no encoding, but a proxy
 * may compress an answer all the same.
 *
 * @param header - Value of `content-encoding`.
 * @throws {@link TransportError} of kind `network`, code `content_decoding`, for an encoding that is not known here.
 */
export async function findDecoders(
  target: RequestTarget,
  header: string,
): Promise<readonly ContentDecoder[]> {
  const names = header.split(",").map((name) => name.trim().toLowerCase());
  const applied = names.filter((name) => name !== "" && name !== "identity");
  if (applied.length === 0) return [];
  const decoders = await loadDecoders();
  return applied.reverse().map((name) => {
    const decoder = decoders.get(name);
    if (decoder !== undefined) return decoder;
    const message = `${describeTarget(target)} was answered in the unknown encoding ${JSON.stringify(name)}`;
    throw new TransportError(message, { kind: "network", code: "content_decoding" });
  });
}

/**
 * Decodes a body that was read whole.
 *
 * @throws {@link TransportError} of kind `network`, code `content_decoding` or `response_too_large`.
 */
export async function decodeWhole(
  target: RequestTarget,
  bytes: Uint8Array,
  decoders: readonly ContentDecoder[],
  maxBytes: number,
): Promise<Uint8Array> {
  if (bytes.byteLength === 0) return bytes;
  let decoded = bytes;
  try {
    for (const { decode } of decoders) decoded = await decode(decoded, { maxOutputLength: maxBytes });
  } catch (error) {
    throw codeOf(error) === "ERR_BUFFER_TOO_LARGE"
      ? responseTooLarge(target, maxBytes)
      : decodingError(target, error);
  }
  return decoded;
}

/** The error for an answer that exceeds the limit. */
export function responseTooLarge(target: RequestTarget, maxBytes: number): TransportError {
  const message = `${describeTarget(target)} was answered with more than "maxResponseBytes" (${maxBytes}) bytes`;
  return new TransportError(message, { kind: "network", code: "response_too_large" });
}

/** The error for bytes that are not what `content-encoding` says. */
export function decodingError(target: RequestTarget, cause: unknown): TransportError {
  return new TransportError(`the answer to ${describeTarget(target)} cannot be decompressed`, {
    kind: "network",
    code: "content_decoding",
    detail: "error decoding response body",
    cause,
  });
}

async function loadDecoders(): Promise<ReadonlyMap<string, ContentDecoder>> {
  const [{ promisify }, zlib] = await Promise.all([import("node:util"), import("node:zlib")]);
  const gzip: ContentDecoder = { decode: promisify(zlib.gunzip), createStream: zlib.createGunzip };
  return new Map([
    ["gzip", gzip],
    ["x-gzip", gzip],
    ["deflate", { decode: promisify(zlib.inflate), createStream: zlib.createInflate }],
    ["br", { decode: promisify(zlib.brotliDecompress), createStream: zlib.createBrotliDecompress }],
  ]);
}
