// The floor: undici, the parser and JSON.parse, each event to a callback.
import { createParser } from "eventsource-parser";
import { Agent, request } from "undici";
import type { Contestant } from "../../contest/contestant.ts";
import { holdStreams, type StreamsInput, type StreamsOutcome } from "../held-streams.ts";
import { streamRequest } from "../stream-request.ts";

export async function createContestant(): Promise<Contestant<StreamsInput, StreamsOutcome>> {
  const dispatcher = new Agent();
  return holdStreams(async (baseUrl) => {
    const { body } = await request(`${baseUrl}/responses`, { dispatcher, ...streamRequest() });
    await new Promise<void>((resolve) => {
      read(body, ({ type }) => {
        if (type === "response.output_text.delta") resolve();
      }).catch(() => {});
    });
    return () => body.destroy();
  });
}

interface WireEvent {
  readonly type: string;
}

async function read(body: AsyncIterable<Uint8Array>, onEvent: (event: WireEvent) => void): Promise<void> {
  const decoder = new TextDecoder();
  const parser = createParser({ onEvent: ({ data }) => onEvent(JSON.parse(data) as WireEvent) });
  for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
}
