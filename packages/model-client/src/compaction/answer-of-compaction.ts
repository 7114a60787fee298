import type { ResponseItem } from "@codex-ts/protocol";
import type { BuiltRequest } from "../request/build-request.js";
import type { Setup } from "../session/access.js";
import { StreamDriver } from "../stream/stream-driver.js";
import type { TurnNotice } from "../stream/turn-event.js";
import { TurnStream } from "../stream/turn-stream.js";
import { report } from "../telemetry.js";
import type { CompactionJob } from "./compaction-job.js";
import type { CompactionOptions } from "./compaction-options.js";

/** Asks, and gives the items of the answer. An answer that breaks off is asked for anew, and what it gave is lost. */
export async function readAnswer(
  { parts, setup, model, options, signal }: CompactionJob,
  { mostRetries, build }: { readonly mostRetries?: number; readonly build: () => BuiltRequest },
): Promise<readonly ResponseItem[]> {
  const { session, context } = parts;
  const stream = new TurnStream(
    new StreamDriver({
      session,
      turn: context,
      model,
      signals: [signal],
      mostRetries,
      keepsItems: false,
      isMemory: false,
      build,
    }),
  );
  for await (const event of stream) {
    if (event.type === "reconnecting" || event.type === "warning" || event.type === "model_rerouted")
      tellNotice(setup, options, event);
  }
  return stream.items;
}

/** Tells what a user can be shown. That another credential signs has to be told sometime. */
export function tellNotice(setup: Setup, { onNotice }: CompactionOptions, notice: TurnNotice): void {
  if (onNotice !== undefined) report(() => onNotice(notice));
  else if (notice.type === "warning" && notice.reason === "agent_identity_fallback") setup.keepNotice(notice);
}
