import type { Contestant } from "../../contest/contestant.ts";
import { createOpenAiClient } from "../../peers/openai.ts";
import { type RequestInput, type RequestOutcome, requestBody } from "../input.ts";

export async function createContestant(): Promise<Contestant<RequestInput, RequestOutcome>> {
  return {
    async run({ baseUrl, count }) {
      const client = await createOpenAiClient(baseUrl);
      let answered = 0;
      for (let index = 0; index < count; index++) {
        const { id } = await client.responses.create(requestBody);
        if (id !== "") answered++;
      }
      return { answered };
    },
  };
}
