import { z } from "zod";
import type { InputModality, ModelInfo, ModelMessages, ModelsResponse, ToolMode } from "../model-info.js";
import { int64, orAbsent, orNull, withDefault, withoutUnset } from "./optional.js";

const effort = z.string().min(1);
const text = z.string();
const flag = z.boolean();
const toolModes: readonly ToolMode[] = ["direct", "code_mode", "code_mode_only"];
const textAndImage: readonly InputModality[] = ["text", "image"];

const modelMessagesSchema: z.ZodType<ModelMessages> = z
  .object({
    instructions_template: orAbsent(text),
    instructions_variables: orAbsent(
      z
        .object({
          personality_default: orAbsent(text),
          personality_friendly: orAbsent(text),
          personality_pragmatic: orAbsent(text),
        })
        .transform(withoutUnset),
    ),
  })
  .transform(withoutUnset);

const entrySchema = z.object({
  slug: text,
  display_name: text,
  description: orNull(text),
  default_reasoning_level: orAbsent(effort),
  supported_reasoning_levels: z.array(z.object({ effort, description: text })),
  shell_type: z.enum(["default", "local", "unified_exec", "disabled", "shell_command"]),
  visibility: z.enum(["list", "hide", "none"]),
  supported_in_api: flag,
  priority: z.int32(),
  additional_speed_tiers: withDefault(z.array(text), []),
  service_tiers: withDefault(z.array(z.object({ id: text, name: text, description: text })), []),
  default_service_tier: orAbsent(text),
  availability_nux: orNull(z.object({ message: text })),
  upgrade: orNull(z.object({ model: text, migration_markdown: text })),
  base_instructions: orAbsent(text),
  model_messages: orAbsent(modelMessagesSchema),
  supports_reasoning_summaries: orAbsent(flag),
  supports_reasoning_summary_parameter: withDefault(flag, true),
  default_reasoning_summary: withDefault(z.enum(["auto", "concise", "detailed", "none"]), "auto"),
  support_verbosity: flag,
  default_verbosity: orNull(z.enum(["low", "medium", "high"])),
  apply_patch_tool_type: orNull(z.literal("freeform")),
  web_search_tool_type: withDefault(z.enum(["text", "text_and_image"]), "text"),
  truncation_policy: z.object({ mode: z.enum(["bytes", "tokens"]), limit: int64 }),
  supports_parallel_tool_calls: withDefault(flag, true),
  supports_image_detail_original: withDefault(flag, false),
  context_window: orAbsent(int64),
  max_context_window: orAbsent(int64),
  auto_compact_token_limit: orAbsent(int64),
  comp_hash: orAbsent(text),
  effective_context_window_percent: withDefault(int64, 95),
  experimental_supported_tools: z.array(text),
  input_modalities: withDefault(z.array(z.enum(["text", "image", "audio"])), textAndImage),
  supports_search_tool: withDefault(flag, false),
  use_responses_lite: withDefault(flag, false),
  auto_review_model_override: orAbsent(text),
  tool_mode: orAbsent(text.transform((mode) => toolModes.find((known) => known === mode))),
  multi_agent_version: orAbsent(text),
});

/**
 * Reads an entry of the model catalogue: defaults are filled in, unknown members left out, an unknown
 * `tool_mode` is none. An unknown value of another closed set is an issue.
 *
 * Servers of after July 2026 leave out `base_instructions`, `supports_reasoning_summaries` and
 * `supports_parallel_tool_calls`; then the instructions are those of `model_messages`, and the two abilities
 * are there unless `supports_reasoning_summary_parameter` denies the first.
 */
export const modelInfoSchema: z.ZodType<ModelInfo> = entrySchema.transform(
  ({ supports_reasoning_summary_parameter: takesSummaryParameter, ...entry }) =>
    withoutUnset({
      ...entry,
      base_instructions: entry.base_instructions ?? entry.model_messages?.instructions_template ?? "",
      supports_reasoning_summaries: entry.supports_reasoning_summaries ?? takesSummaryParameter,
    }),
);

/** Reads the answer of `GET …/models`. One entry that does not fit fails the whole. */
export const modelsResponseSchema: z.ZodType<ModelsResponse> = z.object({ models: z.array(modelInfoSchema) });
