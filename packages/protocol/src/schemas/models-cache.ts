import { z } from "zod";
import type { ModelsCacheFile } from "../models-cache.js";
import { modelInfoSchema } from "./model-info.js";
import { orNull } from "./optional.js";

/** Reads a cache file of the model catalogue. A format of another version does not fit. */
export const modelsCacheFileSchema: z.ZodType<ModelsCacheFile> = z.object({
  schema_version: z.literal(1),
  key: z.string(),
  fetched_at: z.iso.datetime({ offset: true }),
  etag: orNull(z.string()),
  client_version: z.string(),
  models: z.array(modelInfoSchema),
});
