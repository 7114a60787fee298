import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { isUint8Array } from "node:util/types";
import { isApiError } from "../api-error.js";
import { fileError } from "./file-error.js";
import { chunkBytes, readFileHandle } from "./file-on-disk.js";

/**
 * What to upload: a file on disk, which is read as it is sent and never whole; bytes; or anything that yields bytes,
 * whose size has to be known. A stream is read once, and left alone if nothing of it is sent.
 */
export type FileSource =
  | {
      readonly path: string;
      /** @defaultValue the last part of the path */
      readonly name?: string | undefined;
    }
  | { readonly bytes: Uint8Array; readonly name: string }
  | {
      readonly stream: AsyncIterable<Uint8Array>;
      /** Bytes. */
      readonly size: number;
      readonly name: string;
    };

/** A source whose size is known. */
export interface OpenFile {
  readonly name: string;
  /** How the file is called in errors. */
  readonly label: string;
  /** Bytes. */
  readonly size: number;
  /** Reads it from its start, once. */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a source and finds out its size.
 *
 * @throws {@link ApiError} of kind `file`; TypeError for what is no source.
 */
export async function openSource(source: FileSource): Promise<OpenFile> {
  if ("path" in source) return openPath(source.path, source.name);
  const { name } = source;
  if ("bytes" in source) {
    const { bytes } = source;
    if (!isUint8Array(bytes)) throw new TypeError('"file.bytes" must be a Uint8Array');
    return { name, label: name, size: bytes.byteLength, read: () => slices(bytes), close };
  }
  const { size, stream } = source;
  if (!Number.isSafeInteger(size) || size < 0)
    throw new TypeError('"file.size" must be a non-negative integer');
  return { name, label: name, size, read: () => stream, close };
}

async function openPath(path: string, name: string | undefined): Promise<OpenFile> {
  const handle = await openRegularFile(path);
  try {
    const opened = await handle.stat({ bigint: true });
    return {
      name: name ?? (basename(path) || "file"),
      label: path,
      size: Number(opened.size),
      read: () => readFileHandle(handle, opened, path),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openRegularFile(path: string): Promise<FileHandle> {
  try {
    // Asked before it is opened: to open a pipe would wait for its other end.
    if (!(await stat(path)).isFile()) throw fileError("file_unreadable", `path \`${path}\` is not a file`);
    return await open(path);
  } catch (error) {
    throw toOpenError(path, error);
  }
}

function toOpenError(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (isApiError(error) || typeof code !== "string") return error;
  if (code === "ENOENT" || code === "ENOTDIR")
    return fileError("file_missing", `file \`${path}\` does not exist`, { cause: error });
  return fileError("file_unreadable", `file \`${path}\` cannot be opened: ${code}`, { cause: error });
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes)
    yield bytes.subarray(start, start + chunkBytes);
}

async function close(): Promise<void> {}
