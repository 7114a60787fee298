import { agentIdentityAuth, generateAgentKey } from "@codex-ts/agent-identity";
import type { Contestant } from "../../contest/contestant.ts";
import { identity } from "../identity.ts";
import { type AssertionInput, type AssertionOutcome, timeCalls } from "../timed-calls.ts";

export async function createContestant(): Promise<Contestant<AssertionInput, AssertionOutcome>> {
  const auth = agentIdentityAuth({ ...identity, agent_private_key: generateAgentKey().toPkcs8Base64() });
  return {
    run: (input) => timeCalls(input, (headers) => auth.addAuthHeaders(headers)),
  };
}
