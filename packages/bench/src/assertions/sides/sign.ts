// The floor of an assertion without reuse: one signature of the same text with a parsed key, and no header.
import { generateKeyPairSync, sign } from "node:crypto";
import type { Contestant } from "../../contest/contestant.ts";
import { identity } from "../identity.ts";
import { type AssertionInput, type AssertionOutcome, timeCalls } from "../timed-calls.ts";

export async function createContestant(): Promise<Contestant<AssertionInput, AssertionOutcome>> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const text = Buffer.from(`${identity.agent_runtime_id}:${identity.task_id}:2026-01-02T03:04:05Z`);
  return {
    run: (input) => timeCalls(input, () => sign(null, text, privateKey)),
  };
}
