import { readFile, stat } from "node:fs/promises";
import { replaceFile } from "@codex-ts/atomic-file";
import type { ModelInfo, ModelsCacheFile } from "@codex-ts/protocol";

/** A provider's list as one account got it. Models and tag change together. */
export interface FetchedModels {
  readonly models: readonly ModelInfo[];
  /** The `ETag` of this very list. */
  readonly etag: string | null;
  /** Epoch milliseconds. */
  readonly fetchedAtMs: number;
}

/** Settings of a {@link ModelsCache}. */
export interface ModelsCacheOptions {
  readonly path: string;
  /** Whose list it is. */
  readonly key: string;
  readonly clientVersion: string;
  readonly onFailure: (error: unknown) => void;
}

/** The cache file of one account at one provider. It never fails: what cannot be used is as good as none. */
export class ModelsCache {
  readonly #options: ModelsCacheOptions;

  constructor(options: ModelsCacheOptions) {
    this.#options = options;
  }

  /** Reads the list. A file of another account, client, or format is none. */
  async read(): Promise<FetchedModels | undefined> {
    const { path, key, clientVersion, onFailure } = this.#options;
    try {
      const file = await readCacheFile(path);
      if (file?.key !== key || file.client_version !== clientVersion) return undefined;
      return { models: file.models, etag: file.etag, fetchedAtMs: Date.parse(file.fetched_at) };
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  }

  /** Replaces the file as a whole. */
  async write({ models, etag, fetchedAtMs }: FetchedModels): Promise<void> {
    const { path, key, clientVersion, onFailure } = this.#options;
    const file: ModelsCacheFile = {
      schema_version: 1,
      key,
      fetched_at: new Date(fetchedAtMs).toISOString(),
      etag,
      client_version: clientVersion,
      models,
    };
    try {
      await replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
    } catch (error) {
      onFailure(error);
    }
  }
}

/** Far above any catalogue. A larger file is somebody else's. */
const maxBytes = 16 * 1024 * 1024;

async function readCacheFile(path: string): Promise<ModelsCacheFile | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const { modelsCacheFileSchema } = await import("@codex-ts/protocol/schemas");
  return modelsCacheFileSchema.parse(JSON.parse(text));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const file = await stat(path);
    if (!file.isFile() || file.size > maxBytes)
      throw new RangeError(`${path} is no cache of models: no file, or larger than 16 MiB`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
