/** Compresses to one zstd frame, off the main thread. */
export type Compress = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Bodies below this many bytes go out plain: they gain less than a network packet. */
export const defaultCompressionMinBytes = 1024;

let runtimeZstd: Promise<Compress | undefined> | undefined;

/** Finds the runtime's zstd, which Node 20 and early Node 22 do not have. */
export function loadZstd(): Promise<Compress | undefined> {
  runtimeZstd ??= findZstd();
  return runtimeZstd;
}

const level = 3;

async function findZstd(): Promise<Compress | undefined> {
  const [{ promisify }, zlib] = await Promise.all([import("node:util"), import("node:zlib")]);
  const { zstdCompress, constants } = zlib as ZlibWithZstd;
  if (zstdCompress === undefined || constants.ZSTD_c_compressionLevel === undefined) return undefined;
  const options: ZstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: level } };
  const compress = promisify<Uint8Array, ZstdOptions, Buffer>(zstdCompress);
  return (bytes) => compress(bytes, options);
}

interface ZstdOptions {
  readonly params: Readonly<Record<number, number>>;
}

// The types are those of Node 20.
interface ZlibWithZstd {
  readonly zstdCompress?: (
    bytes: Uint8Array,
    options: ZstdOptions,
    done: (error: Error | null, compressed: Buffer) => void,
  ) => void;
  readonly constants: { readonly ZSTD_c_compressionLevel?: number };
}
