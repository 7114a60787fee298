import { z } from "zod";
import type { AppsBatchResponse, BatchApp, BatchAppTool } from "../apps-batch.js";
import { withSpelling } from "./app-info.js";
import { orNull } from "./optional.js";

const text = z.string();

const toolSchema: z.ZodType<BatchAppTool> = z.object({
  name: text,
  title: orNull(text),
  description: text,
  is_enabled: orNull(z.boolean()),
  disabled_reason: orNull(text),
  is_read_only: z.boolean(),
});

const appSchema: z.ZodType<BatchApp> = z.preprocess(
  (value) => withSpelling(value, "icon_dark_url", "icon_url_dark"),
  z.object({
    id: text,
    name: text,
    description: orNull(text),
    icon_url: orNull(text),
    icon_dark_url: orNull(text),
    distribution_channel: orNull(text),
    tools: orNull(z.array(toolSchema)),
  }),
);

/** Reads the answer of `POST …/ps/apps/batch`. */
export const appsBatchResponseSchema: z.ZodType<AppsBatchResponse> = z.object({ apps: z.array(appSchema) });
