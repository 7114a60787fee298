// Ours without reuse: every call is in another second, so that each one signs.
import { agentIdentityAuth, generateAgentKey } from "@codex-ts/agent-identity";
import type { Contestant } from "../../contest/contestant.ts";
import { identity } from "../identity.ts";
import { type AssertionInput, type AssertionOutcome, timeCalls } from "../timed-calls.ts";

export async function createContestant(): Promise<Contestant<AssertionInput, AssertionOutcome>> {
  let now = Date.UTC(2026, 0, 2, 3, 4, 5);
  const auth = agentIdentityAuth(
    { ...identity, agent_private_key: generateAgentKey().toPkcs8Base64() },
    { clock: () => (now += 1000) },
  );
  return {
    run: (input) => timeCalls(input, (headers) => auth.addAuthHeaders(headers)),
  };
}
