import { toHeaders } from "./answer-headers.js";
import type { Answer } from "./answer-receiver.js";
import { decodeWhole, findDecoders } from "./content-decoding.js";
import type { RequestTarget } from "./request-target.js";

/** An answer that is not 200–299, read to its end. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Absent when it could not be read, or was no text. */
  readonly body: string | undefined;
}

const maxDecodedBytes = 4 * 1024 * 1024;

/** Makes text of the body of an error. The reference decodes the body of a stream with more patience than others. */
export async function readFailure(
  target: RequestTarget,
  answer: Answer,
  isStream: boolean,
): Promise<FailedAnswer> {
  const { status } = answer;
  const headers = toHeaders(answer.headers);
  const bytes =
    answer.body instanceof Uint8Array ? await decodedBytes(target, answer.body, headers) : undefined;
  if (bytes === undefined) return { status, headers, body: undefined };
  const body = isStream
    ? lenientText(bytes, headers.get("content-type"))
    : strictText(bytes, answer.isCut === true);
  return { status, headers, body };
}

async function decodedBytes(
  target: RequestTarget,
  bytes: Uint8Array,
  headers: Headers,
): Promise<Uint8Array | undefined> {
  const encoding = headers.get("content-encoding");
  if (encoding === null) return bytes;
  try {
    return await decodeWhole(target, bytes, await findDecoders(target, encoding), maxDecodedBytes);
  } catch {
    // The status says more than the failure to read what explains it.
    return undefined;
  }
}

/** UTF-8 or nothing. */
function strictText(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    // A body that was cut may end within a character; `stream` leaves that one out.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}

/** By the charset of the answer; invalid bytes are replaced. */
function lenientText(bytes: Uint8Array, contentType: string | null): string {
  const label = /;\s*charset="?([^\s;"]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  return decoderFor(label).decode(bytes);
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}
