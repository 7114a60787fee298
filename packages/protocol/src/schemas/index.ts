import { z } from "zod";
import { parseResponseItem } from "../items/parse-response-item.js";
import type { ResponseItem } from "../items/response-item.js";
import { isProtocolError } from "../protocol-error.js";

/** One conversation item; the same parser as {@link parseResponseItem}. */
export const responseItemSchema: z.ZodType<ResponseItem> = z
  .unknown()
  .transform((value, context): ResponseItem => {
    try {
      return parseResponseItem(value);
    } catch (error) {
      if (!isProtocolError(error)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
