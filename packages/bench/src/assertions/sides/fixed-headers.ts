// What the platform's `Headers` takes for two values of the same length, whoever sets them.
import type { Contestant } from "../../contest/contestant.ts";
import { identity } from "../identity.ts";
import { type AssertionInput, type AssertionOutcome, timeCalls } from "../timed-calls.ts";

export async function createContestant(): Promise<Contestant<AssertionInput, AssertionOutcome>> {
  const assertion = `AgentAssertion ${"x".repeat(300)}`;
  return {
    run: (input) =>
      timeCalls(input, (headers) => {
        headers.set("Authorization", assertion);
        headers.set("ChatGPT-Account-ID", identity.account_id);
      }),
  };
}
