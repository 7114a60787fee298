import { z } from "zod";
import { parseResponseItem } from "../items/parse-response-item.js";
import type { ResponseItem } from "../items/response-item.js";
import { isProtocolError } from "../protocol-error.js";

/** Reads one conversation item with {@link parseResponseItem} itself; its errors become issues. */
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
