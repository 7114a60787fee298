import { MemoriesClient } from "@codex-ts/api";
import type { MemorySummary, MemoryTrace, ModelInfo, ReasoningEffort } from "@codex-ts/protocol";
import { toRequestEffort } from "./request/model-settings.js";
import { isMemoryConsolidation, subagentHeader } from "./request/session-identity.js";
import type { Session } from "./session/session.js";
import { AbortScope, untilAborted } from "./stream/abort-scope.js";
import { abortedTurn, toSessionError } from "./stream/session-error.js";

/** How recorded sessions are summarized. */
export interface MemoriesOptions {
  /** Name of the model. @defaultValue that of the client */
  readonly model?: string | undefined;
  readonly effort?: ReasoningEffort | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Has recorded sessions summarized. Without any, nothing is sent. @throws UserError */
export async function summarizeMemories(
  session: Session,
  ownModel: string | ModelInfo | undefined,
  traces: readonly MemoryTrace[],
  { model = slugOf(ownModel), effort, signal: ownSignal }: MemoriesOptions,
): Promise<readonly MemorySummary[]> {
  if (traces.length === 0) return [];
  using scope = new AbortScope(ownSignal, session.closing);
  const { signal } = scope;
  const { streamTelemetry, options } = session;
  const { identity, transport } = options;
  try {
    const setup = await untilAborted(session.setup(), signal);
    const { provider, auth } = await untilAborted(setup.resolve(signal, { isSideCall: true }), signal);
    const slug = model ?? (await untilAborted(setup.findModel(undefined), signal)).slug;
    const client = new MemoriesClient({ transport, provider, auth, telemetry: streamTelemetry });
    return await client.summarize(
      {
        model: slug,
        traces,
        ...(effort === undefined ? {} : { reasoning: { effort: toRequestEffort(effort) } }),
      },
      {
        signal,
        headers: {
          originator: identity.originator,
          "x-openai-subagent": subagentHeader(identity.sessionSource),
          "x-openai-memgen-request": isMemoryConsolidation(identity.sessionSource) ? "true" : undefined,
        },
      },
    );
  } catch (error) {
    if (signal.aborted) throw abortedTurn(signal.reason);
    throw toSessionError(error);
  }
}

function slugOf(model: string | ModelInfo | undefined): string | undefined {
  return typeof model === "object" ? model.slug : model;
}
