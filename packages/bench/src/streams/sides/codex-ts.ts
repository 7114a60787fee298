import { ResponsesClient } from "@codex-ts/api";
import { unauthenticated } from "@codex-ts/auth-provider";
import { createTransport } from "@codex-ts/client";
import type { Contestant } from "../../contest/contestant.ts";
import { responsesRequest } from "../../responses-request.ts";
import { holdStreams, type StreamsInput, type StreamsOutcome } from "../held-streams.ts";

export async function createContestant(): Promise<Contestant<StreamsInput, StreamsOutcome>> {
  const transport = createTransport();
  return holdStreams(async (baseUrl) => {
    const provider = { name: "bench", baseUrl };
    const client = new ResponsesClient({ transport, provider, auth: unauthenticated });
    const stream = await client.stream(responsesRequest);
    const events = stream[Symbol.asyncIterator]();
    for (;;) {
      const { value } = await events.next();
      if (value?.type === "output_text_delta") break;
    }
    events.next().catch(() => {});
    return () => stream.cancel();
  });
}
