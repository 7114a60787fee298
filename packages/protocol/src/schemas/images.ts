import { z } from "zod";
import type { ImageResponse } from "../images.js";
import { orNull, unsignedInt64 } from "./optional.js";

/** Reads the answer of the image endpoints. An unknown background or quality is an issue. */
export const imageResponseSchema: z.ZodType<ImageResponse> = z.object({
  created: unsignedInt64,
  data: z.array(z.object({ b64_json: z.string() })),
  background: orNull(z.enum(["transparent", "opaque", "auto"])),
  quality: orNull(z.enum(["low", "medium", "high", "auto"])),
  size: orNull(z.string()),
});
