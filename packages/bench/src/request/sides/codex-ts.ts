import type { AuthProvider } from "@codex-ts/auth-provider";
import { createTransport } from "@codex-ts/client";
import type { Contestant } from "../../contest/contestant.ts";
import { type RequestInput, type RequestOutcome, requestBody, requestHeaders } from "../input.ts";

const auth: AuthProvider = {
  addAuthHeaders(headers) {
    headers.set("authorization", requestHeaders.authorization);
  },
};

export async function createContestant(): Promise<Contestant<RequestInput, RequestOutcome>> {
  const transport = createTransport();
  return {
    async run({ baseUrl, count }) {
      let answered = 0;
      for (let index = 0; index < count; index++) {
        const { status, body } = await transport.execute(
          { method: "POST", url: `${baseUrl}/responses`, body: { json: requestBody } },
          { auth },
        );
        if (status === 200 && body.length > 0) answered++;
      }
      return { answered };
    },
  };
}
