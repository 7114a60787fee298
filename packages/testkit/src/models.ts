import { createHash } from "node:crypto";

/** Makes one complete catalogue entry. */
export function modelInfo(slug: string, overrides: object = {}): object {
  return {
    slug,
    display_name: slug,
    description: "A model of the test backend.",
    default_reasoning_level: "medium",
    supported_reasoning_levels: ["low", "medium", "high"].map((effort) => ({
      effort,
      description: `${effort} effort`,
    })),
    shell_type: "shell_command",
    visibility: "list",
    supported_in_api: true,
    priority: 1,
    additional_speed_tiers: [],
    service_tiers: [],
    availability_nux: null,
    upgrade: null,
    base_instructions: "You are a coding agent.",
    supports_reasoning_summaries: true,
    default_reasoning_summary: "auto",
    support_verbosity: true,
    default_verbosity: "low",
    apply_patch_tool_type: "freeform",
    web_search_tool_type: "text",
    truncation_policy: { mode: "tokens", limit: 10_000 },
    supports_parallel_tool_calls: true,
    supports_image_detail_original: false,
    context_window: 272_000,
    max_context_window: 272_000,
    effective_context_window_percent: 95,
    experimental_supported_tools: [],
    input_modalities: ["text", "image"],
    supports_search_tool: false,
    use_responses_lite: false,
    ...overrides,
  };
}

/** The catalogue when none is given. */
export function defaultModels(): object[] {
  return [
    modelInfo("gpt-5.5", { display_name: "GPT-5.5" }),
    modelInfo("gpt-6.1-sol", { display_name: "GPT-6.1 Sol", priority: 2 }),
  ];
}

/** The `ETag` of a catalogue: equal for equal content. */
export function modelsEtag(models: readonly object[]): string {
  return `W/"${createHash("sha256").update(JSON.stringify(models)).digest("hex").slice(0, 16)}"`;
}
