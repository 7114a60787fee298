import type { ResponseItem } from "@codex-ts/protocol";
import type { BuiltRequest } from "../request/build-request.js";
import { StreamDriver } from "../stream/stream-driver.js";
import { TurnStream } from "../stream/turn-stream.js";
import { report } from "../telemetry.js";
import type { CompactionJob } from "./compaction-job.js";

/** Asks, and gives the items of the answer. An answer that breaks off is asked for anew, and what it gave is lost. */
export async function readAnswer(
  { parts, model, options, signal }: CompactionJob,
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
      report(() => options.onNotice?.(event));
  }
  return stream.items;
}
