import type { Contestant } from "../../contest/contestant.ts";
import { createOpenAiClient } from "../../peers/openai.ts";
import { holdStreams, type StreamsInput, type StreamsOutcome } from "../held-streams.ts";

export async function createContestant(): Promise<Contestant<StreamsInput, StreamsOutcome>> {
  return holdStreams(async (baseUrl) => {
    const client = await createOpenAiClient(baseUrl);
    const stream = await client.responses.create({ model: "gpt-5.4", input: "hello", stream: true });
    const events = stream[Symbol.asyncIterator]();
    for (;;) {
      const { value } = await events.next();
      if (value.type === "response.output_text.delta") break;
    }
    events.next().catch(() => {});
    return () => stream.controller.abort();
  });
}
