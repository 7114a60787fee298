import type { Contestant } from "../../contest/contestant.ts";
import { createAiSdkModel } from "../../peers/ai-sdk.ts";
import { keepClients } from "../clients.ts";
import { memoryFetch } from "../memory-fetch.ts";
import { createTally, type SseInput, type Tally } from "../tally.ts";
import { workload } from "../workloads.ts";

export async function createContestant(): Promise<Contestant<SseInput, Tally>> {
  const modelFor = keepClients(({ workload: name, baseUrl }) =>
    baseUrl === undefined
      ? createAiSdkModel("http://memory.invalid", memoryFetch(workload(name)))
      : createAiSdkModel(baseUrl),
  );
  return {
    async run(input) {
      const model = await modelFor(input);
      const tally = createTally();
      const { stream } = await model.doStream({
        prompt: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
      });
      for await (const part of stream) {
        if (part.type === "text-delta" || part.type === "reasoning-delta") {
          tally.deltas++;
          tally.characters += part.delta.length;
        } else if (part.type === "tool-result") {
          tally.characters += part.result.result.length;
        } else if (part.type === "finish") {
          tally.finished = true;
        } else if (part.type === "error") {
          throw part.error;
        }
      }
      return tally;
    },
  };
}
