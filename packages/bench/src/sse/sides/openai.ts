import type { Contestant } from "../../contest/contestant.ts";
import { createOpenAiClient } from "../../peers/openai.ts";
import { keepClients } from "../clients.ts";
import { memoryFetch } from "../memory-fetch.ts";
import { createTally, type SseInput, type Tally } from "../tally.ts";
import { workload } from "../workloads.ts";

export async function createContestant(): Promise<Contestant<SseInput, Tally>> {
  const clientFor = keepClients(({ workload: name, baseUrl }) =>
    baseUrl === undefined
      ? createOpenAiClient("http://memory.invalid", memoryFetch(workload(name)))
      : createOpenAiClient(baseUrl),
  );
  return {
    async run(input) {
      const client = await clientFor(input);
      const tally = createTally();
      const events = await client.responses.create({ model: "gpt-5.4", input: "hello", stream: true });
      for await (const event of events) {
        if (
          event.type === "response.output_text.delta" ||
          event.type === "response.reasoning_summary_text.delta"
        ) {
          tally.deltas++;
          tally.characters += event.delta.length;
        } else if (event.type === "response.output_item.done") {
          if (event.item.type === "image_generation_call") tally.characters += event.item.result.length;
        } else if (event.type === "response.completed") {
          tally.finished = true;
        }
      }
      return tally;
    },
  };
}
