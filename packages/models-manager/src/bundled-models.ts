import type { ModelInfo, ModelVisibility } from "@codex-ts/protocol";

/** Models that are known without asking: those of June 2026. A list that was fetched replaces and extends them. */
export const bundledModels: readonly ModelInfo[] = [
  bundled("gpt-5.5", { displayName: "GPT-5.5", priority: 0, hasPriorityTier: true }),
  bundled("gpt-5.4", { displayName: "GPT-5.4", priority: 2, hasPriorityTier: true, maxTokens: 1_000_000 }),
  bundled("gpt-5.4-mini", { displayName: "GPT-5.4 mini", priority: 4 }),
  bundled("gpt-5.3-codex", { displayName: "GPT-5.3 Codex", priority: 6 }),
  bundled("gpt-5.2", { displayName: "GPT-5.2", priority: 10 }),
  bundled("codex-auto-review", {
    displayName: "Codex auto review",
    priority: 29,
    visibility: "hide",
    maxTokens: 1_000_000,
  }),
];

interface BundledFacts {
  readonly displayName: string;
  readonly priority: number;
  readonly visibility?: ModelVisibility;
  readonly hasPriorityTier?: boolean;
  readonly maxTokens?: number;
}

function bundled(slug: string, facts: BundledFacts): ModelInfo {
  const { displayName, priority, visibility = "list", hasPriorityTier = false, maxTokens = 272_000 } = facts;
  return {
    slug,
    display_name: displayName,
    description: null,
    default_reasoning_level: "medium",
    supported_reasoning_levels: [
      { effort: "low", description: "Quick answers" },
      { effort: "medium", description: "For everyday tasks" },
      { effort: "high", description: "For hard problems" },
    ],
    shell_type: "shell_command",
    visibility,
    supported_in_api: true,
    priority,
    additional_speed_tiers: [],
    service_tiers: hasPriorityTier
      ? [{ id: "priority", name: "Priority", description: "Faster, at a higher price" }]
      : [],
    availability_nux: null,
    upgrade: null,
    base_instructions: "",
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
    max_context_window: maxTokens,
    effective_context_window_percent: 95,
    experimental_supported_tools: [],
    input_modalities: ["text", "image"],
    supports_search_tool: false,
    use_responses_lite: false,
  };
}
