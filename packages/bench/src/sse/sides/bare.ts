// The floor: undici, the parser and JSON.parse, with a callback for each event and nothing else.
import { createParser } from "eventsource-parser";
import { Agent, request } from "undici";
import type { Contestant } from "../../contest/contestant.ts";
import { asyncChunks } from "../memory-transport.ts";
import { createTally, type SseInput, type Tally } from "../tally.ts";
import { workload } from "../workloads.ts";

export async function createContestant(): Promise<Contestant<SseInput, Tally>> {
  const dispatcher = new Agent();
  return {
    async run({ workload: name, baseUrl }) {
      if (baseUrl === undefined) return read(asyncChunks(workload(name).chunks));
      const { body } = await request(`${baseUrl}/responses`, {
        dispatcher,
        method: "POST",
        headers: { "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify({ model: "gpt-5.4", input: "hello", stream: true }),
      });
      return read(body);
    },
  };
}

const deltaTypes: ReadonlySet<string> = new Set([
  "response.output_text.delta",
  "response.reasoning_summary_text.delta",
]);

interface WireEvent {
  readonly type: string;
  readonly delta: string;
  readonly item: { readonly type: string; readonly result: string };
}

async function read(body: AsyncIterable<Uint8Array>): Promise<Tally> {
  const tally = createTally();
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent({ data }) {
      const event = JSON.parse(data) as WireEvent;
      if (deltaTypes.has(event.type)) {
        tally.deltas++;
        tally.characters += event.delta.length;
      } else if (event.type === "response.output_item.done") {
        if (event.item.type === "image_generation_call") tally.characters += event.item.result.length;
      } else if (event.type === "response.completed") {
        tally.finished = true;
      }
    },
  });
  for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
  return tally;
}
