import { z } from "zod";
import type { MemoriesResponse, MemorySummary } from "../memories.js";

const summarySchema: z.ZodType<MemorySummary> = z
  .object({
    trace_summary: z.string().optional(),
    raw_memory: z.string().optional(),
    memory_summary: z.string(),
  })
  .transform(({ trace_summary, raw_memory, memory_summary }, context) => {
    const full = raw_memory ?? trace_summary;
    if (full === undefined) {
      context.addIssue({ code: "custom", path: ["trace_summary"], message: "Missing" });
      return z.NEVER;
    }
    if (raw_memory !== undefined && trace_summary !== undefined) {
      context.addIssue({ code: "custom", path: ["raw_memory"], message: "Is there beside trace_summary" });
      return z.NEVER;
    }
    return { raw_memory: full, memory_summary };
  });

/** Reads the answer of `POST …/memories/trace_summarize`. A summary under both of its names is an issue. */
export const memoriesResponseSchema: z.ZodType<MemoriesResponse> = z.object({
  output: z.array(summarySchema),
});
