import type { ModelInfo } from "./model-info.js";

/** A cache file of the model catalogue: the list as one account got it from one provider. */
export interface ModelsCacheFile {
  /** Of the file's format; 1. */
  readonly schema_version: 1;
  /** Whose list it is, hashed. */
  readonly key: string;
  /** RFC 3339. */
  readonly fetched_at: string;
  /** The `ETag` of this very list, if there was one. */
  readonly etag: string | null;
  /** The client that fetched it. */
  readonly client_version: string;
  readonly models: readonly ModelInfo[];
}
