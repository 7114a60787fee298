import { ResponsesClient } from "@codex-ts/api";
import { unauthenticated } from "@codex-ts/auth-provider";
import { createTransport, type Transport } from "@codex-ts/client";
import type { Contestant } from "../../contest/contestant.ts";
import { responsesRequest } from "../../responses-request.ts";
import { keepClients } from "../clients.ts";
import { memoryTransport } from "../memory-transport.ts";
import { createTally, type SseInput, type Tally } from "../tally.ts";
import { workload } from "../workloads.ts";

export async function createContestant(): Promise<Contestant<SseInput, Tally>> {
  const sockets = createTransport();
  const clientFor = keepClients(async ({ workload: name, baseUrl }) =>
    baseUrl === undefined
      ? createClient(memoryTransport(workload(name)), "http://memory.invalid")
      : createClient(sockets, baseUrl),
  );
  return {
    async run(input) {
      const client = await clientFor(input);
      const tally = createTally();
      for await (const event of await client.stream(responsesRequest)) {
        if (event.type === "output_text_delta" || event.type === "reasoning_summary_delta") {
          tally.deltas++;
          tally.characters += event.delta.length;
        } else if (event.type === "output_item_done") {
          const { item } = event;
          if (item.type === "image_generation_call") tally.characters += item.result.length;
        } else if (event.type === "completed") {
          tally.finished = true;
        }
      }
      return tally;
    },
  };
}

function createClient(transport: Transport, baseUrl: string): ResponsesClient {
  return new ResponsesClient({ transport, provider: { name: "bench", baseUrl }, auth: unauthenticated });
}
