// The floor: undici's own request, with the settings of our transport and the same bytes on the wire.
import { Agent, request } from "undici";
import type { Contestant } from "../../contest/contestant.ts";
import { type RequestInput, type RequestOutcome, requestBody, requestHeaders } from "../input.ts";

export async function createContestant(): Promise<Contestant<RequestInput, RequestOutcome>> {
  const dispatcher = new Agent();
  return {
    async run({ baseUrl, count }) {
      let answered = 0;
      for (let index = 0; index < count; index++) {
        const { statusCode, body } = await request(`${baseUrl}/responses`, {
          dispatcher,
          method: "POST",
          headers: requestHeaders,
          body: JSON.stringify(requestBody),
        });
        const bytes = await body.bytes();
        if (statusCode === 200 && bytes.length > 0) answered++;
      }
      return { answered };
    },
  };
}
