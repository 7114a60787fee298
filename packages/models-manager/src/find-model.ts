import type { ModelInfo } from "@codex-ts/protocol";
import type { ModelOverrides } from "./model-overrides.js";
import type { ModelLookup } from "./models-manager.js";

/** Finds a model by the longest slug that its name begins with, or its name without a namespace. */
export function findModel(
  models: readonly ModelInfo[],
  name: string,
  { overrides, baseInstructions }: { overrides: ModelOverrides | undefined; baseInstructions: string },
): ModelLookup {
  const found = longestPrefix(models, name) ?? longestPrefix(models, namespaced.exec(name)?.[1] ?? "");
  const model = found ?? fallbackModel(name, baseInstructions);
  return {
    model: applyOverrides({ ...model, slug: name }, overrides ?? {}),
    isFallback: found === undefined,
  };
}

function longestPrefix(models: readonly ModelInfo[], name: string): ModelInfo | undefined {
  return models
    .filter(({ slug }) => slug !== "" && name.startsWith(slug))
    .toSorted((one, other) => other.slug.length - one.slug.length)[0];
}

const namespaced = /^[A-Za-z0-9_-]+\/([^/]*)$/;

function fallbackModel(name: string, baseInstructions: string): ModelInfo {
  return {
    slug: name,
    display_name: name,
    description: null,
    supported_reasoning_levels: [],
    shell_type: "default",
    visibility: "none",
    supported_in_api: true,
    priority: 99,
    additional_speed_tiers: [],
    service_tiers: [],
    availability_nux: null,
    upgrade: null,
    base_instructions: baseInstructions,
    supports_reasoning_summaries: false,
    default_reasoning_summary: "auto",
    support_verbosity: false,
    default_verbosity: null,
    apply_patch_tool_type: null,
    web_search_tool_type: "text",
    truncation_policy: { mode: "bytes", limit: 10_000 },
    supports_parallel_tool_calls: false,
    supports_image_detail_original: false,
    context_window: 272_000,
    max_context_window: 272_000,
    effective_context_window_percent: 95,
    experimental_supported_tools: [],
    input_modalities: ["text", "image"],
    supports_search_tool: false,
    use_responses_lite: false,
  };
}

/** A token of a tool's output counts as so many bytes. */
const bytesPerToken = 4;

function applyOverrides(model: ModelInfo, overrides: ModelOverrides): ModelInfo {
  const { contextWindow, autoCompactTokenLimit, toolOutputTokenLimit, baseInstructions } = overrides;
  const changed: { -readonly [Member in keyof ModelInfo]: ModelInfo[Member] } = { ...model };
  if (overrides.supportsReasoningSummaries === true) changed.supports_reasoning_summaries = true;
  if (contextWindow !== undefined)
    changed.context_window = Math.min(contextWindow, model.max_context_window ?? contextWindow);
  if (autoCompactTokenLimit !== undefined) changed.auto_compact_token_limit = autoCompactTokenLimit;
  if (toolOutputTokenLimit !== undefined) {
    const { mode } = model.truncation_policy;
    const limit = mode === "bytes" ? toolOutputTokenLimit * bytesPerToken : toolOutputTokenLimit;
    changed.truncation_policy = { mode, limit };
  }
  if (baseInstructions !== undefined) changed.base_instructions = baseInstructions;
  if (baseInstructions !== undefined || overrides.personality === false) delete changed.model_messages;
  return changed;
}
