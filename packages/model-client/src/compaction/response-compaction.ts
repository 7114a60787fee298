import type { ResponseItem } from "@codex-ts/protocol";
import { buildRequest } from "../request/build-request.js";
import { readAnswer } from "./answer-of-compaction.js";
import { type CompactionJob, compactionFailure } from "./compaction-job.js";
import { retainedMessages } from "./retained-messages.js";

/** Has the model itself compact the conversation: the last item of the input asks for it. */
export async function compactByResponse(job: CompactionJob): Promise<readonly ResponseItem[]> {
  const { prompt, facts, isUserMessage } = job;
  const input: ResponseItem[] = [...prompt.input, { type: "compaction_trigger" }];
  const output = await readAnswer(job, {
    mostRetries: 2,
    build: () => buildRequest({ ...facts, prompt: { ...prompt, input } }),
  });
  const compactions = output.filter(({ type }) => type === "compaction");
  if (compactions.length !== 1) {
    throw compactionFailure(
      `remote compaction v2 expected exactly one compaction output item, got ${compactions.length} from ${output.length} output items`,
    );
  }
  return [...retainedMessages(prompt.input, maxRetainedTokens, isUserMessage), ...compactions];
}

const maxRetainedTokens = 64_000;
