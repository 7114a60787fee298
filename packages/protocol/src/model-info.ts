import type { ReasoningEffort, ReasoningSummaryMode } from "./reasoning.js";
import type { Verbosity } from "./text-param.js";

/** How a model runs commands. */
export type ShellType = "default" | "local" | "unified_exec" | "disabled" | "shell_command";

/** Whether a model is offered for choice. */
export type ModelVisibility = "list" | "hide" | "none";

/** How a model calls tools. */
export type ToolMode = "direct" | "code_mode" | "code_mode_only";

/** What a model takes. */
export type InputModality = "text" | "image" | "audio";

/** An effort that a model offers, with the text for choosing it. */
export interface ReasoningLevel {
  readonly effort: ReasoningEffort;
  readonly description: string;
}

/** A speed that a model offers. */
export interface ServiceTier {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** Where the output of tools is cut. */
export interface TruncationPolicy {
  readonly mode: "bytes" | "tokens";
  readonly limit: number;
}

/** Texts from which the instructions of a model are put together. */
export interface ModelMessages {
  readonly instructions_template?: string | undefined;
  readonly instructions_variables?:
    | {
        readonly personality_default?: string | undefined;
        readonly personality_friendly?: string | undefined;
        readonly personality_pragmatic?: string | undefined;
      }
    | undefined;
}

/** An entry of the model catalogue. */
export interface ModelInfo {
  /** The name that requests use. */
  readonly slug: string;
  readonly display_name: string;
  readonly description: string | null;
  readonly default_reasoning_level?: ReasoningEffort | undefined;
  readonly supported_reasoning_levels: readonly ReasoningLevel[];
  readonly shell_type: ShellType;
  readonly visibility: ModelVisibility;
  readonly supported_in_api: boolean;
  /** The lower, the earlier in a list. */
  readonly priority: number;
  readonly additional_speed_tiers: readonly string[];
  readonly service_tiers: readonly ServiceTier[];
  readonly default_service_tier?: string | undefined;
  /** A note to show once when the model becomes available. */
  readonly availability_nux: { readonly message: string } | null;
  /** The model to suggest instead. */
  readonly upgrade: { readonly model: string; readonly migration_markdown: string } | null;
  readonly base_instructions: string;
  readonly model_messages?: ModelMessages | undefined;
  readonly supports_reasoning_summaries: boolean;
  readonly default_reasoning_summary: ReasoningSummaryMode;
  readonly support_verbosity: boolean;
  readonly default_verbosity: Verbosity | null;
  readonly apply_patch_tool_type: "freeform" | null;
  readonly web_search_tool_type: "text" | "text_and_image";
  readonly truncation_policy: TruncationPolicy;
  readonly supports_parallel_tool_calls: boolean;
  readonly supports_image_detail_original: boolean;
  /** Tokens. */
  readonly context_window?: number | undefined;
  /** Tokens. */
  readonly max_context_window?: number | undefined;
  /** Tokens after which the history is shortened. */
  readonly auto_compact_token_limit?: number | undefined;
  readonly comp_hash?: string | undefined;
  /** The usable part of the context window. */
  readonly effective_context_window_percent: number;
  readonly experimental_supported_tools: readonly string[];
  readonly input_modalities: readonly InputModality[];
  readonly supports_search_tool: boolean;
  readonly use_responses_lite: boolean;
  readonly auto_review_model_override?: string | undefined;
  readonly tool_mode?: ToolMode | undefined;
  readonly multi_agent_version?: string | undefined;
}

/** The answer of `GET …/models`. */
export interface ModelsResponse {
  readonly models: readonly ModelInfo[];
}
