import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { fileError } from "./file-error.js";

/** How much is read from the disk and handed to the socket at once. */
export const chunkBytes: number = 64 * 1024;

/**
 * Reads a file from its start to its end.
 *
 * @param opened - The file as it was when its size was announced.
 * @throws {@link ApiError} of kind `file` when it cannot be read, or is not the same any more at its end.
 */
export async function* readFileHandle(
  handle: FileHandle,
  opened: BigIntStats,
  label: string,
): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    const chunk = await readChunk(handle, position, label);
    if (chunk.byteLength === 0) break;
    position += chunk.byteLength;
    yield chunk;
  }
  // Its length is counted by whoever announced it.
  const { mtimeNs } = await handle.stat({ bigint: true });
  if (mtimeNs !== opened.mtimeNs)
    throw fileError("file_changed", `file \`${label}\` changed while it was sent`);
}

async function readChunk(handle: FileHandle, position: number, label: string): Promise<Uint8Array> {
  // Not from the pool, of which a chunk that the socket still holds would keep more alive than itself.
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  try {
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw fileError("file_unreadable", `file \`${label}\` could not be read`, { cause });
  }
}
