// The cost of an HTTP answer that is read but not parsed.
import { Agent, request } from "undici";
import type { Contestant } from "../../contest/contestant.ts";
import { holdStreams, type StreamsInput, type StreamsOutcome } from "../held-streams.ts";
import { streamRequest } from "../stream-request.ts";

export async function createContestant(): Promise<Contestant<StreamsInput, StreamsOutcome>> {
  const dispatcher = new Agent();
  return holdStreams(async (baseUrl) => {
    const { body } = await request(`${baseUrl}/responses`, { dispatcher, ...streamRequest() });
    const chunks = body[Symbol.asyncIterator]();
    await chunks.next();
    chunks.next().catch(() => {});
    return () => body.destroy();
  });
}
