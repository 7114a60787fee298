import type {
  ModelInfo,
  Reasoning,
  ReasoningEffort,
  ReasoningSummaryMode,
  Verbosity,
} from "@codex-ts/protocol";

/** How a model is to answer. */
export interface ModelSettings {
  /** How hard it thinks. @defaultValue the model's default */
  readonly effort?: ReasoningEffort | undefined;
  /** How it tells what it thinks; `none` for not at all. @defaultValue the model's default */
  readonly summary?: ReasoningSummaryMode | undefined;
  /** How long it answers. Ignored by models that cannot be told. @defaultValue the model's default */
  readonly verbosity?: Verbosity | undefined;
  /**
   * `fast` or `priority`, `flex`, or another tier of the model's. Sent only if the model has it; `default` is none.
   *
   * @defaultValue none
   */
  readonly serviceTier?: string | undefined;
}

/** Gives the member `reasoning`; `null` for a model that cannot be told. */
export function toReasoning(model: ModelInfo, { effort, summary }: ModelSettings): Reasoning | null {
  if (!model.supports_reasoning_summaries) return null;
  const chosen = effort ?? model.default_reasoning_level;
  const told = summary ?? model.default_reasoning_summary;
  return {
    ...(chosen === undefined ? {} : { effort: toRequestEffort(chosen) }),
    ...(told === "none" ? {} : { summary: told }),
    ...(model.use_responses_lite ? { context: "all_turns" } : {}),
  };
}

/** `ultra` is what a user sees of `max`. */
export function toRequestEffort(effort: ReasoningEffort): ReasoningEffort {
  return effort === "ultra" ? "max" : effort;
}

/** Gives the verbosity that a request asks for, if the model can be told. */
export function toVerbosity(model: ModelInfo, { verbosity }: ModelSettings): Verbosity | undefined {
  return model.support_verbosity ? (verbosity ?? model.default_verbosity ?? undefined) : undefined;
}

/** Gives the tier that a request asks for, if the model has it. */
export function toServiceTier(model: ModelInfo, { serviceTier }: ModelSettings): string | undefined {
  const tier = serviceTier === "fast" ? "priority" : serviceTier;
  if (tier === undefined || tier === "default") return undefined;
  return model.service_tiers.some(({ id }) => id === tier) ? tier : undefined;
}
