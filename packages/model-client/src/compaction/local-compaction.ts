import { isUserError } from "@codex-ts/api";
import type { ResponseItem } from "@codex-ts/protocol";
import { buildRequest } from "../request/build-request.js";
import { readAnswer, tellNotice } from "./answer-of-compaction.js";
import { type CompactionJob, compactionFailure } from "./compaction-job.js";
import { messageText, retainedMessages } from "./retained-messages.js";

/**
 * Asks the model for a summary, as any provider can. A conversation that does not fit into the model's window loses
 * its oldest items until it does.
 */
export async function compactLocally(job: CompactionJob): Promise<readonly ResponseItem[]> {
  const { setup, prompt, options, isUserMessage } = job;
  let rest = prompt.input;
  for (;;) {
    try {
      const summary = await summarize(job, rest);
      const said = retainedMessages(
        prompt.input,
        maxRetainedTokens,
        (item) => isUserMessage(item) && !isSummary(item),
      );
      tellNotice(setup, options, { type: "warning", reason: "compacted", message: lossWarning });
      return [...said, userText(`${summaryStart}\n${summary}`)];
    } catch (error) {
      if (!isUserError(error) || error.kind !== "context_window_exceeded" || rest.length <= 1) throw error;
      rest = rest.slice(1);
    }
  }
}

const maxRetainedTokens = 20_000;

/** What the model is asked for when the caller has no words of its own. */
const defaultPrompt = `Write a hand-over note for another model that will go on with this task without seeing the conversation so far.
Say what the user wants, what has been done and decided, what was found out (files, commands, facts, constraints, preferences) and what is left to do, the next step first.
Be brief and exact: only what is needed to go on.`;

const summaryStart =
  "Another model has worked on this task before and left the hand-over note below. Build on what it did, and do not do it again. The note:";

const lossWarning =
  "Heads up: Long threads and multiple compactions can cause the model to be less accurate. Start a new thread when possible to keep threads small and targeted.";

async function summarize(job: CompactionJob, conversation: readonly ResponseItem[]): Promise<string> {
  const { facts, options, prompt } = job;
  const input = [...conversation, userText(options.localPrompt ?? defaultPrompt)];
  const output = await readAnswer(job, {
    build: () =>
      buildRequest({
        ...facts,
        prompt: { input, instructions: prompt.instructions, tools: [], parallelToolCalls: false },
      }),
  });
  const summary = output.findLast((item) => item.type === "message" && item.role === "assistant");
  if (summary?.type === "message") return messageText(summary);
  throw compactionFailure(`the model gave no summary, but ${output.length} other items`);
}

/** Notes of earlier compactions are part of the new one. */
function isSummary(item: ResponseItem): boolean {
  return item.type === "message" && messageText(item).startsWith(summaryStart);
}

function userText(text: string): ResponseItem {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}
