import { CompactClient } from "@codex-ts/api";
import type { ResponseItem } from "@codex-ts/protocol";
import { buildCompaction } from "../request/build-request.js";
import { httpHeaders, routingHint, sharedHeaders } from "../request/request-headers.js";
import { turnMetadataJson } from "../request/turn-metadata.js";
import { untilAborted } from "../stream/abort-scope.js";
import { tellNotice } from "./answer-of-compaction.js";
import type { CompactionJob } from "./compaction-job.js";

/** Has an endpoint of its own compact the conversation. */
export async function compactByEndpoint(job: CompactionJob): Promise<readonly ResponseItem[]> {
  const { parts, setup, prompt, facts, model, signal, isUserMessage } = job;
  const { session, context } = parts;
  const { options, streamTelemetry } = session;
  const { identity, transport, betaFeatures } = options;
  const access = await untilAborted(setup.resolve(signal), signal);
  for (const notice of setup.takeNotices()) tellNotice(setup, job.options, notice);
  const { provider, auth, mode, usesCodexBackend } = access;
  const request = buildCompaction({ ...facts, prompt });
  const client = new CompactClient({ transport, provider, auth, telemetry: streamTelemetry });
  const output = await client.compact(
    // An API key pays for the tier of each request, and was not asked about this one.
    mode === "apikey" ? { ...request, service_tier: undefined } : request,
    {
      headers: {
        "x-codex-installation-id": identity.installationId,
        ...sharedHeaders({
          identity,
          windowId: facts.windowId,
          turnMetadata: turnMetadataJson(facts),
          betaFeatures,
          attestation: await session.attestation(setup, access),
          routingHint: usesCodexBackend && setup.traits.isOpenai ? routingHint(request) : undefined,
        }),
        ...httpHeaders({ turnState: context.state.value, isLite: model.use_responses_lite }),
        "session-id": identity.sessionId,
        "thread-id": identity.threadId,
      },
      timeoutMs: setup.provider.streamIdleTimeoutMs * 4,
      turnState: context.state,
      signal,
    },
  );
  return output.filter((item) => isKept(item, isUserMessage));
}

/** The server may add what belongs to no conversation. */
function isKept(item: ResponseItem, isUserMessage: (item: ResponseItem) => boolean): boolean {
  switch (item.type) {
    case "agent_message":
    case "compaction":
    case "context_compaction":
      return true;
    case "message":
      return item.role === "assistant" || isUserMessage(item);
    default:
      return false;
  }
}
