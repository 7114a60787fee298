import type { ResponseItem } from "./items/response-item.js";
import type { Reasoning } from "./reasoning.js";
import type { TextParam } from "./text-param.js";

/** The body of `POST …/responses/compact`. What is optional here is left out when it is not set. */
export interface CompactionRequest {
  readonly model: string;
  /** Pass an {@link OtherItem} through {@link toWireItem}, or its content is lost. */
  readonly input: readonly ResponseItem[] | readonly unknown[];
  /** Left out when empty; blanks are sent. */
  readonly instructions?: string | undefined;
  /** Any JSON. An empty array is sent. */
  readonly tools?: readonly unknown[] | undefined;
  readonly parallel_tool_calls: boolean;
  readonly reasoning?: Reasoning | null | undefined;
  readonly service_tier?: string | undefined;
  readonly prompt_cache_key?: string | undefined;
  readonly text?: TextParam | undefined;
}
