import { isUint8Array } from "node:util/types";
import { isApiError } from "../api-error.js";
import { fileError } from "./file-error.js";
import type { OpenFile } from "./file-source.js";

/**
 * Reads a file and makes sure that it yields as many bytes as were announced.
 *
 * @param onTaken - Told how many bytes have been taken in all, but not of the last ones: whether they arrive is seen
 * by the answer.
 * @throws {@link ApiError} of kind `file`.
 */
export async function* announcedBytes(
  file: OpenFile,
  onTaken: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const { size } = file;
  let taken = 0;
  for await (const chunk of ownErrors(file)) {
    if (taken + chunk.byteLength > size) throw changed(file, `it has more than ${size} bytes`);
    yield chunk;
    taken += chunk.byteLength;
    if (taken < size) onTaken(taken);
  }
  if (taken < size) throw changed(file, `it ended after ${taken} of ${size} bytes`);
}

async function* ownErrors(file: OpenFile): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of file.read()) {
      if (!isUint8Array(chunk)) throw new TypeError("it yielded something that is not a Uint8Array");
      yield chunk;
    }
  } catch (cause) {
    if (isApiError(cause)) throw cause;
    throw fileError("file_unreadable", `file \`${file.label}\` could not be read`, { cause });
  }
}

function changed({ label }: OpenFile, reason: string): Error {
  return fileError("file_changed", `file \`${label}\` changed while it was sent: ${reason}`);
}
