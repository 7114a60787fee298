import type { Contestant } from "../../contest/contestant.ts";
import type { TurnsInput, TurnsOutcome } from "../history.ts";
import { timeTurns } from "../timed-turns.ts";

export async function createContestant(): Promise<Contestant<TurnsInput, TurnsOutcome>> {
  return { run: (input) => timeTurns(input, (history) => [...history]) };
}
