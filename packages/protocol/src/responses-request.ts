import type { ResponseItem } from "./items/response-item.js";
import type { Reasoning } from "./reasoning.js";
import type { TextParam } from "./text-param.js";

/**
 * The body of `POST …/responses`. What is optional here is left out when it is not set; `reasoning` is not:
 * it is sent as `null`.
 */
export interface ResponsesRequest {
  readonly model: string;
  /** Left out when empty; blanks are sent. */
  readonly instructions?: string | undefined;
  /** Pass an {@link OtherItem} through {@link toWireItem}, or its content is lost. */
  readonly input: readonly ResponseItem[] | readonly unknown[];
  /** Any JSON. An empty array is sent. */
  readonly tools?: readonly unknown[] | undefined;
  /** Codex always sends `auto`. */
  readonly tool_choice: string;
  readonly parallel_tool_calls: boolean;
  readonly reasoning: Reasoning | null;
  readonly store: boolean;
  readonly stream: boolean;
  readonly include: readonly string[];
  /** Such as `priority` or `flex`. */
  readonly service_tier?: string | undefined;
  readonly prompt_cache_key?: string | undefined;
  readonly text?: TextParam | undefined;
  readonly client_metadata?: Readonly<Record<string, string>> | undefined;
}
