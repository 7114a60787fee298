import type { ModelInfo } from "@codex-ts/protocol";
import type { ItemPrompt } from "../request/prompt.js";
import type { CompactionMetadata } from "../request/turn-metadata.js";
import type { Setup } from "../session/access.js";
import { AbortScope, untilAborted } from "../stream/abort-scope.js";
import { abortedTurn, toSessionError } from "../stream/session-error.js";
import type { TurnParts } from "../turn-parts.js";
import type { CompactionJob } from "./compaction-job.js";
import type { CompactionOptions, CompactionResult } from "./compaction-options.js";
import { fitOutputs } from "./fit-outputs.js";
import { compactLocally } from "./local-compaction.js";
import { compactByResponse } from "./response-compaction.js";
import { isRealUserMessage } from "./retained-messages.js";
import { compactByEndpoint } from "./unary-compaction.js";

type Why = CompactionOptions & Pick<CompactionMetadata, "phase" | "reason" | "trigger">;

/** Has a conversation made shorter, and opens a new window for what comes out. @throws UserError */
export async function compactConversation(
  parts: TurnParts,
  prompt: ItemPrompt,
  options: Why,
): Promise<CompactionResult> {
  const { session } = parts;
  using scope = new AbortScope(parts.signal, options.signal, session.closing);
  const { signal } = scope;
  try {
    const setup = await untilAborted(session.setup(), signal);
    const implementation = options.implementation ?? (setup.traits.supportsRemoteCompaction ? "v2" : "local");
    const model =
      typeof parts.model === "object"
        ? parts.model
        : await untilAborted(setup.findModel(parts.model), signal);
    const job = toJob(parts, setup, model, prompt, options, implementations[implementation], signal);
    const items = prompt.input.length === 0 ? [] : await run[implementation](job);
    // What nothing was sent for has opened no window.
    if (prompt.input.length > 0) session.advanceWindow();
    return { items, implementation: job.metadata.implementation };
  } catch (error) {
    if (signal.aborted) throw abortedTurn(signal.reason);
    throw toSessionError(error);
  }
}

const implementations = {
  local: "responses",
  v1: "responses_compact",
  v2: "responses_compaction_v2",
} as const satisfies Record<string, CompactionMetadata["implementation"]>;

const run = { local: compactLocally, v1: compactByEndpoint, v2: compactByResponse } as const;

function toJob(
  parts: TurnParts,
  setup: Setup,
  model: ModelInfo,
  prompt: ItemPrompt,
  options: Why,
  implementation: CompactionMetadata["implementation"],
  signal: AbortSignal,
): CompactionJob {
  const { session, context, settings } = parts;
  const { trigger, reason, phase } = options;
  const metadata: CompactionMetadata = { trigger, reason, implementation, phase };
  const window = model.context_window ?? model.max_context_window;
  const { outputSchema: _, ...asked } = prompt;
  return {
    parts,
    setup,
    model,
    metadata,
    options,
    signal,
    prompt: { ...asked, input: fitOutputs(asked.input, asked.instructions ?? "", window) },
    isUserMessage: options.isUserMessage ?? isRealUserMessage,
    facts: {
      identity: session.options.identity,
      turn: context.facts,
      windowId: session.windowId,
      kind: "compaction",
      compaction: metadata,
      model,
      settings,
      promptCacheKey: session.options.promptCacheKey,
      hasItemIds: session.options.hasItemIds,
      dialect: { isOpenAi: setup.traits.isOpenai, isAzure: setup.traits.isAzure },
      items: session.items,
    },
  };
}
