import type { Reasoning } from "./reasoning.js";

/** One recorded session that memories are made of. */
export interface MemoryTrace {
  readonly id: string;
  readonly metadata: {
    /** Where the recording is kept, such as `rollouts/a.jsonl`. */
    readonly source_path: string;
  };
  /** Any JSON. */
  readonly items: readonly unknown[];
}

/** The body of `POST …/memories/trace_summarize`. */
export interface MemoriesRequest {
  readonly model: string;
  readonly traces: readonly MemoryTrace[];
  readonly reasoning?: Reasoning | null | undefined;
}

/** What is worth remembering of one trace. */
export interface MemorySummary {
  /** In full. The wire calls it `trace_summary` too. */
  readonly raw_memory: string;
  /** In short. */
  readonly memory_summary: string;
}

/** The answer of `POST …/memories/trace_summarize`: one summary for each trace. */
export interface MemoriesResponse {
  readonly output: readonly MemorySummary[];
}
