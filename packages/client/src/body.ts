import { isUint8Array } from "node:util/types";
import type { Compress } from "./compression.js";
import { TransportError, type TransportErrorCode } from "./errors.js";
import type { HeaderFields } from "./header-fields.js";
import type { TransportRequest } from "./request.js";
import { StreamedBody } from "./streamed-body.js";

/** The final bytes of a request, made once and sent with every attempt. */
export interface PreparedBody {
  readonly bytes: Uint8Array | undefined;
  /** In place of bytes: a body that is read while it is sent. */
  readonly streamed?: StreamedBody | undefined;
  /** The bytes before compression, for a peer that cannot take them compressed. */
  readonly plain: Uint8Array | undefined;
  readonly isCompressed: boolean;
  readonly isJson: boolean;
}

/** How bodies are compressed. */
export interface CompressionSettings {
  /** Finds the compressor; it may find none. */
  readonly load: () => Promise<Compress | undefined>;
  readonly minBytes: number;
}

/**
 * Serializes and compresses the body of a request. Synchronous if there is nothing to compress.
 *
 * @throws {@link TransportError} of kind `build` when the body cannot be serialized, or cannot be compressed as asked.
 */
export function prepareBody(
  request: TransportRequest,
  headers: HeaderFields,
  compression: CompressionSettings | undefined,
): PreparedBody | Promise<PreparedBody> {
  const { body } = request;
  if (body === undefined) return empty;
  const wantsZstd = request.compression === "zstd";
  if ("raw" in body || "stream" in body) {
    if (wantsZstd) throw unusable("request compression cannot be used with raw bodies", "compression");
    if ("raw" in body) return { ...empty, bytes: checkedBytes(body.raw) };
    return body.length === 0
      ? { ...empty, bytes: new Uint8Array() }
      : { ...empty, streamed: new StreamedBody(body) };
  }
  if (wantsZstd && headers.has("content-encoding")) {
    throw unusable("request compression was requested but content-encoding is already set", "compression");
  }
  const plain = jsonBytes(body);
  const uncompressed: PreparedBody = { bytes: plain, plain, isCompressed: false, isJson: true };
  if (!wantsZstd || compression === undefined || plain.byteLength < compression.minBytes) return uncompressed;
  return compressed(uncompressed, plain, compression);
}

/** The same body without compression. */
export function withoutCompression({ plain, isJson }: PreparedBody): PreparedBody {
  return { bytes: plain, plain, isCompressed: false, isJson };
}

/** Adds the headers that tell what the body is. A `content-type` of the request is kept. */
export function addContentHeaders(headers: HeaderFields, body: PreparedBody): void {
  if (body.isCompressed) headers.set("content-encoding", "zstd");
  if (body.isJson && !headers.has("content-type")) headers.set("content-type", "application/json");
}

/** Tells whether anything is sent as body. */
export function hasBody({ bytes, streamed }: PreparedBody): boolean {
  return bytes !== undefined || streamed !== undefined;
}

const empty: PreparedBody = { bytes: undefined, plain: undefined, isCompressed: false, isJson: false };

async function compressed(
  uncompressed: PreparedBody,
  plain: Uint8Array,
  { load }: CompressionSettings,
): Promise<PreparedBody> {
  const compress = await load();
  return compress === undefined
    ? uncompressed
    : { ...uncompressed, bytes: await compress(plain), isCompressed: true };
}

function jsonBytes(
  body: { readonly json: unknown } | { readonly encodedJson: string | Uint8Array },
): Uint8Array {
  if ("json" in body) return Buffer.from(serialize(body.json));
  return typeof body.encodedJson === "string"
    ? Buffer.from(body.encodedJson)
    : checkedBytes(body.encodedJson);
}

function serialize(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw unusable("the body cannot be serialized as JSON", "invalid_body", cause);
  }
  if (text === undefined) throw unusable("the body has no JSON form", "invalid_body");
  return text;
}

function checkedBytes(bytes: Uint8Array): Uint8Array {
  if (isUint8Array(bytes)) return bytes;
  throw unusable("the body is not a Uint8Array", "invalid_body");
}

function unusable(message: string, code: TransportErrorCode, cause?: unknown): TransportError {
  return new TransportError(message, { kind: "build", code, ...(cause === undefined ? {} : { cause }) });
}
