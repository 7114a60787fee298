import { z } from "zod";
import type { CreatedFile, FinalizedFile } from "../files.js";
import { orNull, unsignedInt64 } from "./optional.js";

/** Reads the answer of `POST …/files`. */
export const createdFileSchema: z.ZodType<CreatedFile> = z.object({
  // It becomes a part of a path, where these would be something else.
  file_id: z.string().refine((id) => !["", ".", ".."].includes(id), "Expected an id"),
  upload_url: z.string(),
});

/** Reads the answer of `POST …/files/<id>/uploaded`. */
export const finalizedFileSchema: z.ZodType<FinalizedFile> = z.object({
  status: z.string(),
  download_url: orNull(z.string()),
  file_name: orNull(z.string()),
  mime_type: orNull(z.string()),
  file_size_bytes: orNull(unsignedInt64),
  error_message: orNull(z.string()),
});
