import { bundledModels } from "@codex-ts/models-manager";
import type { ModelInfo } from "@codex-ts/protocol";

/** What Amazon Bedrock offers. */
export const bedrockModels: readonly ModelInfo[] = ["gpt-5.5", "gpt-5.4"].map((slug, priority) => {
  const known = bundledModels.find((model) => model.slug === slug) as ModelInfo;
  return withoutTiers({
    ...known,
    slug: `openai.${slug}`,
    priority,
    context_window: 272_000,
    max_context_window: 272_000,
  });
});

/** Bedrock knows no speeds to choose from. */
export function withoutTiers(model: ModelInfo): ModelInfo {
  const { default_service_tier: _, ...others } = model;
  return { ...others, service_tiers: [], additional_speed_tiers: [] };
}
